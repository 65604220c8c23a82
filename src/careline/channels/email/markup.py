"""HTML as a row of tokens, in time that grows with its length alone, and the words in it."""

from __future__ import annotations

import html as entities
import re
from collections.abc import Iterator

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
    at, length = 0, len(html)
    comments = True
    ended: set[str] = set()
    lowered: str | None = None
    while at < length:
        begin = html.find("<", at)
        if begin < 0:
            yield Token("", html[at:], at, length)
            return
        if begin > at:
            yield Token("", html[at:begin], at, begin)
        if comments and html.startswith("<!--", begin):
            end = html.find("-->", begin + 4)
            comments = end >= 0
            if comments:
                at = end + 3
                continue
        if html[begin + 1 : begin + 2] in "!?" and html[begin + 1 : begin + 2]:
            end = html.find(">", begin)
            at = length if end < 0 else end + 1
            continue
        named = _NAME.match(html, begin + 1)
        if named is None:
            yield Token("", "<", begin, begin + 1)
            at = begin + 1
            continue
        end = _tag_end(html, named.end())
        if end < 0:
            yield Token("", html[begin:], begin, length)
            return
        name = named[0].lower()
        yield Token(name, html[named.end() : end], begin, end + 1)
        at = end + 1
        if name in _RAW and name not in ended:
            lowered = html.lower() if lowered is None else lowered
            close = lowered.find("</" + name, at) if len(lowered) == length else html.find("</" + name, at)
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
        inside = html[at:end]
        if inside.count('"') % 2 == 0 and (inside.count("'") % 2 == 0 or '"' in inside):
            return end
        further = html.find(">", end + 1)
        if further < 0 or "<" in html[end:further]:
            return end
        end = further
    return end


def words(html: str) -> str:
    """What a reader sees, as plain text: blocks on lines of their own, lists with dashes, links as they are named."""
    out: list[str] = []
    hidden: list[str] = []
    pre = 0
    for token in tokens(html):
        name = token.name
        bare = name.lstrip("/")
        if bare in _HIDDEN and not token.text.endswith("/"):
            if not name.startswith("/"):
                hidden.append(bare)
            elif bare in hidden:
                del hidden[hidden.index(bare) :]
        elif bare == "body" or bare == "html":
            hidden.clear()
        elif hidden:
            continue
        elif not name:
            text = entities.unescape(token.text)
            out.append(text if pre else _SPACES.sub(" ", text))
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
