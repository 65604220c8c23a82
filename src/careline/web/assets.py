"""Addresses of the files a page loads, each with a mark of its content, so that it may be kept for ever."""

from __future__ import annotations

import hashlib
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from markupsafe import Markup

FOLDER = Path(__file__).parent / "static"

# The order of the style sheets; a page names the groups it needs beside the first four.
SHEETS = ("_layers", "tokens", "base", "line", "parts")


@lru_cache(maxsize=256)
def static(path: str) -> str:
    """The address of a file of ours; it changes when the content does."""
    digest = hashlib.sha256((FOLDER / path).read_bytes()).hexdigest()[:10]
    return f"{settings.STATIC_URL}{path}?v={digest}"


@lru_cache(maxsize=64)
def sheets(*more: str) -> Markup:
    """The links to the style sheets: the common ones, then those of this kind of page."""
    link = Markup('<link rel="stylesheet" href="{}">')
    return Markup("\n").join(link.format(static(f"css/{name}.css")) for name in (*SHEETS, *more))
