"""The settings, as far as they can be sensible or not."""

from __future__ import annotations

import os
import smtplib
import ssl
from pathlib import Path
from urllib.parse import unquote, urlsplit

from careline.cli.doctor import machine
from careline.cli.doctor.finding import Check, Finding, good, note, wrong

_GUESSED = ("secret", "changeme", "change-me", "password", "insecure", "example", "django", "12345", "qwert", "test")
_HERE = {"127.0.0.1", "localhost", "::1"}
SECONDS = 6


def secret_key() -> Finding:
    given = os.environ.get("CARELINE_SECRET_KEY")
    if given is None:
        return good("secret key", "made here, kept in the data folder.")
    if len(set(given)) < 10 or any(word in given.lower() for word in _GUESSED):
        says = "CARELINE_SECRET_KEY looks as if it could be guessed."
        mend = "Before anything is sealed with it: python -c 'import secrets; print(secrets.token_urlsafe(48))'."
        return note("secret key", says, mend) if _for_this_machine_alone() else wrong("secret key", says, mend)
    return good("secret key", "given by CARELINE_SECRET_KEY.")


def _for_this_machine_alone() -> bool:
    from django.conf import settings

    return urlsplit(settings.CARELINE_BASE_URL).hostname in _HERE


def base_url() -> list[Finding]:
    from django.conf import settings

    name, url = "address", settings.CARELINE_BASE_URL
    parts = urlsplit(url)
    found = []
    if parts.path or parts.query or parts.fragment:
        found.append(wrong(name, f"CARELINE_BASE_URL is {url}.", "Leave only scheme, host and port in it."))
    elif parts.hostname in _HERE:
        found.append(
            note(name, f"Links lead to {url}, which is this machine alone.", "Set CARELINE_BASE_URL for others.")
        )
    elif parts.scheme == "http":
        found.append(note(name, f"{url} is not encrypted.", "Put a proxy with a certificate in front; say https://."))
    else:
        found.append(good(name, f"Links lead to {url}."))
    if "*" in settings.ALLOWED_HOSTS:
        found.append(wrong("hosts", "CARELINE_ALLOWED_HOSTS lets any name pass.", "List the names themselves."))
    return found


def mail() -> Finding:
    from django.conf import settings

    address = urlsplit(settings.EMAIL_URL)
    if address.scheme in {"console", "memory"}:
        says = "Mail to agents (invitations, new passwords) is written to the terminal, not sent."
        return note("mail", says, "EMAIL_URL=smtp://user:password@host:587 sends it.")
    if address.scheme == "file":
        folder = Path(unquote(address.path))
        if folder.exists() and not machine.is_writable(folder):
            return wrong("mail", f"{folder} cannot be written.", "Name another folder in EMAIL_URL.")
        return note("mail", f"Mail to agents is written to {folder}, not sent.")
    host = address.hostname or "localhost"
    try:
        _greet(address.scheme, host, address.port, address.username, address.password)
    except smtplib.SMTPAuthenticationError:
        return wrong("mail", f"{host} does not take the user and password.", "Correct EMAIL_URL.")
    except (OSError, smtplib.SMTPException) as error:
        return wrong("mail", f"{host} cannot be reached ({type(error).__name__}).", "Correct EMAIL_URL or the network.")
    return good("mail", f"{host} takes mail.")


def _greet(scheme: str, host: str, port: int | None, user: str | None, password: str | None) -> None:
    context = ssl.create_default_context()
    if host in _HERE:
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    if scheme == "smtps":
        server: smtplib.SMTP = smtplib.SMTP_SSL(host, port or 465, timeout=SECONDS, context=context)
    else:
        server = smtplib.SMTP(host, port or 25, timeout=SECONDS)
    with server:
        server.ehlo()
        if scheme == "smtp" and server.has_extn("starttls"):
            server.starttls(context=context)
            server.ehlo()
        if user:
            server.login(unquote(user), unquote(password or ""))


def storage() -> Finding:
    from careline.files import storage as files

    folder = files.folder()
    if not folder.exists():
        return good("files", f"{folder} is made with the first file.")
    if not machine.is_writable(folder):
        return wrong(
            "files", f"{folder} cannot be written.", "Give it to the user Careline runs as, or set STORAGE_URL."
        )
    return good("files", f"lie in {folder}.")


def language_model() -> Finding:
    from django.conf import settings

    from careline.intelligence import port

    name, said = "language model", settings.CARELINE_LLM
    if not said:
        return good(name, "none is configured; what the house does alone, it does.")
    if not port.is_configured():
        return wrong(name, "CARELINE_LLM_URL names one, its client is not installed.", "pip install 'careline[llm]'")
    return good(name, f"{said['model']} is asked at {said['url']}.")


def redis() -> list[Finding]:
    from django.conf import settings

    if not settings.REDIS_URL:
        return []
    try:
        from redis import Redis, RedisError
    except ImportError:
        return [wrong("redis", "REDIS_URL is set and the client is not installed.", "pip install 'careline[redis]'")]
    url = settings.REDIS_URL.replace("valkey://", "redis://", 1)
    try:
        with Redis.from_url(url, socket_timeout=SECONDS, socket_connect_timeout=SECONDS) as client:
            client.ping()
    except RedisError as error:
        return [wrong("redis", f"It does not answer ({type(error).__name__}).", "Correct REDIS_URL or unset it.")]
    return [good("redis", "It answers.")]


CHECKS: dict[str, Check] = {
    "secret key": secret_key, "address": base_url, "mail": mail, "files": storage, "redis": redis,
    "language model": language_model,
}  # fmt: skip
