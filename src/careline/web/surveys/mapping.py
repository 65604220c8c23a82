"""What the columns of a file of answers are taken for, as a form: drawn from a guess, and read back."""

from __future__ import annotations

from typing import Any
from zoneinfo import available_timezones

import msgspec
from django.http import QueryDict
from django.utils.translation import gettext as _

from careline.experience.surveys.bringing import meaning
from careline.experience.surveys.bringing.meaning import AnswerColumn, AnswersMeaning, FieldColumn
from careline.experience.surveys.bringing.queries import Look
from careline.kit.refusals import Refused
from careline.web.surveys import words

_PARTS = {"words": "words", "option:multiple": "option", "option:ranking": "option", "row:matrix": "row"}
_NAMED = "field"


class Row(msgspec.Struct, frozen=True):
    """A column as the form shows it; `labels` is “Good = 5; Bad = 1”."""

    name: str
    said: str
    examples: list[str]
    taken: str
    words: str = ""
    key: str = ""
    points: int = 5
    start: int = 1
    labels: str = ""


def choices() -> list[tuple[str, list[tuple[str, str]]]]:
    """By group, what a column can be."""
    whose = [
        ("id", _("The number of the answer")), ("at", _("When it was answered")), ("begun", _("When it was begun")),
        ("email", _("Who: an address")), ("phone", _("Who: a phone number")), ("external", _("Who: a number of yours")),
        ("conversation", _("The conversation it is about")), ("finished", _("Whether it is complete")),
        ("language", _("The language")), ("status", _("Whether it is a trial")), (_NAMED, _("A hidden field")),
    ]  # fmt: skip
    kinds = dict(words.types())
    asked = [(f"q:{one}", kinds.get(one) or words.type_word(one)) for one in meaning.TYPES if one != "matrix"]
    parts = [
        ("words", _("Words beside the question above")), ("option:multiple", _("One choice of several")),
        ("option:ranking", _("The place of one choice")), ("row:matrix", _("One row of a table")),
    ]  # fmt: skip
    return [
        ("", [("", _("Left out"))]), (_("About the answer"), whose), (_("A question"), asked),
        (_("Part of a question"), parts),
    ]  # fmt: skip


def rows(look: Look) -> list[Row]:
    roles = {name: role for role in meaning.ROLES if (name := getattr(look.meant, role))}
    asked = {one.column: one for one in look.meant.questions}
    kept = {one.column for one in look.meant.fields}
    found = []
    for column in look.columns:
        one, examples = asked.get(column.name), look.examples[column.name]
        said = column.words if column.words != column.name else ""
        said = f"{said} – {column.part}" if column.part else said
        if one is None:
            taken = _NAMED if column.name in kept else roles.get(column.name, "")
            found.append(Row(column.name, said, examples, taken, column.words))
            continue
        taken = (
            f"q:{one.type}" if one.part == "answer" else "words" if one.part == "words" else f"{one.part}:{one.type}"
        )
        labels = "; ".join(f"{label} = {step}" for label, step in one.labels.items())
        told = one.words or column.words
        found.append(Row(column.name, said, examples, taken, told, one.key, one.points, one.start, labels))
    return found


def zones() -> list[str]:
    return sorted(available_timezones())


def read(post: QueryDict, look: Look) -> AnswersMeaning:
    """As the form says it; what is refused says which column it is about."""
    given: dict[str, Any] = {"survey": _number(post.get("survey", "")), "said_in": look.meant.said_in}
    given |= {"order": post.get("order", ""), "zone": post.get("zone", ""), "unknown": post.get("unknown", "")}
    given |= {"anonymous": bool(post.get("anonymous")), "own": look.meant.own}
    questions: list[AnswerColumn] = []
    fields: list[FieldColumn] = []
    for n, column in enumerate(look.columns):
        taken = post.get(f"as.{n}", "")
        if taken in meaning.ROLES:
            if given.get(taken):
                raise Refused(_("Two columns are taken for “%(what)s”: choose one.") % {"what": taken})
            given[taken] = column.name
        elif taken == _NAMED:
            name = column.name.removeprefix("field:")
            plain = meaning.key_of(name, [one.name for one in fields])
            fields.append(
                FieldColumn(column=column.name, name=name if name.isidentifier() and name.isascii() else f"f_{plain}")
            )
        elif taken:
            questions.append(_asked(post, n, column.name, column.part or column.name, taken, questions))
    try:
        return msgspec.convert({**given, "fields": fields, "questions": questions}, AnswersMeaning)
    except msgspec.ValidationError as error:
        raise Refused(str(error)) from None


def _asked(post: QueryDict, n: int, column: str, of: str, taken: str, before: list[AnswerColumn]) -> AnswerColumn:
    part = _PARTS.get(taken, "answer")
    last = before[-1] if before else None
    words = post.get(f"words.{n}", "").strip() or column
    taken_keys = [one.key for one in before]
    key = post.get(f"key.{n}", "")
    if part == "words":
        if last is None:
            raise Refused(
                _("Words stand beside a question, and there is none above “%(column)s”.") % {"column": column}
            )
        # Of the question it was guessed for, else of the one above.
        one = next((each for each in before if each.key == key), last)
        return msgspec.structs.replace(one, column=column, part="words", of="", labels={})
    type = taken.partition(":")[2]
    same = next((one for one in before if one.part == part and one.type == type and one.words == words), None)
    if part != "answer" and not key:
        key = same.key if same else ""
    if not key or (part == "answer" and key in taken_keys):
        key = meaning.key_of(words, taken_keys)
    told = {
        "column": column, "key": key, "type": type, "words": words[:2000], "part": part,
        "of": (post.get(f"of.{n}") or of) if part != "answer" else "", "points": _number(post.get(f"points.{n}", "5")),
        "start": _number(post.get(f"start.{n}", "1")), "labels": _labels(post.get(f"labels.{n}", "")),
    }  # fmt: skip
    try:
        return msgspec.convert(told, AnswerColumn)
    except msgspec.ValidationError as error:
        raise Refused(f"{column}: {error}") from None


def _labels(said: str) -> dict[str, int]:
    found = {}
    for one in said.replace("\n", ";").split(";"):
        label, _is, step = one.rpartition("=")
        if label.strip():
            found[label.strip()] = _number(step.strip())
    return found


def _number(said: str) -> int:
    return int(said) if said.isascii() and said.isdecimal() and len(said) < 19 else 0
