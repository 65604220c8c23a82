"""A question as a page draws it: its words in one language, what was answered before, and how a form is read back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec
from django.http import QueryDict

from careline.experience.surveys import asking
from careline.experience.surveys.recalling import Recall
from careline.experience.surveys.shapes import Answers, Form, Question, bounds


class Asked(msgspec.Struct, frozen=True):
    """`value` is what stands in the field: text for scales and choices, a list, or rows."""

    key: str
    type: str
    words: str
    hint: str
    required: bool
    steps: list[int]
    low: str
    high: str
    options: list[tuple[str, str]]
    rows: list[tuple[str, str]]
    comment: str
    value: Any
    said: str
    # Chosen by the link, and not sent yet.
    is_proposed: bool = False


def asked(question: Question, recall: Recall, answers: Answers, proposed: str = "") -> Asked:
    ends = bounds(question)
    before = answers.get(question.key)
    value: Any = "" if before is None or before.value is None else before.value
    if isinstance(value, int):
        value = str(value)
    fits = bool(proposed) and proposes(question, proposed)
    return Asked(
        question.key, question.type, recall(question.words), recall(question.hint), question.required,
        list(range(ends[0], ends[1] + 1)) if ends else [], recall(question.low), recall(question.high),
        [(one.key, recall(one.words)) for one in question.options],
        [(one.key, recall(one.words)) for one in question.rows], recall(question.comment), proposed if fits else value,
        before.words if before else "", fits,
    )  # fmt: skip


def proposes(question: Question, given: str) -> bool:
    """Whether one tap elsewhere can answer it: a step of a scale, or one choice."""
    ends = bounds(question)
    if ends is not None:
        return given.isascii() and given.isdecimal() and len(given) < 3 and ends[0] <= int(given) <= ends[1]
    return question.type == "single" and given in [one.key for one in question.options]


def value(question: Question, post: QueryDict) -> Any:
    """What a form says; nothing where it was passed over."""
    if post.get("skip"):
        return None
    match question.type:
        case "multiple":
            return post.getlist("value")
        case "matrix":
            return {row.key: given for row in question.rows if (given := post.get(f"row.{row.key}", ""))}
        case "ranking":
            return _ranked(question, post)
        case "file":
            return None
    return post.get("value", "")


def _ranked(question: Question, post: QueryDict) -> list[str]:
    """By the places that were given; two at one place are refused where the answer is checked."""
    places = {one.key: post.get(f"place.{one.key}", "") for one in question.options}
    if not any(places.values()):
        return []
    if len(set(places.values())) < len(places) or not all(
        place.isdecimal() and len(place) < 3 for place in places.values()
    ):
        return [""]
    return sorted(places, key=lambda key: int(places[key]))


def shown(question: Question, post: QueryDict) -> Any:
    """What was sent and refused, as the field shows it again."""
    if question.type == "ranking":
        return {one.key: post.get(f"place.{one.key}", "") for one in question.options}
    return value(question, post) or ""


def place(form: Form, answers: Answers, fields: Mapping[str, str], key: str) -> tuple[int, int, str]:
    """Which question of how many on this way it is, and the key of the one before."""
    keys = [one.key for one in asking.path(form, answers, fields)]
    at = keys.index(key)
    return at + 1, len(keys), keys[at - 1] if at else ""
