"""Signatures, sealed secrets and proofs; every purpose has a key of its own, derived from the installation's key."""

import base64
import hashlib
import hmac
import os
import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.utils.translation import gettext as _

from careline.kit import clock
from careline.kit.refusals import Refused

TOLERANCE = timedelta(minutes=5)
_SECONDS = re.compile(r"[1-9][0-9]{0,11}")
_SEALED = b"\x01"  # names the way of sealing, should it ever change


class NotGenuine(Refused):
    """A token or a signed request that this installation did not sign, or whose time has passed."""

    status = 403
    code = "not_genuine"


class WrongKey(Exception):
    """Sealed with another secret key than this installation has now, or damaged."""


@lru_cache(maxsize=256)
def _derived(secret: str, purpose: str) -> bytes:
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=f"careline:{purpose}".encode()).derive(secret.encode())


def _key(purpose: str) -> bytes:
    return _derived(settings.SECRET_KEY, purpose)


def derived_name(purpose: str) -> str:
    """A name that all processes of this installation arrive at, and nobody else."""
    return f"careline:{_key(f'name:{purpose}').hex()[:24]}"


def _wire(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def _raw(wire: str) -> bytes:
    return base64.b64decode(wire + "=" * (-len(wire) % 4), altchars=b"-_", validate=True)


def sign(purpose: str, payload: bytes | str) -> str:
    """A token that carries the payload for all to read, the time, and proof that this installation wrote it."""
    body = payload.encode() if isinstance(payload, str) else payload
    content = f"{_wire(body)}.{int(clock.now().timestamp()):x}"
    return f"{content}.{_wire(hmac.digest(_key(f'sign:{purpose}'), content.encode(), 'sha256'))}"


def unsign(purpose: str, token: str, max_age: timedelta | float | None = None) -> str:
    """The payload of a token signed for this purpose, not longer ago than `max_age` (seconds, when a number)."""
    content, _dot, proof = token.rpartition(".")
    try:
        expected = hmac.digest(_key(f"sign:{purpose}"), content.encode(), "sha256")
        if not hmac.compare_digest(_wire(expected).encode(), proof.encode()):
            raise NotGenuine(_("This link or token is not valid."))
        body, _dot, written = content.partition(".")
        age = clock.now().timestamp() - int(written, 16)
        limit = max_age.total_seconds() if isinstance(max_age, timedelta) else max_age
        if limit is not None and not -TOLERANCE.total_seconds() <= age <= limit:
            raise NotGenuine(_("This link or token has expired."))
        return _raw(body).decode()
    except ValueError as error:
        raise NotGenuine(_("This link or token is not valid.")) from error


def mark(purpose: str, payload: str, letters: int = 10) -> str:
    """Proof that this installation issued the payload, short and in small letters, for places that keep no case."""
    proof = hmac.digest(_key(f"mark:{purpose}"), payload.encode(errors="surrogatepass"), "sha256")
    return base64.b32encode(proof).decode().lower()[:letters]


def seal(plain: bytes, context: bytes = b"") -> bytes:
    """Encrypted for rows and files; opens only with the same key and the same `context` (the row it belongs to)."""
    nonce = os.urandom(12)
    return _SEALED + nonce + AESGCM(_key("seal")).encrypt(nonce, plain, context)


def unseal(sealed: bytes, context: bytes = b"") -> bytes:
    if sealed[:1] != _SEALED or len(sealed) < 29:
        raise WrongKey("This was not sealed by Careline.")
    try:
        return AESGCM(_key("seal")).decrypt(sealed[1:13], sealed[13:], context)
    except InvalidTag:
        raise WrongKey("This was sealed with another CARELINE_SECRET_KEY, or is damaged.") from None


def digest(token: str) -> str:
    """What is stored of a secret token: enough to recognize it, not enough to use it."""
    return hashlib.sha256(token.encode(errors="surrogatepass")).hexdigest()


def same(a: str | bytes, b: str | bytes) -> bool:
    """Equal, found out in a time that does not depend on where they differ."""
    first = a.encode(errors="surrogatepass") if isinstance(a, str) else a
    second = b.encode(errors="surrogatepass") if isinstance(b, str) else b
    return hmac.compare_digest(first, second)


def identity_proof(secret: str, identifier: str) -> str:
    """What a site computes on its server to vouch for the visitor it names to the widget."""
    return hmac.digest(secret.encode(), identifier.encode(errors="surrogatepass"), "sha256").hex()


def standard_webhooks_sign(secret: str, webhook_id: str, timestamp: int, body: bytes) -> str:
    """The `webhook-signature` of a request (standardwebhooks.com, v1)."""
    signed = f"{webhook_id}.{timestamp}.".encode(errors="surrogatepass") + body
    return "v1," + base64.b64encode(hmac.digest(_webhook_key(secret), signed, "sha256")).decode()


def standard_webhooks_verify(
    secret: str, headers: Mapping[str, str], body: bytes, *, now: datetime | None = None
) -> str:
    """The webhook's id when a signature fits and the time is within five minutes; a refusal otherwise."""
    given = {name.lower(): value for name, value in headers.items()}
    webhook_id, signatures = given.get("webhook-id", ""), given.get("webhook-signature", "")
    written = given.get("webhook-timestamp", "")
    timestamp = int(written) if _SECONDS.fullmatch(written) else 0
    if not webhook_id or not signatures or not timestamp:
        raise NotGenuine(_("The request carries no webhook-id, webhook-timestamp and webhook-signature."))
    if abs((now or clock.now()).timestamp() - timestamp) > TOLERANCE.total_seconds():
        raise NotGenuine(_("The request was signed more than five minutes ago or ahead."))
    expected = standard_webhooks_sign(secret, webhook_id, timestamp, body)
    # No early exit: how many signatures there were, and which fitted, shows in nothing.
    if not sum(same(expected, signature) for signature in signatures.split(" ")):
        raise NotGenuine(_("The signature does not fit the request."))
    return webhook_id


def _webhook_key(secret: str) -> bytes:
    try:
        return base64.b64decode(secret.removeprefix("whsec_"), validate=True)
    except ValueError:
        raise ValueError("A webhook secret is whsec_ followed by base64.") from None
