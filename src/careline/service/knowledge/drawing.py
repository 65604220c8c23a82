"""Markdown becomes a page: its HTML cleaned, its headings with addresses, its words without marks.

What is written here also comes from imports, so nothing in it is trusted: HTML within Markdown stands as text, links
lead to web pages and mail only, and a picture is one of ours or a link to where it lies.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from html import escape
from typing import Any

import msgspec
import nh3
from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from markdown_it.utils import EnvType, OptionsDict
from typing_extensions import override

from careline.kit import text

PICTURES = "/help/pictures/"
_OURS = re.compile(r"/help/pictures/[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_TAGS = {
    "a", "blockquote", "br", "code", "dd", "del", "div", "dl", "dt", "em", "h2", "h3", "h4", "hr", "img", "li", "ol",
    "p", "pre", "s", "strong", "table", "tbody", "td", "th", "thead", "tr", "ul",
}  # fmt: skip
_ATTRIBUTES = {
    "a": {"href", "title"}, "img": {"src", "alt", "title", "loading"}, "h2": {"id"}, "h3": {"id"}, "h4": {"id"},
    "ol": {"start", "class"}, "td": {"class"}, "th": {"class"}, "pre": {"dir", "tabindex"},
    "p": {"dir"}, "li": {"dir"}, "blockquote": {"dir"}, "div": {"class", "tabindex"},
}  # fmt: skip
_CLASSES = {"steps", "end", "middle", "scroller"}
_PUNCTUATION = re.compile(r"[^\w]+")
# Words a minute, of a careful reader.
PACE = 200
# As many passages of an article are compared with a question, and so long are they.
MOST_PASSAGES, PASSAGE = 24, 600


class Drawn(msgspec.Struct, frozen=True):
    html: str
    # Address on the page, and its words.
    headings: list[tuple[str, str]]
    # Pieces of the text without marks, a heading's words before what stands under it.
    passages: list[str]
    plain: str

    @property
    def minutes(self) -> int:
        return max(1, round(len(self.plain.split()) / PACE))


class _Page(RendererHTML):
    @override
    def image(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:
        token = tokens[idx]
        source, words = str(token.attrs.get("src", "")), escape(token.content)
        if not _OURS.fullmatch(source):
            # Nothing is fetched from elsewhere when somebody reads: who reads what is nobody's business.
            return f'<a href="{escape(source)}">{words or escape(source)}</a>'
        return f'<img src="{source}" alt="{words}" loading="lazy">'

    @override
    def fence(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:
        return f'<pre dir="ltr" tabindex="0"><code>{escape(tokens[idx].content)}</code></pre>\n'

    code_block = fence

    def table_open(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:
        return '<div class="scroller" tabindex="0"><table>'

    def table_close(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:
        return "</table></div>"


@lru_cache(maxsize=1)
def _reader() -> MarkdownIt:
    reader = MarkdownIt("commonmark", {"html": False, "maxNesting": 20}, renderer_cls=_Page)
    return reader.enable(["table", "strikethrough"])


def draw(body: str) -> Drawn:
    """A page of what was written; of any text, in a time that grows with its length."""
    tokens = _reader().parse(body)
    headings = _prepared(tokens)
    html = _reader().renderer.render(tokens, _reader().options, {})
    passages = _passages(tokens)
    return Drawn(clean(html), headings, passages[:MOST_PASSAGES], "\n".join(passages))


def clean(html: str) -> str:
    return nh3.clean(
        html, tags=_TAGS, attributes=_ATTRIBUTES, attribute_filter=_kept,
        url_schemes={"http", "https", "mailto", "tel"}, url_relative="pass_through", link_rel="noopener",
    )  # fmt: skip


def slug(words: str) -> str:
    """What an address calls it; letters of every script stay, since browsers show them."""
    return _PUNCTUATION.sub("-", text.fold(words)).strip("-_")[:80].rstrip("-")


def _kept(tag: str, name: str, value: str) -> str | None:
    if name == "class":
        return value if value in _CLASSES else None
    if name == "src":
        return value if _OURS.fullmatch(value) else None
    if name == "href" and value.startswith(("//", "\\", "/\\")):
        return None
    return value


def _prepared(tokens: list[Token]) -> list[tuple[str, str]]:
    """Headings a step down, below the page's own, each with an address; first lists of steps; writing directions."""
    found: list[tuple[str, str]] = []
    taken: set[str] = set()
    for at, token in enumerate(tokens):
        if token.type in ("heading_open", "heading_close"):
            token.tag = f"h{min(4, max(2, int(token.tag[1])))}"
            if token.type == "heading_open":
                words = _words(tokens[at + 1])
                token.attrSet("id", _address(words, len(found), taken))
                if token.tag == "h2":
                    found.append((str(token.attrs["id"]), words))
        elif token.type in ("paragraph_open", "list_item_open", "blockquote_open"):
            token.attrSet("dir", "auto")
        elif token.type == "ordered_list_open" and token.level == 0:
            token.attrSet("class", "steps")
        elif token.type in ("th_open", "td_open") and "style" in token.attrs:
            side = str(token.attrs.pop("style"))
            if not side.endswith("left"):
                token.attrSet("class", "end" if side.endswith("right") else "middle")
    return found


def _address(words: str, number: int, taken: set[str]) -> str:
    # Not one of the page's own.
    known = f"on-{slug(words) or number}"
    address = known if known not in taken else f"{known}-{len(taken)}"
    taken.add(address)
    return address


def _words(token: Token) -> str:
    """Of a heading or a paragraph, without marks."""
    said: list[Any] = []
    for child in token.children or []:
        if child.type in ("text", "code_inline", "image"):
            said.append(child.content)
        elif child.type in ("softbreak", "hardbreak"):
            said.append(" ")
    return "".join(said).strip()


def _passages(tokens: list[Token]) -> list[str]:
    pieces: list[str] = []
    heading, waiting = "", ""

    def close() -> None:
        nonlocal waiting
        if waiting.strip():
            pieces.append(f"{heading}\n{waiting}".strip() if heading else waiting.strip())
        waiting = ""

    for at, token in enumerate(tokens):
        if token.type == "heading_open":
            close()
            heading = _words(tokens[at + 1])
            continue
        if token.type == "inline" and tokens[at - 1].type == "heading_open":
            continue
        said = (
            _words(token) if token.type == "inline" else token.content if token.type in ("fence", "code_block") else ""
        )
        if not said:
            continue
        if len(waiting) + len(said) > PASSAGE:
            close()
        waiting = f"{waiting} {said}" if waiting else said
    close()
    return pieces
