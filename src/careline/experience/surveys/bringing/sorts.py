"""Files of answers as Qualtrics, SurveyMonkey, this program and others write them: CSV with one to three heads."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Literal

import msgspec
from django.utils.translation import gettext as _

from careline.customers.sheets import cells
from careline.experience.surveys import sheets
from careline.tracking.importing import formats

Sort = Literal["qualtrics", "surveymonkey", "careline", "csv"]
_MARK = '{"importid"'
_PLAIN = ("response", "open-ended response")
_SEEN = " - "


class Column(msgspec.Struct, frozen=True):
    """`name` is the only one of it in its file; `words` what was asked, `part` which choice or row it stands for."""

    name: str
    words: str = ""
    part: str = ""


class Heads(msgspec.Struct, frozen=True):
    sort: Sort
    columns: list[Column]
    # How many lines stand above the first answer.
    above: int


def heads(path: Path) -> Heads:
    first = [row for _n, row in _first(path) if isinstance(row, list)]
    if not first or not any(one.strip() for one in first[0]):
        raise formats.Unreadable(_("The file is empty."), field="file")
    names = [one.strip() for one in first[0]]
    if len(first) > 2 and any(_compact(one).startswith(_MARK) for one in first[2]):
        return Heads("qualtrics", _qualtrics(names, first[1]), 3)
    if len(first) > 1 and names[0].lower() == "respondent id" and not first[1][0].strip():
        return Heads("surveymonkey", _surveymonkey(names, first[1]), 2)
    sort: Sort = "careline" if tuple(names[: len(sheets.HEADS)]) == sheets.HEADS else "csv"
    return Heads(sort, [Column(one, one) for one in _apart(names)], 1)


def rows(path: Path, passed: formats.Passed) -> Iterator[formats.Row]:
    """Each answer by the names of its columns, with the line it begins in."""
    found = heads(path)
    names = [one.name for one in found.columns]
    for n, (number, row) in enumerate(formats.cut(path, passed)):
        if n < found.above:
            continue
        if isinstance(row, str):
            yield number, row
        elif len(row) > len(names):
            yield number, "cells"
        else:
            told = [cells.restored(one) for one in row] if found.sort == "careline" else row
            yield number, dict(zip(names, told, strict=False))


def _first(path: Path) -> Iterator[formats.Cells]:
    lines = formats.cells(path)
    for _n in range(3):
        try:
            yield next(lines)
        except StopIteration:
            return


def _compact(cell: str) -> str:
    return cell.replace(" ", "").lower()


def _qualtrics(names: Sequence[str], asked: Sequence[str]) -> list[Column]:
    """What stands behind the last dash of a question is the choice or row, where its column is one of several."""
    found = []
    for name, words in zip(_apart(names), [*asked, *[""] * len(names)], strict=False):
        told = " ".join(words.split())
        question, _dash, part = told.rpartition(_SEEN)
        is_part = name[-1:].isdigit() and "_" in name and question != ""
        found.append(Column(name, question.removesuffix(f"{_SEEN}Selected Choice") if is_part else told,
                            part if is_part else ""))  # fmt: skip
    return found


def _surveymonkey(names: Sequence[str], parts: Sequence[str]) -> list[Column]:
    found, asked = [], ""
    for name, part in zip(names, [*parts, *[""] * len(names)], strict=False):
        asked, told = name or asked, part.strip()
        is_plain = told.lower() in ("", *_PLAIN)
        found.append(Column(asked if is_plain else f"{asked}: {told}", asked, "" if is_plain else told))
    named = _apart([one.name for one in found])
    return [msgspec.structs.replace(one, name=name) for one, name in zip(found, named, strict=True)]


def _apart(names: Sequence[str]) -> list[str]:
    """None without a name, and no two with the same: “Why?” and “Why? (2)”."""
    found: dict[str, None] = {}
    for n, name in enumerate(names, 1):
        told, count = name or f"column {n}", 1
        while (told if count == 1 else f"{told} ({count})") in found:
            count += 1
        found[told if count == 1 else f"{told} ({count})"] = None
    return list(found)
