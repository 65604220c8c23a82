"""Strings that break programs: a few of each kind for every run, all of them for the long one."""

from __future__ import annotations

import json
import os
from html.parser import HTMLParser
from pathlib import Path

import pytest

OWN = [
    "\0", "", " ", "\ufeff", "\u202eabc", "a\u0000b", "<script>alert(1)</script>", "“’‘”", "👩‍👩‍👧", "x" * 60_000, "\r",
    "a\n\nb",
]  # fmt: skip
EXTENT = pytest.mark.parametrize("extent", ["some", pytest.param("all", marks=pytest.mark.long)])


def folder() -> Path | None:
    named = os.environ.get("CARELINE_TEST_DATA")
    return Path(named) if named else None


def strings(extent: str = "all") -> list[str]:
    kept = folder()
    given = json.loads((kept / "robust-blns" / "blns.json").read_text(encoding="utf-8")) if kept else []
    return list(dict.fromkeys([*OWN, *(given if extent == "all" else given[::25])]))


class Text(HTMLParser):
    """The words of the first element that carries a mark."""

    def __init__(self, mark: tuple[str, str]) -> None:
        super().__init__(convert_charrefs=True)
        self.mark, self.inside, self.words = mark, 0, ""

    def handle_starttag(self, tag, attrs):
        if self.mark in attrs or self.inside:
            self.inside += tag not in ("br", "input", "img")

    def handle_endtag(self, tag):
        self.inside -= bool(self.inside)

    def handle_data(self, data):
        self.words += data if self.inside else ""
