"""How content is sealed: AES-GCM under the key of the person it belongs to, bound to the one file it is."""

from __future__ import annotations

import io
import os
from collections.abc import Iterable, Iterator
from itertools import chain, count, pairwise
from typing import IO
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.utils.translation import gettext as _

from careline.files.storage import Missing
from careline.kit import signing

_PERSONAL = b"\x02"
_IN_PIECES = b"\x03"
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
    if sealed[:1] == _IN_PIECES:
        return b"".join(unseal_pieces(io.BytesIO(sealed), file_id))
    try:
        if key is None:
            return signing.unseal(sealed, file_id.bytes)
        return AESGCM(key).decrypt(sealed[1 : 1 + _NONCE], sealed[1 + _NONCE :], file_id.bytes)
    except (InvalidTag, ValueError, signing.WrongKey):
        raise Missing(_("This file is damaged and cannot be opened.")) from None


def seal_pieces(pieces: Iterable[bytes], file_id: UUID) -> Iterator[bytes]:
    """Under the installation's key; each is bound to its file, its place and to being the last or not."""
    yield _IN_PIECES
    for number, (piece, following) in enumerate(pairwise(chain(pieces, [None]))):
        assert piece is not None
        sealed = signing.seal(piece, _place(file_id, number, following is None))
        yield len(sealed).to_bytes(4, "big") + sealed


def unseal_pieces(file: IO[bytes], file_id: UUID) -> Iterator[bytes]:
    file.seek(len(_IN_PIECES))
    size = file.read(4)
    for number in count():
        sealed = file.read(int.from_bytes(size, "big"))
        size = file.read(4)
        try:
            yield signing.unseal(sealed, _place(file_id, number, not size))
        except signing.WrongKey:
            raise Missing(_("This file is damaged and cannot be opened.")) from None
        if not size:
            return


def _place(file_id: UUID, number: int, is_last: bool) -> bytes:
    return file_id.bytes + number.to_bytes(8, "big") + bytes([is_last])
