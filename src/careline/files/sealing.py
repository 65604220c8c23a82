"""How content is sealed: AES-GCM under the key of the person it belongs to, bound to the one file it is."""

from __future__ import annotations

import os
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.utils.translation import gettext as _

from careline.files.storage import Missing
from careline.kit import signing

_PERSONAL = b"\x02"
_NONCE = 12


# What a channel received, before and after it is known whose it is.
_RAW = b"inbound"
_OF_THE_HOUSE = b"\x01"
# A key made in the statement that makes its person, whose number is not known before.
_UNNUMBERED = b"files:person"


def key_context(person_id: int) -> bytes:
    return f"files:person:{person_id}".encode()


def fresh_key() -> bytes:
    """For somebody who may not be there yet."""
    return signing.seal(os.urandom(32), _UNNUMBERED)


def opened_key(sealed: bytes, person_id: int) -> bytes:
    try:
        return signing.unseal(sealed, key_context(person_id))
    except signing.WrongKey:
        return signing.unseal(sealed, _UNNUMBERED)


def seal_raw(raw: bytes, key: bytes | None = None) -> bytes:
    """As a channel received it: under the person's key, or the installation's while nobody knows whose it is."""
    if key is None:
        return signing.seal(raw, _RAW)
    nonce = os.urandom(_NONCE)
    return _PERSONAL + nonce + AESGCM(key).encrypt(nonce, raw, _RAW)


def unseal_raw(sealed: bytes, key: bytes | None) -> bytes:
    """Nothing when the key is destroyed; what was kept before there were keys is as it was."""
    kind = sealed[:1]
    if kind == _OF_THE_HOUSE:
        return signing.unseal(sealed, _RAW)
    if kind != _PERSONAL:
        return sealed
    if key is None:
        return b""
    try:
        return AESGCM(key).decrypt(sealed[1 : 1 + _NONCE], sealed[1 + _NONCE :], _RAW)
    except InvalidTag:
        return b""


def seal_content(content: bytes, file_id: UUID, key: bytes | None) -> bytes:
    if key is None:  # it belongs to nobody, so the installation's key it is
        return signing.seal(content, file_id.bytes)
    nonce = os.urandom(_NONCE)
    return _PERSONAL + nonce + AESGCM(key).encrypt(nonce, content, file_id.bytes)


def unseal_content(sealed: bytes, file_id: UUID, key: bytes | None) -> bytes:
    try:
        if key is None:
            return signing.unseal(sealed, file_id.bytes)
        return AESGCM(key).decrypt(sealed[1 : 1 + _NONCE], sealed[1 + _NONCE :], file_id.bytes)
    except (InvalidTag, ValueError, signing.WrongKey):
        raise Missing(_("This file is damaged and cannot be opened.")) from None
