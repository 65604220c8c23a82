"""What stands in braces in a question: an earlier answer, a hidden field, the customer's name."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from careline.experience.surveys.shapes import CHOICES, Answers, Form, Question, Words

# {name|there}: what stands behind the line is said when nothing is known.
PLACE = re.compile(r"\{(name|field:[A-Za-z0-9_]{1,40}|answer:[a-z0-9_]{1,40})(?:\|([^{}|]{0,100}))?\}")


def said(words: Words, form: Form, language: str) -> str:
    """In the language, or in the survey's first."""
    return words.get(language) or words.get(form.languages[0], "")


def spoken(form: Form, wanted: Sequence[str]) -> str:
    """The first of these that the survey speaks, else its own first."""
    known = {one.split("-")[0].lower(): one for one in reversed(form.languages)} | {one: one for one in form.languages}
    for one in wanted:
        if one in known:
            return known[one]
        if (plain := one.split("-")[0].lower()) in known:
            return known[plain]
    return form.languages[0]


class Recall:
    """Fills in what is known of one respondent."""

    def __init__(
        self, form: Form, language: str, answers: Answers, fields: Mapping[str, str], *, name: str = ""
    ) -> None:
        self.form, self.language, self.answers, self.fields = form, language, answers, fields
        self.name = "" if form.anonymous else name

    def __call__(self, words: Words) -> str:
        return PLACE.sub(lambda found: self._known(found[1]) or found[2] or "", said(words, self.form, self.language))

    def _known(self, place: str) -> str:
        if place == "name":
            return self.name
        sort, _colon, key = place.partition(":")
        if sort == "field":
            return self.fields.get(key, "")
        question, given = self.form.question(key), self.answers.get(key)
        if question is None or given is None or given.value is None:
            return ""
        return worded(question, given.value, self.form, self.language)


def worded(question: Question, value: Any, form: Form, language: str) -> str:
    """An answer as a person reads it."""
    if question.type not in CHOICES:
        return "" if question.type == "file" else str(value)
    words = {one.key: said(one.words, form, language) for one in question.options}
    if isinstance(value, dict):
        rows = {one.key: said(one.words, form, language) for one in question.rows}
        return ", ".join(f"{rows.get(row, row)}: {words.get(one, one)}" for row, one in value.items())
    given = value if isinstance(value, list) else [value]
    return ", ".join(words.get(str(one), str(one)) for one in given)


def places(words: Words) -> set[str]:
    """What a text recalls."""
    return {found[1] for text in words.values() for found in PLACE.finditer(text)}
