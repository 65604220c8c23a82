"""What the columns of a file of answers are taken for, and the questions that makes."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Annotated, Literal
from zoneinfo import available_timezones

import msgspec
from django.utils.translation import gettext as _
from msgspec import Meta

from careline.experience.surveys.shapes import CSAT_POINTS, Field, Form, Key, Option, Question, Type, bounds
from careline.kit import text
from careline.kit.refusals import Refused
from careline.tracking.importing.cells import Order

ROLES = ("id", "at", "begun", "email", "phone", "external", "conversation", "finished", "language", "status")
TYPES: tuple[Type, ...] = (
    "nps", "csat", "ces", "ces1", "scale", "single", "multiple", "matrix", "ranking", "text",
)  # fmt: skip
PARTED = {"multiple": "option", "ranking": "option", "matrix": "row"}
# What a question and what a form may hold.
MOST_OPTIONS, MOST_ROWS, MOST_QUESTIONS, MOST_FIELDS = 60, 30, 100, 20
_NO_WORD = re.compile(r"[^a-z0-9]+")


class AnswerColumn(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A column and the question it answers, or which part of it: the words beside, one choice of several, one row."""

    column: str
    key: Key
    type: Type = "text"
    words: Annotated[str, Meta(max_length=2000)] = ""
    part: Literal["answer", "words", "option", "row"] = "answer"
    of: Annotated[str, Meta(max_length=2000)] = ""
    start: Annotated[int, Meta(ge=0, le=1)] = 1
    points: Annotated[int, Meta(ge=2, le=10)] = 5
    # Which step of a scale a word is: {"Very good": 5}.
    labels: dict[str, int] = {}


