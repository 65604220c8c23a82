"""A picture fetched from somebody else's server, so that the reader's browser is not seen there."""

from __future__ import annotations

import time
from collections.abc import Iterable
from functools import cache
from typing import Any
from urllib.parse import urljoin, urlsplit

import msgspec
from django.conf import settings
from django.utils.translation import gettext as _

from careline.files import sniff
from careline.files.limits import PICTURES
from careline.kit.refusals import NotVisible

LARGEST = 5 * 1024 * 1024
SECONDS = 8.0
_REDIRECTS = 3
# As it lies there: what is packed on the way could unfold to anything.
_HEADERS = {"Accept": "image/*", "Accept-Encoding": "identity"}


class Picture(msgspec.Struct, frozen=True):
    content: bytes
    media_type: str


@cache
def _client(private: bool) -> Any:
    from careline.kit import http  # as in wire.py: only for whoever asks

    return http.client(timeout=SECONDS / 2, headers=_HEADERS)


def fetched(address: str) -> Picture:
    """No cookie, no referrer, never into the private network; NotVisible when no picture comes of it."""
    from careline.kit.http import FAILED

    client, until = _client(settings.CARELINE_ALLOW_PRIVATE_HTTP), time.monotonic() + SECONDS
    try:
        for _attempt in range(_REDIRECTS + 1):
            if urlsplit(address).scheme not in {"http", "https"}:
                break
            with client.stream("GET", address) as answer:
                if answer.is_redirect:
                    address = urljoin(address, answer.headers.get("location", ""))
                    continue
                if answer.status_code == 200:
                    return _picture(answer.iter_raw(), until)
                break
    except (*FAILED, ValueError) as error:
        raise NotVisible(_("This picture cannot be fetched.")) from error
    raise NotVisible(_("This picture cannot be fetched."))


def _picture(pieces: Iterable[bytes], until: float) -> Picture:
    content = bytearray()
    for piece in pieces:
        content += piece
        if len(content) > LARGEST or time.monotonic() > until:
            raise NotVisible(_("This picture is too large, or takes too long."))
    kind = sniff.media_type(bytes(content), "")
    if kind not in PICTURES:
        raise NotVisible(_("This is no picture."))
    return Picture(bytes(content), kind)
