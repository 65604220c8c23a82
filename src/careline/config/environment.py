"""The environment, parsed once: a missing or malformed setting stops the start with one line naming it."""

import ipaddress
import os
import re
import secrets
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

SSL_MODES = ("disable", "allow", "prefer", "require", "verify-ca", "verify-full")


class BadSetting(Exception):
    """A setting cannot be used; the sentence names it and says what it takes."""


def data_folder(env: Mapping[str, str] = os.environ) -> Path:
    try:
        return Path(env.get("CARELINE_DATA") or ".careline").expanduser().resolve()
    except RuntimeError:  # nobody has the name after the tilde, or links lead in a circle
        raise BadSetting("CARELINE_DATA must be a folder, such as /var/lib/careline.") from None


def secret_key(env: Mapping[str, str] = os.environ) -> str:
    """The given key, or one made on the first start and kept in the data folder, readable by its owner alone."""
    given = env.get("CARELINE_SECRET_KEY")
    if given is not None:
        if len(given) < 32:
            raise BadSetting("CARELINE_SECRET_KEY must have at least 32 characters.")
        return given
    kept = data_folder(env) / "secret-key"
    try:
        return kept.read_text().strip()
    except FileNotFoundError:
        pass
    kept.parent.mkdir(parents=True, exist_ok=True)
    try:
        with open(os.open(kept, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as out:
            out.write(secrets.token_urlsafe(48))
    except FileExistsError:
        pass  # another process of the same start was first
    return kept.read_text().strip()


def database(url: str) -> dict[str, object]:
    """Django's connection settings of a postgresql:// address, read as the driver reads it for the raw doors."""
    fields = _libpq(url)
    ours = "-c timezone=UTC -c plan_cache_mode=force_generic_plan"
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": fields.pop("dbname"),
        "USER": fields.pop("user", ""),
        "PASSWORD": fields.pop("password", ""),
        "HOST": fields.pop("host", ""),
        "PORT": fields.pop("port", ""),
        "CONN_MAX_AGE": None,
        "CONN_HEALTH_CHECKS": True,
        # Hot statements ask to be prepared, which the driver refuses without a threshold. Their shape leaves one good
        # plan, so it is kept: planned anew at each call, opening a conversation costs three times as much.
        "OPTIONS": fields | {"options": f"{fields.get('options', '')} {ours}".strip(), "prepare_threshold": 5},
    }


def _libpq(url: str) -> dict[str, str]:
    from psycopg import ProgrammingError
    from psycopg.conninfo import conninfo_to_dict
    from psycopg.pq import Conninfo

    known = {each.keyword.decode() for each in Conninfo.get_defaults()} | {"ssl"}
    for name, _value in parse_qsl(url.partition("?")[2], keep_blank_values=True):
        if name not in known:
            raise BadSetting(f"DATABASE_URL has the parameter {name!r}, which PostgreSQL does not know.")
    try:
        # The driver's own sentence repeats the address, and with it the password.
        fields = {name: str(value) for name, value in conninfo_to_dict(url).items()}
    except (ProgrammingError, UnicodeError):
        fields = {}
    if not fields.get("dbname") or not all(_is_port(port) for port in fields.get("port", "").split(",") if port):
        raise BadSetting("DATABASE_URL must look like postgresql://user:password@host:5432/name.")
    if fields.get("sslmode", "prefer") not in SSL_MODES:
        raise BadSetting(f"DATABASE_URL takes as sslmode one of: {', '.join(SSL_MODES)}.")
    for name in {"connect_timeout", "tcp_user_timeout", *(each for each in fields if each.startswith("keepalives"))}:
        if not re.fullmatch(r"-?[0-9]{1,9}", fields.get(name, "0"), re.ASCII):
            raise BadSetting(f"DATABASE_URL takes a whole number as {name}.")
    if fields.get("client_encoding", "utf8").lower().replace("-", "") not in {"utf8", "unicode"}:
        raise BadSetting("DATABASE_URL takes no client_encoding but UTF8.")
    return fields


def _is_port(written: str) -> bool:
    return re.fullmatch(r"[0-9]{1,5}", written, re.ASCII) is not None and 0 < int(written) < 65536


def one_of(name: str, schemes: set[str], env: Mapping[str, str] = os.environ) -> str | None:
    """An address whose scheme is among those the setting takes, or nothing."""
    value = env.get(name) or None
    if value is not None and value.partition("://")[0].lower() not in schemes:
        raise BadSetting(f"{name} must begin with one of: {', '.join(sorted(s + '://' for s in schemes))}.")
    return value


def _address(name: str, value: str, like: str) -> SplitResult:
    """With a port between 1 and 65535 or none. What is given is not repeated: there may be a password in it."""
    try:
        if re.search(r"[\x00-\x20\x7f]", value):  # some of which the parser drops without a word
            raise ValueError
        parts = urlsplit(value)
        if parts.port == 0:
            raise ValueError
    except ValueError:
        raise BadSetting(f"{name} must look like {like}.") from None
    return parts


def redis_url(env: Mapping[str, str] = os.environ) -> str | None:
    value = one_of("REDIS_URL", {"redis", "rediss", "valkey", "unix"}, env)
    if value is None:
        return None
    if value.startswith("unix"):
        like = "unix:///folder/redis.sock"
        parts = _address("REDIS_URL", value, like)
        good = parts.path.startswith("/") and not parts.hostname
    else:
        like = "redis://host:6379/0"
        parts = _address("REDIS_URL", value, like)
        good = parts.hostname is not None and re.fullmatch(r"(/[0-9]{0,6})?", parts.path, re.ASCII) is not None
    if not good or parts.fragment:
        raise BadSetting(f"REDIS_URL must look like {like}.")
    return value


def email_url(env: Mapping[str, str] = os.environ) -> str:
    value = one_of("EMAIL_URL", {"smtp", "smtps", "console", "file", "memory"}, env) or "console://"
    scheme = value.partition("://")[0].lower()
    if scheme == "file":
        _folder("EMAIL_URL", value)
    if not scheme.startswith("smtp"):
        return value
    like = f"{scheme}://user:password@host:{465 if scheme == 'smtps' else 587}"
    parts = _address("EMAIL_URL", value, like)
    if not parts.hostname or parts.path.strip("/") or parts.fragment:
        raise BadSetting(f"EMAIL_URL must look like {like}.")
    for name, given in parse_qsl(parts.query, keep_blank_values=True):
        if name not in {"from", "tls"}:
            raise BadSetting(f"EMAIL_URL has the parameter {name!r}; it takes from and tls.")
        if not re.fullmatch("[01]" if name == "tls" else "[^@\r\n]+@[^@\r\n]+", given):
            raise BadSetting(f"EMAIL_URL takes as {name} {'1 or 0' if name == 'tls' else 'a mail address'}.")
    return value


def storage_url(env: Mapping[str, str] = os.environ) -> str:
    value = one_of("STORAGE_URL", {"file"}, env)
    if value is None:
        return f"file://{data_folder(env) / 'files'}"
    _folder("STORAGE_URL", value)
    return value


def _folder(name: str, value: str) -> None:
    """A folder from the root on: between two and three strokes lies a host, which nobody reads."""
    try:
        parts = urlsplit(value)
        good = not parts.netloc and parts.path.startswith("/") and not (parts.query or parts.fragment)
    except ValueError:
        good = False
    if not good or "\0" in unquote(value) or value != value.strip():
        raise BadSetting(f"{name} must look like file:///folder.")


def base_url(env: Mapping[str, str] = os.environ) -> str:
    value = (env.get("CARELINE_BASE_URL") or "http://127.0.0.1:8000").rstrip("/")
    like = "https://care.example.com"
    parts = _address("CARELINE_BASE_URL", value, like)
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.username is not None:
        raise BadSetting(f"CARELINE_BASE_URL must look like {like}.")
    return value


def endpoint(name: str, env: Mapping[str, str] = os.environ) -> str:
    """Where another service is asked instead of its usual place; empty when it is not."""
    value = (env.get(name) or "").rstrip("/")
    if value:
        like = "https://login.example.com"
        parts = _address(name, value, like)
        if parts.scheme not in {"http", "https"} or not parts.hostname or parts.query or parts.fragment:
            raise BadSetting(f"{name} must look like {like}.")
    return value


def language_model(env: Mapping[str, str] = os.environ) -> dict[str, str]:
    """The endpoint, the model to ask there and the key to it; empty when none is named."""
    url = endpoint("CARELINE_LLM_URL", env)
    model = (env.get("CARELINE_LLM_MODEL") or "").strip()
    if not url:
        return {}
    if not model:
        raise BadSetting("CARELINE_LLM_MODEL must name the model to ask at CARELINE_LLM_URL.")
    # Endpoints of one's own machine ask for no key, and their clients for one all the same.
    return {"url": url, "model": model, "key": env.get("CARELINE_LLM_KEY") or "none"}


def flag(name: str, env: Mapping[str, str] = os.environ, *, otherwise: bool = False) -> bool:
    value = (env.get(name) or str(otherwise)).lower()
    if value not in {"0", "1", "false", "true"}:
        raise BadSetting(f"{name} must be 1 or 0.")
    return value in {"1", "true"}


def memory(name: str, env: Mapping[str, str] = os.environ) -> str:
    """An amount of memory; without one a quarter of the machine's, and at most 1 GB."""
    value = (env.get(name) or "").strip()
    if not value:
        there = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
        return f"{max(128, min(1000, there // 4_000_000))}MB"
    if not re.fullmatch(r"[1-9][0-9]{0,6} ?[KMGT]i?B", value, re.ASCII | re.IGNORECASE):
        raise BadSetting(f"{name} must be an amount of memory, as 800MB or 2GB.")
    return value


def listen(name: str, env: Mapping[str, str] = os.environ) -> tuple[str, int] | None:
    """A host and a port to listen at; nothing without it. IPv6 stands in brackets, as in addresses."""
    value = (env.get(name) or "").strip()
    if not value:
        return None
    host, _colon, port = value.rpartition(":")
    if host.startswith("[") and host.endswith("]"):
        host = host[1:-1]
    elif ":" in host:
        host = ""
    if not re.fullmatch(r"[0-9A-Za-z._:%-]+", host) or not _is_port(port):
        raise BadSetting(f"{name} must look like 127.0.0.1:2525.")
    return host, int(port)


def file(name: str, env: Mapping[str, str] = os.environ) -> str | None:
    """A file that can be read, or nothing."""
    path = env.get(name) or None
    if path is not None and not (os.path.isfile(path) and os.access(path, os.R_OK)):
        raise BadSetting(f"{name} must name a file that can be read.")
    return path


def pair(certificate: str | None, key: str | None) -> tuple[str, str] | None:
    """Of which neither is of use alone."""
    if (certificate is None) != (key is None):
        raise BadSetting("CARELINE_SMTP_CERTIFICATE and CARELINE_SMTP_KEY belong together: give both or neither.")
    return None if certificate is None or key is None else (certificate, key)


def words(name: str, env: Mapping[str, str] = os.environ) -> list[str]:
    return [word.strip() for word in (env.get(name) or "").split(",") if word.strip()]


def number(name: str, default: int, most: int, env: Mapping[str, str] = os.environ) -> int:
    value = (env.get(name) or str(default)).strip()
    if not re.fullmatch(r"[0-9]{1,9}", value, re.ASCII) or not 1 <= int(value) <= most:
        raise BadSetting(f"{name} must be a whole number from 1 to {most}.")
    return int(value)


def networks(name: str, env: Mapping[str, str] = os.environ) -> list[str]:
    """Addresses and networks, written as the server compares them: 10.1.2.3/8 would be no network to it."""
    found = []
    for word in words(name, env):
        try:
            network = ipaddress.ip_network(word, strict=False)
        except ValueError:
            raise BadSetting(f"{name} takes addresses and networks, such as 10.0.0.0/8; {word!r} is neither.") from None
        found.append(str(network) if "/" in word else word)
    return found
