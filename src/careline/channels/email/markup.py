"""HTML as a row of tokens, in time that grows with its length alone, and the words in it."""

from __future__ import annotations

import html as entities
import re
from collections.abc import Iterator
from functools import lru_cache

import msgspec

_NAME = re.compile(r"/?[a-zA-Z][a-zA-Z0-9:-]{0,40}")
_ATTRIBUTE = re.compile(
    r"([a-zA-Z_:][\w:.-]{0,60})\s{0,9}=\s{0,9}(?:\"([^\"]{0,20000})\"|'([^']{0,20000})'|([^\s\"'>]{1,2000}))"
)
_SPACES = re.compile(r"[ \t\r\n\f]+")
_MANY = re.compile(r"\n{3,}")
VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track", "wbr"}
_HIDDEN = {"script", "style", "head", "title", "template", "noscript", "xml"}
# These contain anything up to their own end tag.
_RAW = {"script", "style", "title", "textarea", "xmp"}
_BLOCK = {"p", "div", "br", "tr", "table", "ul", "ol", "li", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "pre",
          "hr", "section", "article", "header", "footer", "dl", "dt", "dd", "form", "address", "center"}  # fmt: skip
_APART = {"p", "ul", "ol", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "pre", "table"}


class Token(msgspec.Struct):
    """A tag (`div`, `/div`) with its attributes as they stand, or words when the name is empty."""

    name: str
    text: str
    start: int
    end: int

    def attributes(self) -> dict[str, str]:
        found: dict[str, str] = {}
        for match in _ATTRIBUTE.finditer(self.text[:60_000]):
            found.setdefault(match[1].lower(), entities.unescape(match[2] or match[3] or match[4] or ""))
        return found


def tokens(html: str) -> Iterator[Token]:
    for name, begin, end, start, stop in _pieces(html):
        yield Token(name, html[begin:end], start, stop)


def _pieces(html: str) -> Iterator[tuple[str, int, int, int, int]]:
    """Name, where its text begins and ends, and where the whole does."""
    at, length = 0, len(html)
    comments = True
    ended: set[str] = set()
    lowered: str | None = None
    find, match = html.find, _NAME.match
    while at < length:
        begin = find("<", at)
        if begin < 0:
            yield "", at, length, at, length
            return
        if begin > at:
            yield "", at, begin, at, begin
        named = match(html, begin + 1)
        if named is None:
            if comments and html.startswith("<!--", begin):
                end = find("-->", begin + 4)
                comments = end >= 0
                if comments:
                    at = end + 3
                    continue
            if html.startswith(("!", "?"), begin + 1):
                end = find(">", begin)
                at = length if end < 0 else end + 1
                continue
            at = begin + 1
            while at < length and html[at] == "<" and at + 1 < length and html[at + 1] == "<":
                at += 1
            yield "", begin, at, begin, at
            continue
        behind = named.end()
        end = _tag_end(html, behind)
        if end < 0:
            yield "", begin, length, begin, length
            return
        name = named[0].lower()
        yield name, behind, end, begin, end + 1
        at = end + 1
        if name in _RAW and name not in ended:
            lowered = html.lower() if lowered is None else lowered
            close = lowered.find("</" + name, at) if len(lowered) == length else find("</" + name, at)
            if close < 0:
                ended.add(name)
            else:
                at = close


def _tag_end(html: str, at: int) -> int:
    """The `>` that ends a tag; one within quotes does not, as long as the quotes are closed nearby."""
    end = html.find(">", at)
    if end == at:
        return end
    while 0 <= end < at + 2000:
        quotes = html.count('"', at, end)
        if quotes % 2 == 0 and (quotes or html.count("'", at, end) % 2 == 0):
            return end
        further = html.find(">", end + 1)
        if further < 0 or "<" in html[end:further]:
            return end
        end = further
    return end


@lru_cache(maxsize=2)  # one mail asks for the same words up to three times
def words(html: str) -> str:
    """What a reader sees, as plain text: blocks on lines of their own, lists with dashes, links as they are named."""
    out: list[str] = []
    hidden: list[str] = []
    pre = 0
    for name, begin, end, _start, _stop in _pieces(html):
        if not name:
            if not hidden:
                text = html[begin:end]
                if "&" in text:
                    text = entities.unescape(text)
                out.append(text if pre else _SPACES.sub(" ", text))
            continue
        bare = name.lstrip("/")
        if bare in _HIDDEN and not html.endswith("/", begin, end):
            if not name.startswith("/"):
                hidden.append(bare)
            elif bare in hidden:
                del hidden[hidden.index(bare) :]
        elif bare == "body" or bare == "html":
            hidden.clear()
        elif hidden:
            continue
        elif bare in _BLOCK:
            pre = max(0, pre + (-1 if name == "/pre" else bare == "pre"))
            out.append("\n\n" if bare in _APART else "\n")
            if name == "li":
                out.append("- ")
        elif bare in {"td", "th"}:
            out.append(" ")
    return tidy("".join(out).replace("\xa0", " ").replace("\u200c", ""))


def tidy(text: str) -> str:
    lines = [line.strip(" \t") if not line.startswith("    ") else line.rstrip() for line in text.split("\n")]
    return _MANY.sub("\n\n", "\n".join(lines)).strip("\n")
