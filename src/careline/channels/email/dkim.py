"""Signing what leaves, so that others can tell it comes from the domain it names (RFC 6376, rsa-sha256, relaxed)."""

from __future__ import annotations

import base64
import hashlib
import re
from datetime import datetime

import msgspec
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)

from careline.channels.email.writing import domains

BITS = 2048
# Signed once more than they stand there, so that nobody can add a second one.
_TWICE = ("from", "to", "cc", "subject", "date", "reply-to")
_SIGNED = (
    *_TWICE, "message-id", "in-reply-to", "references", "mime-version", "content-type", "content-transfer-encoding",
    "auto-submitted", "list-unsubscribe", "list-unsubscribe-post",
)  # fmt: skip
_BLANKS = re.compile(rb"[ \t]+")
_FIELD = re.compile(rb"([!-9;-~]+)[ \t]*:((?:[^\r\n]|\r\n[ \t])*)\r\n")


class Key(msgspec.Struct, frozen=True):
    """The private half stays sealed with the mailbox; `domain` is the one behind the @ of its address."""

    domain: str
    selector: str
    private: str

    @property
    def public(self) -> str:
        """Base64, as it stands in the record."""
        raw = _loaded(self).public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
        return base64.b64encode(raw).decode()


def made(domain: str, at: datetime) -> Key:
    """A new key. The selector holds the month, so that a later key can stand beside it while mails are on their way."""
    pem = generate_private_key(65537, BITS).private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    return Key(domains.ascii_domain(domain), f"careline{at:%Y%m}", pem.decode())


def record(key: Key) -> tuple[str, str]:
    """Name and value of the TXT record to publish."""
    return f"{key.selector}._domainkey.{key.domain}", f"v=DKIM1; k=rsa; p={key.public}"


def zone_line(key: Key) -> str:
    """The same for a zone file, where no string may be longer than 255."""
    name, value = record(key)
    strings = " ".join(f'"{value[at : at + 255]}"' for at in range(0, len(value), 255))
    return f"{name}. 3600 IN TXT ( {strings} )"


def signed(raw: bytes, key: Key, at: datetime) -> bytes:
    """The mail with its signature before it. Line ends must be CRLF, as `written` makes them."""
    head, _edge, body = raw.partition(b"\r\n\r\n")
    fields = [(name.lower().decode("ascii"), value) for name, value in _FIELD.findall(head + b"\r\n")]
    names, canonical = _chosen(fields)
    digest = base64.b64encode(hashlib.sha256(_relaxed_body(body)).digest()).decode()
    begun = (
        f"DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/relaxed; d={key.domain};\r\n s={key.selector};"
        f" t={int(at.timestamp())};\r\n h={_folded(names)};\r\n bh={digest};\r\n b="
    ).encode()
    # What is signed ends with our own field, without the signature and without a line end.
    own = _relaxed_field("dkim-signature", begun.partition(b":")[2]).removesuffix(b"\r\n")
    proof = base64.b64encode(_loaded(key).sign(canonical + own, PKCS1v15(), SHA256())).decode()
    lines = "\r\n ".join(proof[at : at + 70] for at in range(0, len(proof), 70))
    return begun + lines.encode() + b"\r\n" + raw


def _chosen(fields: list[tuple[str, bytes]]) -> tuple[list[str], bytes]:
    """Names to sign, and the fields behind them; of several of one name the last comes first (RFC 6376, 5.4.2)."""
    names: list[str] = []
    canonical = b""
    for name in _SIGNED:
        values = [value for known, value in fields if known == name]
        for value in reversed(values):
            names.append(name)
            canonical += _relaxed_field(name, value)
        if name in _TWICE:
            names.append(name)
    return names, canonical


def _relaxed_field(name: str, value: bytes) -> bytes:
    unfolded = value.replace(b"\r\n", b"")
    return name.encode() + b":" + _BLANKS.sub(b" ", unfolded).strip(b" ") + b"\r\n"


def _relaxed_body(body: bytes) -> bytes:
    """In a few passes over the whole, since a file of 25 MB has 450,000 lines."""
    body = _BLANKS.sub(b" ", body).replace(b" \r\n", b"\r\n").rstrip(b" ")
    end = len(body)
    while body.endswith(b"\r\n", 0, end):
        end -= 2
    return body[:end] + b"\r\n" if end else b""


def _folded(names: list[str]) -> str:
    lines = [""]
    for number, name in enumerate(names):
        piece = name + (":" if number < len(names) - 1 else "")
        if len(lines[-1]) + len(piece) > 70:
            lines.append("")
        lines[-1] += piece
    return "\r\n ".join(lines)


def _loaded(key: Key) -> RSAPrivateKey:
    # Checking a key anew costs as much as ten signatures; this one we made, and it was sealed since.
    loaded = load_pem_private_key(key.private.encode(), None, unsafe_skip_rsa_key_validation=True)
    if not isinstance(loaded, RSAPrivateKey):
        raise TypeError("A DKIM key of ours is an RSA key.")
    return loaded