class FieldColumn(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A column that is kept with the answer as a hidden field."""

    column: str
    name: Field


class AnswersMeaning(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """Names of columns, and what holds for all rows; "" is none."""

    form: Literal["answers"] = "answers"
    # Whose answers they are, and in which language they were asked.
    survey: int = 0
    said_in: Annotated[str, Meta(max_length=12)] = "en"
    id: str = ""
    at: str = ""
    begun: str = ""
    email: str = ""
    phone: str = ""
    external: str = ""
    conversation: str = ""
    finished: str = ""
    language: str = ""
    # Says of a row that it is a preview or a trial.
    status: str = ""
    # Of files this program wrote: the code of the survey each answer was given to.
    own: str = ""
    fields: list[FieldColumn] = []
    questions: list[AnswerColumn] = []
    order: Order = "auto"
    zone: str = "UTC"
    # Of a row whose customer nobody knows, or that names none.
    unknown: Literal["nobody", "refuse", "make"] = "nobody"
    anonymous: bool = False


def checked(wanted: AnswersMeaning, known: Sequence[str], base: Form | None, *, may_grow: bool) -> AnswersMeaning:
    """Refuses what cannot be; questions the survey has are taken as it has them."""
    if not wanted.at:
        raise Refused(_("Say which column holds the time of the answer."), field="at")
    if not wanted.questions:
        raise Refused(_("Say which columns are answers."), field="questions")
    used = [name for role in ROLES if (name := getattr(wanted, role))]
    used += [*(one.column for one in wanted.fields), *(one.column for one in wanted.questions)]
    for name in used:
        if name not in known:
            raise Refused(_("There is no column “%(name)s” in this file.") % {"name": name[:100]}, field="questions")
    if len(set(used)) < len(used):
        raise Refused(_("One column is taken for two things."), field="questions")
    if wanted.zone not in available_timezones():
        raise Refused(_("“%(zone)s” is not a time zone.") % {"zone": wanted.zone[:60]}, field="zone")
    for one in wanted.questions:
        _must_fit(one, base, may_grow)
    if base is not None and base.anonymous and not wanted.anonymous:
        raise Refused(_("An anonymous survey takes no customer, no conversation and no hidden fields."), field="any")
    if wanted.anonymous and (wanted.fields or wanted.conversation):
        raise Refused(_("An anonymous survey takes no customer, no conversation and no hidden fields."), field="any")
    if not may_grow and base is not None and (strange := {one.name for one in wanted.fields} - set(base.fields)):
        raise Refused(_("This survey has no hidden field %(name)s.") % {"name": min(strange)}, field="fields")
    wanted = msgspec.structs.replace(wanted, questions=[_as_asked(one, base) for one in wanted.questions])
    grown(wanted, base, {}, "-")
    return wanted


def _must_fit(one: AnswerColumn, base: Form | None, may_grow: bool) -> None:
    there = base.question(one.key) if base is not None else None
    if there is None and not may_grow:
        told = _("This survey asks no “%(key)s”, and it is open: its questions are those that were published.")
        raise Refused(told % {"key": one.key}, field="questions")
    if one.type not in TYPES or (there is not None and there.type == "file"):
        raise Refused(_("Files are sent on the survey's own page."), field="questions")
    if one.type == "csat" and there is None and one.points not in CSAT_POINTS:
        raise Refused(_("Satisfaction is asked in 3, 4, 5, 6, 7 or 10 steps."), field="questions")
    if one.part in ("option", "row") and not one.of.strip():
        raise Refused(_("Say which choice or row a column is of."), field="questions")


def _as_asked(one: AnswerColumn, base: Form | None) -> AnswerColumn:
    there = base.question(one.key) if base is not None else None
    if there is None:
        return one
    return msgspec.structs.replace(one, type=there.type, start=there.start, points=there.points)


def grown(wanted: AnswersMeaning, base: Form | None, found: Mapping[str, Sequence[str]], title: str) -> Form:
    """The form with the questions of these columns, and among the choices those that were `found`, by key."""
    asked = {one.key: one for one in base.questions} if base is not None else {}
    for key in dict.fromkeys(one.key for one in wanted.questions):
        columns = [one for one in wanted.questions if one.key == key]
        asked[key] = _question(key, columns, asked.get(key), found.get(key, ()), wanted.said_in)
    fields = list(dict.fromkeys([*(base.fields if base else []), *(one.name for one in wanted.fields)]))
    if len(asked) > MOST_QUESTIONS or len(fields) > MOST_FIELDS:
        told = _("A survey has at most %(questions)s questions and %(fields)s hidden fields.")
        raise Refused(told % {"questions": MOST_QUESTIONS, "fields": MOST_FIELDS}, field="questions")
    if base is not None:
        return msgspec.structs.replace(base, questions=[*asked.values()], fields=fields)
    return Form(
        languages=[wanted.said_in], title={wanted.said_in: title}, questions=[*asked.values()], fields=fields,
        anonymous=wanted.anonymous,
    )  # fmt: skip


def _question(
    key: str, columns: Sequence[AnswerColumn], there: Question | None, found: Sequence[str], language: str
) -> Question:
    first = next((one for one in columns if one.part != "words"), columns[0])
    one = there or Question(
        key=key, type=first.type, words={language: first.words or first.column}, start=first.start, points=first.points
    )
    if there is None and len({(each.type, each.start, each.points) for each in columns if each.part != "words"}) > 1:
        raise Refused(_("Columns of one question are of one type: “%(key)s”.") % {"key": key}, field="questions")
    named = [each.of for each in columns if each.part == PARTED.get(one.type)]
    options, rows = one.options, one.rows
    if one.type == "matrix":
        options, rows = _more(options, found, MOST_OPTIONS, language), _more(rows, named, MOST_ROWS, language)
    elif one.type in ("single", "multiple", "ranking"):
        options = _more(options, [*named, *found], MOST_OPTIONS, language)
    comment = one.comment or ({language: _("In their words")} if any(each.part == "words" for each in columns) else {})
    return msgspec.structs.replace(one, options=options, rows=rows, comment=comment)


def _more(options: list[Option], labels: Sequence[str], most: int, language: str) -> list[Option]:
    """With those that are not there yet, as far as there is room."""
    known, found = choices(options), list(options)
    for label in labels:
        told = " ".join(label.split())
        if told and folded(told) not in known and len(found) < most:
            key = key_of(told, [one.key for one in found])
            found.append(Option(key=key, words={language: told[:2000]}))
            known[folded(told)] = key
    return found


def choices(options: Sequence[Option]) -> dict[str, str]:
    """The key of each choice by what it is called, in any language, and by itself."""
    found = {folded(words): one.key for one in options for words in one.words.values()}
    return found | {one.key: one.key for one in options}


def folded(words: str) -> str:
    return " ".join(words.casefold().split())


def key_of(words: str, taken: Sequence[str]) -> str:
    plain = _NO_WORD.sub("_", text.fold(words)).strip("_")[:34] or "choice"
    return next(one for n in range(1, 10**6) if (one := plain if n == 1 else f"{plain}_{n}") not in taken)


def steps(one: AnswerColumn) -> tuple[int, int] | None:
    return bounds(Question(key=one.key, type=one.type, start=one.start, points=one.points))


def of_choices(wanted: AnswersMeaning) -> Iterator[AnswerColumn]:
    """Columns whose cells name choices."""
    for one in wanted.questions:
        if (one.part == "answer" and one.type in ("single", "multiple")) or (
            one.part == "row" and one.type == "matrix"
        ):
            yield one
