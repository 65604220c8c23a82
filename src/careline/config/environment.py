"""The environment, parsed once: a missing or malformed setting stops the start with one line naming it."""

import os
import re
import secrets
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import unquote, urlsplit


class BadSetting(Exception):
    """A setting cannot be used; the sentence names it and says what it takes."""


def data_folder(env: Mapping[str, str] = os.environ) -> Path:
    return Path(env.get("CARELINE_DATA") or ".careline").expanduser().resolve()


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
    """Django's connection settings of a postgresql:// address."""
    parts = urlsplit(url)
    try:
        port = parts.port or 5432
    except ValueError:
        port = 0
    if parts.scheme not in {"postgres", "postgresql"} or not parts.path.strip("/") or not port:
        raise BadSetting("DATABASE_URL must look like postgresql://user:password@host:5432/name.")
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": parts.hostname or "127.0.0.1",
        "PORT": port,
        "CONN_MAX_AGE": None,
        "CONN_HEALTH_CHECKS": True,
        # Hot statements ask to be prepared, which the driver refuses without a threshold. Their shape leaves one good
        # plan, so it is kept: planned anew at each call, opening a conversation costs three times as much.
        "OPTIONS": {"options": "-c timezone=UTC -c plan_cache_mode=force_generic_plan", "prepare_threshold": 5}
        | ({"sslmode": parts.query[8:]} if parts.query.startswith("sslmode=") else {}),
    }


def one_of(name: str, schemes: set[str], env: Mapping[str, str] = os.environ) -> str | None:
    """An address whose scheme is among those the setting takes, or nothing."""
    value = env.get(name) or None
    if value is not None and urlsplit(value).scheme not in schemes:
        raise BadSetting(f"{name} must begin with one of: {', '.join(sorted(s + '://' for s in schemes))}.")
    return value


def base_url(env: Mapping[str, str] = os.environ) -> str:
    value = (env.get("CARELINE_BASE_URL") or "http://127.0.0.1:8000").rstrip("/")
    parts = urlsplit(value)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise BadSetting("CARELINE_BASE_URL must look like https://care.example.com.")
    return value


def flag(name: str, env: Mapping[str, str] = os.environ) -> bool:
    value = (env.get(name) or "0").lower()
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


def words(name: str, env: Mapping[str, str] = os.environ) -> list[str]:
    return [word.strip() for word in (env.get(name) or "").split(",") if word.strip()]
