"""Parts that are drawn over and over, kept by language and whole content.

They are viewer-free, so what was drawn once is right for whoever looks next: of a list drawn again one row has changed,
and of a thread the last line. The content itself is the key, so nothing old is ever shown.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Any, Generic, TypeVar

import msgspec
from django.template import loader
from django.utils.translation import get_language
from markupsafe import Markup

from careline.web.marks import trusted

KEPT = 4096
# Bytes of content that is worth keeping.
LONGEST = 4000
Content = TypeVar("Content", bound=msgspec.Struct)
_encode = msgspec.msgpack.Encoder().encode


_caches: list[Callable[[], None]] = []


def forget() -> None:
    """Of everything: somebody's words are to be gone."""
    for clear in _caches:
        clear()


def spoken() -> str:
    return get_language() or "en"


@lru_cache(maxsize=64)
def macro(template: str, name: str, _language: str) -> Callable[..., str]:
    """A macro of a template, in a language; its words are part of it."""
    found: Callable[..., str] = getattr(loader.get_template(template).template.module, name)  # type: ignore[attr-defined]  # Jinja's own
    return found


class Kept(Generic[Content]):
    """`draw(content, language)`, remembered."""

    def __init__(self, content: type[Content], draw: Callable[[Content, str], Any]) -> None:
        decode = msgspec.msgpack.Decoder(content).decode

        @lru_cache(maxsize=KEPT)
        def kept(language: str, written: bytes) -> Markup:
            return trusted(draw(decode(written), language))

        self._kept, self._draw = kept, draw
        _caches.append(kept.cache_clear)

    def html(self, content: Content, language: str = "") -> Markup:
        """`language` is given by whoever draws many."""
        written = _encode(content)
        language = language or spoken()
        return self._kept(language, written) if len(written) <= LONGEST else trusted(self._draw(content, language))
