"""HTML of strangers, cleaned before it is stored: nothing in it runs, asks or covers; what it shows stays."""

from __future__ import annotations

import html as entities
import re
from collections.abc import Iterator
from functools import lru_cache
from urllib.parse import unquote

import msgspec
import nh3

from careline.channels.email import markup
from careline.channels.email.trimming import rich
from careline.channels.letters import HISTORY, HISTORY_ENDS

# Of what is stored; pictures may stand within it.
LONGEST = 4_000_000
_TAGS = (nh3.ALLOWED_TAGS | {"font"}) - {"area", "map", "details", "summary"}
_ATTRIBUTES = {
    "*": {"align", "class", "dir", "height", "lang", "style", "title", "valign", "width"},
    "a": {"href"},
    "blockquote": {"cite"},
    "col": {"span"},
    "colgroup": {"span"},
    "font": {"color", "face", "size"},
    "img": {"alt", "border", "src"},
    "li": {"value"},
    "ol": {"start", "type"},
    "table": {"bgcolor", "border", "cellpadding", "cellspacing"},
    "td": {"bgcolor", "colspan", "nowrap", "rowspan"},
    "th": {"bgcolor", "colspan", "nowrap", "rowspan"},
    "tr": {"bgcolor"},
}
_SCHEMES = {"http", "https", "mailto", "tel", "cid", "data"}
_DROPPED = {"script", "style", "title", "template", "noscript", "svg", "math", "object", "embed", "iframe", "xml"}
# What dresses words and boxes; nothing that lays one thing over another, fetches, or moves.
_STYLES = frozenset({
    "background", "background-color", "border", "border-bottom", "border-bottom-color", "border-bottom-style",
    "border-bottom-width", "border-collapse", "border-color", "border-left", "border-left-color", "border-left-style",
    "border-left-width", "border-radius", "border-right", "border-right-color", "border-right-style",
    "border-right-width", "border-spacing", "border-style", "border-top", "border-top-color", "border-top-style",
    "border-top-width", "border-width", "clear", "color", "direction", "display", "float", "font", "font-family",
    "font-size", "font-style", "font-variant", "font-weight", "height", "letter-spacing", "line-height",
    "list-style-type", "margin", "margin-bottom", "margin-left", "margin-right", "margin-top", "max-height",
    "max-width", "min-height", "min-width", "overflow-wrap", "padding", "padding-bottom", "padding-left",
    "padding-right", "padding-top", "text-align", "text-decoration", "text-indent", "text-transform", "unicode-bidi",
    "vertical-align", "white-space", "width", "word-break", "word-spacing", "word-wrap",
})  # fmt: skip
_DISPLAYS = {"none", "block", "inline", "inline-block", "list-item", "table", "table-row", "table-cell"}
_VALUE = re.compile(r"[\w\s#%.,()'\"!+-]{1,300}")
_CALLED = re.compile(r"([\w-]*)\(")
_COLORS = {"rgb", "rgba", "hsl", "hsla"}
_COMMENT = re.compile(r"/\*.{0,2000}?\*/", re.DOTALL)
_BELOW_ZERO = re.compile(r"(?:^|\s)-")
_PICTURE = re.compile(r"data:image/(?:png|jpeg|gif|webp);base64,[A-Za-z0-9+/=\s]+")
# As the cleaner writes them: attributes in double quotes, and no < in any of them.
_IMG = re.compile(r"<img((?: [a-z-]+=\"[^\"]*\")*)>")
_ATTRIBUTE = re.compile(r" ([a-z-]+)=\"([^\"]*)\"")
_TINY = re.compile(r"(?:^|;)\s*(?:(?:max-)?(?:width|height):\s*[0-2](?:px)?|display:\s*none)\s*(?:;|$)", re.IGNORECASE)
_CELL = re.compile(r"<t[dh][ >]")
# A table or a headline is lost in plain words; a signature set in a table is not worth it.
_MANY_CELLS = 8


class TooLong(Exception):
    """More is left of it than is stored."""


