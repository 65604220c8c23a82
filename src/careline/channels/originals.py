"""The stored whole of a letter as a page may show it: its pictures in their places, what it quotes folded.

What is stored was cleaned by the channel, and is written as the cleaner writes: attributes in double quotes, no `<`
within one. So a tag is found by its look, in time that grows with the length alone.
"""

from __future__ import annotations

import html as entities
import re
from collections.abc import Callable
from urllib.parse import unquote

import msgspec

from careline.channels.letters import HISTORY, HISTORY_ENDS

# Of pictures that are fetched for one letter.
MOST_PICTURES = 100
_IMG = re.compile(r"<img((?: [a-z-]+=\"[^\"]*\")*)>")
_ATTRIBUTE = re.compile(r" ([a-z-]+)=\"([^\"]*)\"")
_KEPT = ("alt", "title", "width", "height", "border", "align", "style")
# Who says how words or their ground are colored, has thought of white paper.
_COLORED = re.compile(r"(?:bg)?color\s*[:=]|background", re.IGNORECASE)


class Shown(msgspec.Struct, frozen=True):
    html: str
    # How many pictures lie with somebody else.
    remote: int
    colored: bool


def shown(html: str, *, enclosed: Callable[[str], str | None], remote: Callable[[int], str], quoted: str) -> Shown:
    """`enclosed` gives the address of a picture that came along, `remote` that of the nth elsewhere, or nothing.

    `quoted` is the beginning of a folded part, up to what it holds.
    """
    count = 0

    def placed(picture: re.Match[str]) -> str:
        nonlocal count
        given = dict(_ATTRIBUTE.findall(picture[1]))
        source = entities.unescape(given.get("src", ""))
        if _is_remote(source):
            count += 1
            address = remote(count - 1) if count <= MOST_PICTURES else ""
        elif source[:4].lower() == "cid:":
            address = enclosed(unquote(source[4:]).strip()) or ""
        else:
            address = source if source[:11].lower() == "data:image/" else ""
        kept = "".join(f' {name}="{given[name]}"' for name in _KEPT if name in given)
        source = f' src="{entities.escape(address)}"' if address else ' class="unshown"'
        return f"<img{source}{kept if 'alt' in given else kept + ' alt=' + chr(34) * 2}>"

    drawn = _IMG.sub(placed, html).replace(HISTORY, quoted).replace(HISTORY_ENDS, "</details>")
    return Shown(drawn, count, _COLORED.search(html) is not None)


def remote_picture(html: str, number: int) -> str | None:
    """The address of the nth picture that lies with somebody else."""
    count = -1
    for picture in _IMG.finditer(html):
        source = entities.unescape(dict(_ATTRIBUTE.findall(picture[1])).get("src", ""))
        count += _is_remote(source)
        if count == number:
            return source
        if count >= MOST_PICTURES:
            break
    return None


def _is_remote(source: str) -> bool:
    return source[:8].lower().startswith(("http://", "https://"))
