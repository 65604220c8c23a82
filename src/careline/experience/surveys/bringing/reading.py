"""A row as an answer, by what its columns are taken for; or which column was wrong, and how."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
from django.utils.translation import gettext as _

from careline.accounts import queries as accounts
from careline.customers.identities import Given, Known, known
from careline.experience.surveys import asking
from careline.experience.surveys.actions.inviting import LONGEST_FIELD
from careline.experience.surveys.bringing import meaning
from careline.experience.surveys.bringing.meaning import AnswerColumn, AnswersMeaning
from careline.experience.surveys.shapes import Answer, Answers, Form, Question, bounds
from careline.kit import clock
from careline.kit.refusals import Refused
from careline.tracking.importing.rows import Wrong, digest, moment

KINDS = ("external", "email", "phone")
_NUMBER = re.compile(r"\s*(\d{1,2})(?:\.0+)?(?:\s*[-–—:.(].*|\s*)", re.DOTALL)
_UNFINISHED = ("false", "0", "no", "partial", "incomplete")
# Of Qualtrics: previews and trials by their number and by their name, and what it holds to be written by machines.
_TRIALS = ("1", "2", "8", "9", "12", "yes", "survey preview", "survey test", "spam", "preview", "test")
_PARTING = re.compile(r"\n|,(?! )|;")
_LONGEST_ID = 160


class Told(msgspec.Struct, frozen=True, kw_only=True):
    """`once` is its number in the file, or made of its content."""

    number: int
    once: str
    by_content: bool
    # The number of an answer of this very survey, as this program wrote it into a file.
    own: int | None
    names: list[Known]
    conversation: int | None
    at: datetime
    begun: datetime
    complete: bool
    answers: Answers
    fields: dict[str, str]
    language: str


def words() -> dict[str, str]:
    """Of the reasons that are ours."""
    return {
        "no_answer": _("holds no answer to any question"),
        "no_option": _("is none of the answers this question offers"),
        "no_order": _("gives no place of its own to each"),
        "no_step": _("is no number on the scale of this question"),
        "no_talk": _("is no conversation of this customer"),
        "not_asked": _("is not asked after these answers"),
        "trial": _("is a preview or a trial, and no answer"),
        "two_people": _("names two customers who are not known to be one"),
    }


class Reader:
    def __init__(self, meant: AnswersMeaning, form: Form, code: str) -> None:
        self.meant, self.form, self.code, self.zone = meant, form, code, ZoneInfo(meant.zone)
        self.country = accounts.organization().country
        self.now = clock.now()
        self.choices = {one.key: meaning.choices(one.options) for one in form.questions}
        self.rows = {one.key: meaning.choices(one.rows) for one in form.questions}
        self.columns: dict[str, list[AnswerColumn]] = {}
        for one in meant.questions:
            self.columns.setdefault(one.key, []).append(one)

    def read(self, number: int, row: dict[str, Any]) -> Told:
        meant = self.meant
        if _cell(row, meant.status).lower() in _TRIALS:
            raise Wrong(meant.status, "trial")
        at = self._moment(row, meant.at)
        begun = self._moment(row, meant.begun) if _cell(row, meant.begun) else at
        complete = _cell(row, meant.finished).lower() not in _UNFINISHED
        fields = {one.name: told for one in meant.fields if (told := self._kept(row, one.column))}
        answers = self._answers(row, at)
        if not any(one.is_given for one in answers.values()):
            raise Wrong("", "no_answer")
        answers = self._on_path(answers, fields, at, complete)
        names = [] if meant.anonymous else self._names(row)
        given = _cell(row, meant.id)
        if len(given) > _LONGEST_ID:
            raise Wrong(meant.id, "too_long")
        content = [[one.place for one in names], at, {key: (one.value, one.words) for key, one in answers.items()}]
        return Told(
            number=number, once=f"id-{given}" if given else f"row-{digest(content)}", by_content=not given,
            own=int(given) if self._is_own(row) and given.isdecimal() and len(given) < 19 else None, names=names,
            conversation=self._conversation(row), at=at, begun=min(begun, at), complete=complete, answers=answers,
            fields=fields, language=_cell(row, meant.language).lower()[:12] or meant.said_in,
        )  # fmt: skip

    def _is_own(self, row: dict[str, Any]) -> bool:
        return self.meant.own != "" and _cell(row, self.meant.own) == self.code

    def _moment(self, row: dict[str, Any], column: str) -> datetime:
        told = _cell(row, column)
        if not told:
            raise Wrong(column, "missing")
        try:
            found = moment(told, self.meant.order, self.zone)
        except (ValueError, OverflowError, OSError):
            raise Wrong(column, "no_moment") from None
        if found > self.now + timedelta(seconds=1):
            raise Wrong(column, "future")
        return found

    def _kept(self, row: dict[str, Any], column: str) -> str:
        told = _sound(row, column)
        if len(told) > LONGEST_FIELD:
            raise Wrong(column, "too_long")
        return told

    def _names(self, row: dict[str, Any]) -> list[Known]:
        found = []
        for kind in KINDS:
            column = getattr(self.meant, kind)
            if told := _cell(row, column):
                try:
                    found.append(known(Given(kind, told), country=self.country))
                except Refused:
                    raise Wrong(column, "no_name") from None
        return found

    def _conversation(self, row: dict[str, Any]) -> int | None:
        told = _cell(row, self.meant.conversation)
        if told and not (told.isascii() and told.isdecimal() and len(told) < 19):
            raise Wrong(self.meant.conversation, "no_talk")
        return int(told) if told else None

    def _answers(self, row: dict[str, Any], at: datetime) -> Answers:
        found: Answers = {}
        for key, columns in self.columns.items():
            question = self.form.question(key)
            assert question is not None
            beside = [told for one in columns if one.part == "words" and (told := _sound(row, one.column).strip())]
            parts = [
                (one, told) for one in columns if one.part != "words" and (told := _sound(row, one.column).strip())
            ]
            if not beside and not parts:
                continue
            words = "\n".join(beside).replace("\r\n", "\n")
            if len(words) > asking.LONGEST:
                raise Wrong(next(one.column for one in columns if one.part == "words"), "too_long")
            found[key] = Answer(self._value(question, columns, parts), words, at)
        return found

    def _value(
        self, question: Question, columns: Sequence[AnswerColumn], parts: Sequence[tuple[AnswerColumn, str]]
    ) -> Any:
        if not parts:
            return None
        first, told = parts[0]
        if bounds(question) is not None:
            return _step(question, first, told)
        match question.type:
            case "text":
                if len(told) > asking.LONGEST:
                    raise Wrong(first.column, "too_long")
                return told.replace("\r\n", "\n")
            case "single":
                return self._option(first, told)
            case "multiple":
                chosen = {key for one, told in parts for key in self._several(one, told)}
                return [one.key for one in question.options if one.key in chosen] or None
            case "matrix":
                given = {self._row(one): self._option(one, told) for one, told in parts}
                return {one.key: given[one.key] for one in question.rows if one.key in given}
        return self._ranked(question, columns, parts)

    def _option(self, one: AnswerColumn, told: str) -> str:
        found = self.choices[one.key].get(meaning.folded(told))
        if found is None:
            raise Wrong(one.column, "no_option")
        return found

    def _row(self, one: AnswerColumn) -> str:
        found = self.rows[one.key].get(meaning.folded(one.of))
        if found is None:
            raise Wrong(one.column, "no_option")
        return found

    def _several(self, one: AnswerColumn, told: str) -> list[str]:
        if one.part == "answer":
            return [self._option(one, part) for part in parted(told, self.choices[one.key])]
        return [] if told.lower() in ("0", "false", "no") else [self._option(one, one.of)]

    def _ranked(
        self, question: Question, columns: Sequence[AnswerColumn], parts: Sequence[tuple[AnswerColumn, str]]
    ) -> list[str]:
        if parts[0][0].part == "answer":
            order = [self._option(parts[0][0], one) for one in parted(parts[0][1], self.choices[question.key])]
        else:
            places = [(_step(None, one, told), self._option(one, one.of)) for one, told in parts]
            order = [key for _place, key in sorted(places)] if len({n for n, _key in places}) == len(places) else []
        if len(set(order)) < len(order) or set(order) != {one.key for one in question.options}:
            raise Wrong(columns[0].column, "no_order")
        return order

    def _on_path(self, answers: Answers, fields: dict[str, str], at: datetime, complete: bool) -> Answers:
        """Refused where the survey's own way leads past an answer; of a complete one the rest was passed over."""
        way = asking.path(self.form, answers, fields)
        if strange := set(answers) - {one.key for one in way}:
            raise Wrong(self.columns[min(strange)][0].column, "not_asked")
        if complete:
            for one in way:
                if one.required and one.key in self.columns and not (one.key in answers and answers[one.key].is_given):
                    raise Wrong(self.columns[one.key][0].column, "missing")
        return {one.key: answers.get(one.key, Answer(at=at)) for one in way if complete or one.key in answers}


def parted(told: str, known: dict[str, str]) -> list[str]:
    """Several in one cell; a choice that has a comma in it is known as a whole."""
    if meaning.folded(told) in known:
        return [told]
    return [one for part in _PARTING.split(told) if (one := part.strip())]


def _step(question: Question | None, one: AnswerColumn, told: str) -> int:
    ends = (1, meaning.MOST_OPTIONS) if question is None else bounds(question)
    assert ends is not None
    labels = {meaning.folded(label): step for label, step in one.labels.items()}
    number = labels.get(meaning.folded(told))
    if number is None and (found := _NUMBER.fullmatch(told)):
        number = int(found[1])
    if number is None or not ends[0] <= number <= ends[1]:
        raise Wrong(one.column, "no_step")
    return number


def _cell(row: dict[str, Any], column: str) -> str:
    return _sound(row, column).strip() if column else ""


def _sound(row: dict[str, Any], column: str) -> str:
    told = row.get(column) or ""
    if "\0" in told or (not told.isascii() and any("\ud800" <= one <= "\udfff" for one in told)):
        raise Wrong(column, "unstorable")
    return str(told)