class Cleaned(msgspec.Struct, frozen=True):
    html: str
    # Its form says something that its words alone do not.
    rich: bool = False
    # Names of the pictures it shows in their places.
    shows: tuple[str, ...] = ()


def cleaned(html: str) -> Cleaned:
    """Pictures keep their addresses, cid: and remote ones alike; whoever shows it decides what is fetched.

    What it quotes stands between marks (channels.letters), each piece closed in itself, so that it can be folded.
    """
    written: list[str] = []
    own: list[str] = []
    for role, piece in rich.pieces(html.replace("\0", "")):
        clean = _IMG.sub(_without_spies, _clean(piece))
        if role in {"quote", "rest"}:
            written.append(f"{HISTORY}{clean}{HISTORY_ENDS}" if clean.strip() else "")
        else:
            written.append(clean)
            own.append("" if role == "signature" else clean)
    whole = "".join(written)
    if len(whole) > LONGEST:
        raise TooLong
    return Cleaned(whole, _is_rich("".join(own)), tuple(dict.fromkeys(_shown(whole))))


def _clean(html: str) -> str:
    return nh3.clean(
        html,
        tags=_TAGS,
        attributes=_ATTRIBUTES,
        attribute_filter=_kept,
        url_schemes=_SCHEMES,
        url_relative="deny",
        clean_content_tags=_DROPPED,
        link_rel="noopener noreferrer nofollow",
        set_tag_attribute_values={"a": {"target": "_blank"}},
    )


def _kept(tag: str, name: str, value: str) -> str | None:
    if name == "style":
        return _style(value) or None
    if name == "class":
        # What Outlook sets paragraphs by; the page that shows them knows how close they stand.
        return " ".join(one for one in value[:300].split() if one.startswith("Mso") and one.isalnum()) or None
    if value[:5].lower() == "data:":
        return value if tag == "img" and name == "src" and _PICTURE.fullmatch(value) else None
    if value[:4].lower() == "cid:" and not (tag == "img" and name == "src"):
        return None
    # Marks are told from text by this sign, and addresses may spell it otherwise.
    return value.replace("<", "%3C" if name in {"href", "src"} else "") if "<" in value else value


@lru_cache(maxsize=4096)
def _style(value: str) -> str:
    if "\\" in value or len(value) > 5000:
        return ""
    kept = []
    for declaration in _COMMENT.sub("", value).split(";"):
        name, _, said = declaration.partition(":")
        name, said = name.strip().lower(), said.strip()
        if name in _STYLES and _VALUE.fullmatch(said) and set(_CALLED.findall(said.lower())) <= _COLORS:
            if name == "display" and said.lower().removesuffix("!important").strip() not in _DISPLAYS:
                continue
            if _BELOW_ZERO.search(said) and not name.startswith(("letter", "word")):
                continue
            kept.append(f"{name}:{said}")
    return ";".join(kept)


def _without_spies(picture: re.Match[str]) -> str:
    """One that nobody could see is there to tell that the mail was opened."""
    given = dict(_ATTRIBUTE.findall(picture[1]))
    tiny = any(given.get(side, "").strip().removesuffix("px") in {"0", "1", "2"} for side in ("width", "height"))
    if not given.get("src") or tiny or _TINY.search(given.get("style", "")):
        return ""
    return picture[0]


def _shown(html: str) -> Iterator[str]:
    for picture in _IMG.finditer(html):
        source = entities.unescape(dict(_ATTRIBUTE.findall(picture[1])).get("src", ""))
        if source[:4].lower() == "cid:":
            yield unquote(source[4:]).strip()


def _is_rich(html: str) -> bool:
    if re.search(r"<h[1-3][ >]", html) and len(html) > 500:
        return True
    if len(_CELL.findall(html)) >= _MANY_CELLS:
        filled = [cell for cell in _CELL.split(html)[1:] if markup.words(cell[:2000].partition(">")[2]).strip()]
        return len(filled) >= _MANY_CELLS
    return len(_IMG.findall(html)) > 1 and len(markup.words(html)) > 200
