"""The agent's text as HTML: paragraphs, lists and links as they were typed, and nothing else in it means anything."""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Iterator

_BULLET = re.compile(r"[ \t]{0,3}[-*•–][ \t]+(?=\S)")
_NUMBERED = re.compile(r"[ \t]{0,3}(\d{1,3})[.)][ \t]+(?=\S)")
_LINK = re.compile(
    r"(?P<web>https?://[^\s<>\"'`{}|\\^\[\]]{1,2000})|(?P<www>(?<![\w@./-])www\.[^\s<>\"'`{}|\\^\[\]]{3,500})|"
    r"(?P<mail>(?<![\w.+/:@-])[\w.+-]{1,64}@(?:[\w-]{1,63}\.){1,8}[^\W\d_]{2,24}(?![\w@-]))", re.IGNORECASE
)  # fmt: skip
_ENDS = ".,;:!?…'\"”’»。،؟！，"
_PARAGRAPH = "margin:0 0 1em"


def as_html(text: str) -> str:
    """Blocks apart by empty lines; each says which way it is written, since not every program finds out by itself."""
    blocks = re.split(r"\n[ \t]*\n+", text.replace("\r\n", "\n").replace("\r", "\n").strip("\n"))
    return "\n".join(piece for block in blocks if block.strip() for piece in _block(block.strip("\n")))


def direction(text: str) -> str:
    """By the first letter that has one (as HTML's own dir=auto does)."""
    for letter in text[:2_000]:
        kind = unicodedata.bidirectional(letter)
        if kind in {"R", "AL"}:
            return "rtl"
        if kind == "L":
            return "ltr"
    return "ltr"


def tagged(name: str, inside: str, written: str, style: str = "") -> str:
    way = direction(written)
    style += ";text-align:right" if way == "rtl" else ""
    return f'<{name} dir="{way}" style="{style.strip(";")}">{inside}</{name}>'


def _block(block: str) -> Iterator[str]:
    """Lines of one kind together: a paragraph, a list, a numbered list."""
    kept: list[str] = []
    kept_kind = ""
    for line in block.split("\n"):
        kind = "ul" if _BULLET.match(line) else "ol" if _NUMBERED.match(line) else "p"
        if kind == "p" and kept_kind in {"ul", "ol"} and line[:2].isspace():
            kept[-1] += "\n" + line.strip()  # goes on with the entry above
            continue
        if kind != kept_kind and kept:
            yield _drawn(kept_kind, kept)
            kept = []
        kept_kind = kind
        kept.append(line)
    if kept:
        yield _drawn(kept_kind, kept)


def _drawn(kind: str, lines: list[str]) -> str:
    if kind == "p":
        return tagged("p", "<br>\n".join(line_html(line) for line in lines), "\n".join(lines), _PARAGRAPH)
    mark = _BULLET if kind == "ul" else _NUMBERED
    bare = [mark.sub("", line, count=1) for line in lines]
    entries = "".join(f"<li>{'<br>'.join(line_html(part) for part in one.split(chr(10)))}</li>" for one in bare)
    drawn = tagged(kind, entries, "\n".join(bare), _PARAGRAPH)
    first = _NUMBERED.match(lines[0])
    return drawn.replace("<ol ", f'<ol start="{int(first[1])}" ', 1) if first and int(first[1]) != 1 else drawn


def line_html(line: str) -> str:
    """Escaped, links made to be pressed, spaces at the beginning kept."""
    out: list[str] = []
    at = 0
    for found in _LINK.finditer(line):
        address = _without_end(found[0])
        out.append(_escaped(line[at : found.start()]))
        target = address if found["web"] else f"http://{address}" if found["www"] else f"mailto:{address}"
        out.append(f'<a href="{html.escape(target)}">{html.escape(address)}</a>')
        at = found.start() + len(address)
    out.append(_escaped(line[at:]))
    return "".join(out)


def _without_end(address: str) -> str:
    """A full stop after a link, or a bracket around it, is the sentence's."""
    while True:
        bare = address.rstrip(_ENDS)
        if bare.endswith(")") and bare.count("(") < bare.count(")"):
            bare = bare[:-1]
        if bare == address:
            return address
        address = bare


def _escaped(text: str) -> str:
    bare = text.lstrip(" \t")
    indent = text[: len(text) - len(bare)].replace("\t", "    ")
    safe = html.escape(bare, quote=False).replace("  ", "&nbsp; ")
    return ("&nbsp;" * len(indent) if len(indent) > 1 else indent) + safe


def attribute(text: str) -> str:
    return html.escape(" ".join(text.split())[:200])
