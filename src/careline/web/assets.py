"""Addresses of the files a page loads: all under one mark of their content, so that they may be kept for ever.

The mark stands in the path and not behind it, since scripts and style sheets name each other relatively.
"""

from __future__ import annotations

import hashlib
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from markupsafe import Markup

FOLDER = Path(__file__).parent / "static"

# The order of the style sheets; a page names what it needs beside these.
SHEETS = ("_layers", "tokens", "base", "line", "buttons", "fields", "frame", "facts", "states")


@lru_cache(maxsize=1)
def mark() -> str:
    """Changes when any of the files does."""
    digest = hashlib.sha256()
    for path in sorted(FOLDER.rglob("*")):
        if path.is_file():
            digest.update(path.name.encode() + path.read_bytes())
    return digest.hexdigest()[:10]


def root() -> str:
    return f"{settings.STATIC_URL}{mark()}/"


@lru_cache(maxsize=256)
def static(path: str) -> str:
    """The address of a file of ours; it changes when any of them does."""
    return root() + path


@lru_cache(maxsize=64)
def sheets(*more: str) -> Markup:
    """The links to the style sheets: the common ones, then those of this kind of page."""
    link = Markup('<link rel="stylesheet" href="{}">')
    return Markup("\n").join(link.format(static(f"css/{name}.css")) for name in (*SHEETS, *more))
