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


def key_context(person_id: int) -> bytes:
    return f"files:person:{person_id}".encode()


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
