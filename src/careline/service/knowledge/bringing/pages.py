"""A page of HTML from elsewhere becomes Markdown: what it says stays, how it looked and what it did goes."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import nh3
from typing_extensions import override

_TAGS = {
    "a", "article", "b", "blockquote", "body", "br", "code", "dd", "del", "div", "dl", "dt", "em", "h1", "h2", "h3",
    "h4", "h5", "h6", "hr", "i", "img", "li", "main", "ol", "p", "pre", "s", "section", "span", "strong", "table",
    "tbody", "td", "th", "thead", "tr", "ul",
}  # fmt: skip
_DROPPED = {
    "script",
    "style",
    "template",
    "noscript",
    "svg",
    "math",
    "object",
    "embed",
    "iframe",
    "form",
    "nav",
    "head",
}
_BLOCKS = {"p", "div", "section", "article", "main", "dd", "dt", "dl", "tr", "table"}
_MARKS = {"strong": "**", "b": "**", "em": "*", "i": "*", "del": "~~", "s": "~~"}
_MAIN = re.compile(r"<(main|article)\b[^>]*>(.*)</\1\s*>", re.IGNORECASE | re.DOTALL)
_TITLE = re.compile(r"<title[^>]*>(.*?)</title", re.IGNORECASE | re.DOTALL)
_SPECIAL = re.compile(r"([\\`*_\[\]<>])")
_BLANK = re.compile(r"[ \t]*\n[ \t]*\n(?:[ \t]*\n)+")
# Lists within lists within lists say nothing any more, and cost what grows with their depth.
DEEPEST = 12


def title_of(html: str) -> str:
    found = _TITLE.search(html[:20_000])
    return re.sub(r"\s+", " ", _text(found[1])).strip() if found else ""


def markdown(html: str) -> str:
    """Of any HTML whatever; the part that is the page's own where it says which."""
    main = _MAIN.search(html)
    safe = nh3.clean(
        main[2] if main else html, tags=_TAGS, attributes={"a": {"href"}, "img": {"src", "alt"}, "ol": {"start"}},
        clean_content_tags=_DROPPED, url_schemes={"http", "https", "mailto", "tel"}, url_relative="pass_through",
        link_rel=None,
    )  # fmt: skip
    reader = _Reader()
    reader.feed(safe)
    reader.close()
    return _BLANK.sub("\n\n", reader.told()).strip() + "\n"


def _text(html: str) -> str:
    reader = _Reader(plain=True)
    reader.feed(html)
    reader.close()
    return reader.told()


def _begins(start: str | None) -> int:
    return int(start) if start and start.isascii() and start.isdecimal() and len(start) < 9 else 1


class _Reader(HTMLParser):
    """Reads what the cleaner wrote: every tag that opens closes."""

    def __init__(self, *, plain: bool = False) -> None:
        super().__init__(convert_charrefs=True)
        self.plain = plain
        self.written: list[str] = []
        self.lists: list[int | None] = []
        self.links: list[str] = []
        self.quoted = 0
        self.pre = 0
        self.cells = 0
        self.rows = 0

    def told(self) -> str:
        return "".join(self.written)

    def line(self, lines: int = 1) -> None:
        indent = "> " * min(self.quoted, DEEPEST) + "   " * min(len(self.lists), DEEPEST)
        self.written.append("\n" * lines + indent)

    @override
    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if self.plain:
            return
        if tag in _MARKS and not self.pre:
            self.written.append(_MARKS[tag])
        elif tag[0] == "h" and tag[1:].isdecimal():
            self.line(2)
            self.written.append("#" * int(tag[1:]) + " ")
        elif tag in ("ul", "ol"):
            if not self.lists:
                self.line(2)
            self.lists.append(_begins(given.get("start")) if tag == "ol" else None)
        elif tag == "li":
            self.item()
        elif tag == "blockquote":
            self.quoted += 1
            self.line(2)
        elif tag == "pre":
            self.pre += 1
            self.written.append("\n\n```\n")
        elif tag == "code" and not self.pre:
            self.written.append("`")
        elif tag == "a":
            self.links.append(given.get("href") or "")
            self.written.append("[" if self.links[-1] else "")
        else:
            self.other(tag, given)

    def other(self, tag: str, given: dict[str, str | None]) -> None:
        if tag == "img" and given.get("src"):
            words = (given.get("alt") or "").replace("[", "(").replace("]", ")")
            self.written.append(f"![{words}](<{(given['src'] or '').replace('>', '%3E').replace('<', '%3C')}>)")
        elif tag == "br":
            self.written.append("\\")
            self.line()
        elif tag == "hr":
            self.written.append("\n\n---\n\n")
        elif tag in ("td", "th"):
            self.cells += 1
            self.written.append(" | ")
        elif tag == "table":
            self.rows = 0
            self.line(2)
        elif tag == "tr":
            self.cells = 0
            self.line()
        elif tag in _BLOCKS and not self.at_item():
            self.line(2)

    def at_item(self) -> bool:
        """Right behind the mark of an item a paragraph begins no new line."""
        return bool(self.written) and bool(re.fullmatch(r"(?:-|\d+\.) ", self.written[-1]))

    def item(self) -> None:
        number = self.lists.pop() if self.lists else None
        self.line()
        self.written.append("- " if number is None else f"{number}. ")
        self.lists.append(None if number is None else number + 1)

    @override
    def handle_endtag(self, tag: str) -> None:
        if self.plain:
            return
        if tag in _MARKS and not self.pre:
            self.written.append(_MARKS[tag])
        elif tag in ("ul", "ol") and self.lists:
            self.lists.pop()
            self.line()
        elif tag == "blockquote":
            self.quoted -= 1
            self.line(2)
        elif tag == "pre":
            self.pre -= 1
            self.written.append("\n```\n\n")
        elif tag == "code" and not self.pre:
            self.written.append("`")
        elif tag == "a" and self.links:
            if address := self.links.pop().replace(">", "%3E").replace("<", "%3C"):
                self.written.append(f"](<{address}>)")
        elif tag == "tr":
            self.written.append(" |")
            self.rows += 1
            if self.rows == 1:
                self.line()
                self.written.append("|" + " - |" * self.cells)
        elif (tag[0] == "h" and tag[1:].isdecimal()) or tag == "table":
            self.cells = 0
            self.line(2)

    @override
    def handle_data(self, data: str) -> None:
        if self.pre or self.plain:
            self.written.append(data)
        elif data.strip() or not self.written or not self.written[-1].endswith((" ", "\n")):
            said = _SPECIAL.sub(r"\\\1", re.sub(r"\s+", " ", data))
            self.written.append(said.replace("|", "\\|") if self.cells else said)
