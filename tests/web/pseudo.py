"""A language nobody speaks: accented, a third longer and in brackets, so that words nobody translated stand out."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path

from babel.messages.catalog import Catalog
from typing_extensions import override

from tools import messages

# A real code, since pages ask for the direction and the country names of their language.
CODE = "eo"
ACCENTED = str.maketrans("aceinosuyzACEINOSUYZ", "áćéíñóšúýžÁĆÉÍÑÓŠÚÝŽ")
PLACEHOLDER = re.compile(r"(%\(\w+\)[.\d]*\w|%%|\{\w*\})")
BRACKETED = re.compile(r"⟦[^⟦⟧]*⟧")
SPOKEN = ("aria-label", "title", "placeholder", "alt", "aria-description", "aria-roledescription")
SILENT = {"script", "style", "code", "pre", "kbd", "time"}
WORD = re.compile(r"[A-Za-z][A-Za-z'’]{2,}")


def said(english: str) -> str:
    pieces = PLACEHOLDER.split(english)
    inner = "".join(piece if k % 2 else piece.translate(ACCENTED) for k, piece in enumerate(pieces))
    longer = "~" * max(1, round(len(english) * 0.35))
    return f"⟦{inner} {longer}⟧"


def write(folder: Path) -> None:
    """The compiled catalogue of every message, where LOCALE_PATHS can find it."""
    spoken = Catalog(locale=CODE, fuzzy=False)
    for message in messages.messages(messages.collect()):
        text = said(message.id) if isinstance(message.id, str) else tuple(said(form) for form in message.id)
        spoken.add(message.id, text, context=message.context)
    path = folder / CODE / "LC_MESSAGES" / "django.mo"
    path.parent.mkdir(parents=True)
    path.write_bytes(messages.compiled(spoken))


class Spoken(HTMLParser):
    """The pieces of a page that are read or heard: text, and the attributes that speak."""

    def __init__(self) -> None:
        super().__init__()
        self.pieces: list[str] = []
        self.silent = 0

    @override
    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.silent += tag in SILENT
        self.pieces += [value for name, value in attrs if name in SPOKEN and value]

    @override
    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        self.silent -= tag in SILENT

    @override
    def handle_endtag(self, tag: str) -> None:
        self.silent -= tag in SILENT

    @override
    def handle_data(self, text: str) -> None:
        if not self.silent and text.strip():
            self.pieces.append(text.strip())


def pieces(html: str) -> list[str]:
    reader = Spoken()
    reader.feed(html)
    reader.close()
    return reader.pieces


def english(html: str, data: set[str]) -> list[str]:
    """What a page says in plain letters that is neither translated nor among the data."""
    longest = sorted(data, key=len, reverse=True)
    left = []
    for piece in pieces(html):
        rest = piece
        while BRACKETED.search(rest):
            rest = BRACKETED.sub(" ", rest)
        for known in longest if WORD.search(rest) else ():
            rest = rest.replace(known, " ")
        if WORD.search(rest):
            left.append(piece)
    return left
