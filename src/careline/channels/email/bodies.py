"""Which parts are the text, which the HTML and which are files: the walk of RFC 8621, section 4.1.4."""

from __future__ import annotations

import msgspec

from careline.channels.email.tree import Part

_MEDIA = {"image", "audio", "video"}
_TEXTS = {"text/plain", "text/html"}


class Chosen(msgspec.Struct):
    """Parts may be in the text and in the HTML alike; pictures within the text are files too."""

    text: list[Part] = []
    html: list[Part] = []
    files: list[Part] = []
    # A part that was cut off is a file then (literal.py).
    literal: bool = False


class _Level(msgspec.Struct):
    """How far we are in one multipart; what was in the lists when it began."""

    part: Part
    inside: bool
    next: int = 0
    texts: int = 0
    htmls: int = 0


class _Lists(msgspec.Struct):
    text: list[Part] | None
    html: list[Part] | None


def chosen(root: Part, *, literal: bool = False) -> Chosen:
    found = Chosen(literal=literal)
    lists = _Lists(found.text, found.html)
    if root.main != "multipart":
        _sort(root, 0, "mixed", _Lists(found.text, found.html), found, inside=False)
        return found
    stack = [_Level(root, root.kind == "multipart/alternative")]
    saved = [lists]
    while stack:
        level, lists = stack[-1], saved[-1]
        if level.next >= len(level.part.parts):
            if level.part.kind == "multipart/alternative":
                _complete(level, lists)
            stack.pop()
            saved.pop()
            continue
        part, number = level.part.parts[level.next], level.next
        level.next += 1
        if part.main == "multipart":
            # A part of an alternative that drops one list does so for itself only.
            inner = _Lists(lists.text, lists.html)
            stack.append(
                _Level(
                    part,
                    level.inside or part.kind == "multipart/alternative",
                    texts=len(lists.text) if lists.text is not None else -1,
                    htmls=len(lists.html) if lists.html is not None else -1,
                )
            )
            saved.append(inner)
        else:
            _sort(part, number, level.part.kind.partition("/")[2], lists, found, inside=level.inside)
    return found


def _sort(part: Part, number: int, within: str, lists: _Lists, found: Chosen, *, inside: bool) -> None:
    media = part.main in _MEDIA
    shown = (
        not (part.attached or (found.literal and part.cut))
        and (part.kind in _TEXTS or media)
        and (number == 0 or (within != "related" and (media or not named(part))))
    )
    if not shown:
        found.files.append(part)
        return
    if within == "alternative":
        if part.kind == "text/plain" and lists.text is not None:
            lists.text.append(part)
        elif part.kind == "text/html" and lists.html is not None:
            lists.html.append(part)
        else:
            found.files.append(part)
        return
    if inside:
        if part.kind == "text/plain":
            lists.html = None
        elif part.kind == "text/html":
            lists.text = None
    if lists.text is not None:
        lists.text.append(part)
    if lists.html is not None:
        lists.html.append(part)
    if media:
        found.files.append(part)


def _complete(level: _Level, lists: _Lists) -> None:
    """An alternative that has one of the two only stands for both."""
    if lists.text is None or lists.html is None:
        return
    if len(lists.text) == level.texts and len(lists.html) != level.htmls:
        lists.text.extend(lists.html[level.htmls :])
    elif len(lists.html) == level.htmls and len(lists.text) != level.texts:
        lists.html.extend(lists.text[level.texts :])


def named(part: Part) -> bool:
    return bool(part.disposition.parameters.get("filename") or part.parameters.get("name"))
