"""One file as an article: what stands above it says what it is, its first heading how it is called."""

from __future__ import annotations

import re
from pathlib import PurePosixPath

import msgspec

from careline.service.knowledge import drawing, shapes
from careline.service.knowledge.bringing import pages
from careline.service.knowledge.models import Audience

_ABOVE = re.compile(r"\A---[ \t]*\n(.{0,8000}?)\n---[ \t]*(?:\n|\Z)", re.DOTALL)
_PAIR = re.compile(r"([A-Za-z_-]{1,30})[ \t]*:[ \t]*(.*)")
_HEADING = re.compile(r"\A\s*#[ \t]+(.+?)[ \t]*#*[ \t]*(?:\n|\Z)")


class Brought(msgspec.Struct, frozen=True):
    """As a file says it: words that may be wrong, for whoever keeps them to check."""

    path: str
    written: shapes.Written
    language: str
    collection: str
    audience: str


def read(path: str, content: bytes, *, languages: list[str]) -> Brought:
    """Languages and collections also stand in its path: `en/billing/refunds.md`, `billing/refunds.id.md`."""
    words = content.decode("utf-8-sig", errors="replace").replace("\0", "").replace("\r\n", "\n")
    place = PurePosixPath(path)
    said: dict[str, str] = {}
    title = ""
    if path.lower().endswith((".html", ".htm")):
        title, body = pages.title_of(words), pages.markdown(words)
    else:
        said, body = _above(words)
    if (heading := _HEADING.match(body)) is not None:
        title, body = said.get("title") or _plain(heading[1]), body[heading.end() :].lstrip("\n")
    stem, in_name = _stem(place.name, languages)
    folders = [one for one in place.parts[:-1] if one not in languages]
    in_path = next((one for one in place.parts[:-1] if one in languages), "")
    language = said.get("language") or said.get("lang") or in_name or in_path or languages[0]
    audience = said.get("audience", "public")
    return Brought(
        path,
        shapes.Written(
            title=(said.get("title") or title or stem.replace("-", " ").replace("_", " ").capitalize())[: shapes.TITLE],
            summary=said.get("summary") or said.get("description") or "", body=body,
            slug=drawing.slug(said.get("slug") or stem),
        ),
        language if language in languages else languages[0],
        said.get("collection") or said.get("category") or "".join(folders[-1:]).replace("-", " ").capitalize(),
        audience if audience in Audience.values else "agents",
    )  # fmt: skip


def _above(words: str) -> tuple[dict[str, str], str]:
    found = _ABOVE.match(words)
    if found is None:
        return {}, words
    said = {}
    for line in found[1].split("\n"):
        if (pair := _PAIR.fullmatch(line.strip())) is not None:
            said[pair[1].lower()] = pair[2].strip().strip("\"'")
    return said, words[found.end() :].lstrip("\n")


def _plain(heading: str) -> str:
    return drawing.draw(heading).plain.strip() or heading


def _stem(name: str, languages: list[str]) -> tuple[str, str]:
    stem = name.rpartition(".")[0]
    first, dot, code = stem.rpartition(".")
    return (first, code) if dot and code in languages else (stem, "")
