"""Phrasings from a file or a box: CSV with a code and a text, or lines of one intent."""

from __future__ import annotations

import csv
import io

from django.utils.translation import gettext as _

from careline.kit.refusals import Refused

LARGEST = 4 * 1024 * 1024
_HEADS = {"text", "utterance", "phrase", "phrasing", "label", "intent", "code", "category"}
_CODES = {"label", "intent", "code", "category"}


def read(content: bytes) -> tuple[list[tuple[str, str]], int]:
    """(code, text) of each row, and the number of the first of them in the file. Refused: it is no such table."""
    if len(content) > LARGEST:
        raise Refused(_("A file may have at most %(most)s MB.") % {"most": LARGEST // 1024 // 1024}, field="file")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Refused(_("The file is not written in UTF-8."), field="file") from None
    if "\0" in text:
        raise Refused(_("This is no text."), field="file")
    sample = text[:4_000].split("\n", 1)[0]
    mark = max((",", ";", "\t"), key=sample.count)
    try:
        rows = list(csv.reader(io.StringIO(text), delimiter=mark))
    except csv.Error as error:
        raise Refused(_("This is no CSV: %(why)s.") % {"why": error}, field="file") from None
    if not rows:
        raise Refused(_("The file is empty."), field="file")
    heads = [one.strip().casefold() for one in rows[0]]
    has_head = bool(set(heads) & _HEADS)
    code, said = _columns(heads) if has_head else (0, 1)
    found = [(_cell(row, code), _cell(row, said)) for row in rows[has_head:]]
    return found, 1 + has_head


def _columns(heads: list[str]) -> tuple[int, int]:
    code = next((place for place, one in enumerate(heads) if one in _CODES), -1)
    said = next((place for place, one in enumerate(heads) if one in _HEADS - _CODES), -1)
    if code < 0 or said < 0:
        raise Refused(_("The first row names the columns: one is “text”, one is “intent”."), field="file")
    return code, said


def _cell(row: list[str], place: int) -> str:
    return row[place].strip() if place < len(row) else ""
