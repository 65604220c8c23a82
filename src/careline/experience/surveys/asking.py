"""Which question comes next, and whether an answer fits it: pure, and the same for page, program and channel."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from careline.experience.surveys.shapes import Answer, Answers, Condition, Form, Question, Quota, bounds
from careline.kit import text
from careline.kit.refusals import Refused

LONGEST = 5000
MOST_FILES = 5
OF_FIELD = "field:"


def path(form: Form, answers: Answers, fields: Mapping[str, str]) -> list[Question]:
    """The questions on this person's way, in their order; an answer to one that is not on it counts for nothing."""
    asked: list[Question] = []
    known: Answers = {}
    for question in form.questions:
        if _is_asked(question, known, fields):
            asked.append(question)
            if question.key in answers:
                known[question.key] = answers[question.key]
    return asked


def following(form: Form, answers: Answers, fields: Mapping[str, str]) -> Question | None:
    """The next to ask; None when everything was asked."""
    return next((one for one in path(form, answers, fields) if one.key not in answers), None)


def on_path(form: Form, answers: Answers, fields: Mapping[str, str]) -> Answers:
    """What counts: the answers given on the way that was taken in the end."""
    return {
        one.key: answers[one.key]
        for one in path(form, answers, fields)
        if one.key in answers and answers[one.key].is_given
    }


def _is_asked(question: Question, known: Answers, fields: Mapping[str, str]) -> bool:
    if not question.when:
        return True
    holds = [_holds(one, known, fields) for one in question.when]
    return any(holds) if question.any else all(holds)


def _holds(condition: Condition, known: Answers, fields: Mapping[str, str]) -> bool:
    if condition.of.startswith(OF_FIELD):
        value: Any = fields.get(condition.of.removeprefix(OF_FIELD)) or None
    else:
        value = known[condition.of].value if condition.of in known else None
    match condition.test:
        case "answered":
            return value is not None
        case "not_answered":
            return value is None
        case "is":
            return matches(value, condition.value)
        case "is_not":
            return value is not None and not matches(value, condition.value)
    try:
        number, bound = float(value), float(condition.value)  # type: ignore[arg-type]  # what is no number holds not
    except (TypeError, ValueError):
        return False
    return number >= bound if condition.test == "at_least" else number <= bound


def matches(value: Any, wanted: str | int | None) -> bool:
    """Of several chosen one is enough; of a ranking it is the first."""
    if value is None or wanted is None:
        return False
    if isinstance(value, list):
        return str(wanted) in (str(one) for one in value)
    return str(value) == str(wanted)


def chosen(question: Question, value: Any) -> Any:
    """As quotas and branches look at it: of a ranking what was put first."""
    return value[0] if question.type == "ranking" and value else value


def hit(form: Form, quota: Quota, answers: Answers) -> bool:
    """Whether an answer falls under this quota."""
    if not quota.of:
        return True
    question, given = form.question(quota.of), answers.get(quota.of)
    return question is not None and given is not None and matches(chosen(question, given.value), quota.value)


def checked(question: Question, value: Any, words: str = "", *, at: datetime | None = None) -> Answer:
    """The answer as it is kept, or a refusal that says what does not fit. An empty one was passed over."""
    words = text.clean(words.replace("\r\n", "\n"), field=question.key, label=_("Your words"), limit=LONGEST).strip()
    if words and not question.comment:
        raise Refused(_("This question takes no words beside the answer."), field=question.key)
    if isinstance(value, str):
        value = value.replace("\r\n", "\n")
    empty = value is None or value == [] or value == {} or (isinstance(value, str) and not value.strip())
    if empty and question.required:
        raise Refused(_("This question needs an answer."), field=question.key)
    return Answer(None if empty else _value(question, value), words, at)


def _value(question: Question, value: Any) -> Any:
    match question.type:
        case "single":
            return _one(question, value)
        case "multiple":
            return _several(question, value)
        case "ranking":
            return _ranked(question, value)
        case "matrix":
            return _rows(question, value)
        case "text":
            if not isinstance(value, str):
                raise _unfit(question)
            return text.clean(value, field=question.key, label=_("Your answer"), limit=LONGEST).strip()
        case "file":
            return _files(question, value)
    return _step(question, value)


def _step(question: Question, value: Any) -> int:
    ends = bounds(question)
    assert ends is not None
    if isinstance(value, str) and value.strip().isascii() and value.strip().isdigit() and len(value) < 4:
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, int) or not ends[0] <= value <= ends[1]:
        raise Refused(
            _("Choose a number from %(low)s to %(high)s.") % {"low": ends[0], "high": ends[1]}, field=question.key
        )
    return value


def _one(question: Question, value: Any) -> str:
    if value not in [one.key for one in question.options]:
        raise _unfit(question)
    return str(value)


def _several(question: Question, value: Any) -> list[str]:
    if not isinstance(value, list):
        raise _unfit(question)
    given = [_one(question, one) for one in value]
    return [one.key for one in question.options if one.key in given]


def _ranked(question: Question, value: Any) -> list[str]:
    """All of them, the best first."""
    keys = {one.key for one in question.options}
    if not isinstance(value, list) or any(not isinstance(one, str) for one in value):
        raise _unfit(question)
    if len(value) != len(keys) or set(value) != keys:
        raise Refused(_("Give each its own place."), field=question.key)
    return list(value)


def _rows(question: Question, value: Any) -> dict[str, str]:
    if not isinstance(value, dict) or set(value) - {one.key for one in question.rows}:
        raise _unfit(question)
    if question.required and len(value) < len(question.rows):
        raise Refused(_("Choose one in every row."), field=question.key)
    return {row.key: _one(question, value[row.key]) for row in question.rows if row.key in value}


def _files(question: Question, value: Any) -> list[str]:
    if not isinstance(value, list) or len(value) > MOST_FILES:
        raise Refused(_("At most %(most)s files.") % {"most": MOST_FILES}, field=question.key)
    try:
        return [str(uuid.UUID(one)) for one in value]
    except (ValueError, AttributeError, TypeError):
        raise _unfit(question) from None


def _unfit(question: Question) -> Refused:
    return Refused(_("Choose one from the list."), field=question.key)
