"""Codes of six digits that change every half minute (RFC 6238 with SHA-1, which is what every app shows)."""

import base64
import hmac
import secrets
from datetime import datetime
from urllib.parse import quote, urlencode

SECONDS = 30
DIGITS = 6
# Clocks of telephones go a little wrong: the half minute before and the one after count too.
DRIFT = 1


def fresh_secret() -> bytes:
    return secrets.token_bytes(20)


def code(secret: bytes, step: int) -> str:
    """`step` counts half minutes since 1970."""
    digest = hmac.digest(secret, step.to_bytes(8, "big"), "sha1")
    start = digest[-1] & 0xF
    number = int.from_bytes(digest[start : start + 4], "big") & 0x7FFF_FFFF
    return f"{number % 10**DIGITS:0{DIGITS}}"


def step_of(secret: bytes, written: str, *, at: datetime, after: int) -> int | None:
    """The half minute a code is of, or None where it is wrong; one up to `after` was used before."""
    now = int(at.timestamp()) // SECONDS
    right = [step for step in range(now - DRIFT, now + DRIFT + 1) if hmac.compare_digest(code(secret, step), written)]
    return next((step for step in right if step > after), None)


def letters(secret: bytes) -> str:
    """To be typed where no camera is."""
    return base64.b32encode(secret).decode().rstrip("=")


def address(secret: bytes, *, house: str, account: str) -> str:
    """What the QR code says."""
    label = quote(f"{house}:{account}", safe="@:")
    return f"otpauth://totp/{label}?{urlencode({'secret': letters(secret), 'issuer': house})}"
