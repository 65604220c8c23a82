"""What keeps a form from being published, each in a sentence that says where."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import msgspec
from django.conf.locale import LANG_INFO
from django.utils.translation import gettext as _

from careline.experience.surveys import recalling
from careline.experience.surveys.asking import OF_FIELD
from careline.experience.surveys.shapes import (
    CHOICES,
    CSAT_POINTS,
    SCALES,
    Form,
    Option,
    Question,
    Words,
    bounds,
)


class Problem(msgspec.Struct, frozen=True):
    """`of` is the key of a question, or nothing where it is about the whole."""

    of: str
    sentence: str


def problems(form: Form) -> list[Problem]:
    return [*_whole(form), *(found for n, one in enumerate(form.questions) for found in _of_question(form, n, one))]


def _whole(form: Form) -> Iterator[Problem]:
    for language in form.languages:
        if language not in LANG_INFO:
            yield Problem("", _("%(code)s is no language we know.") % {"code": language})
    if len(set(form.languages)) < len(form.languages):
        yield Problem("", _("A language stands there twice."))
    if not form.questions:
        yield Problem("", _("A survey asks at least one question."))
    keys = [one.key for one in form.questions]
    if len(set(keys)) < len(keys):
        yield Problem("", _("Two questions have the same key."))
    yield from _untold(form, "", _("The title"), form.title)
    if form.anonymous:
        if form.fields:
            yield Problem("", _("An anonymous survey takes no hidden fields: they could say who answered."))
        if any(one.type == "file" for one in form.questions):
            yield Problem("", _("An anonymous survey takes no files: they could say who answered."))
    for quota in form.quotas:
        if quota.of and not _can_be(form.question(quota.of), quota.value):
            yield Problem("", _("A quota counts an answer that cannot be given."))


def _of_question(form: Form, number: int, one: Question) -> Iterator[Problem]:
    yield from _untold(form, one.key, _("The question"), one.words)
    if one.type == "ces1":
        yield Problem(one.key, _("Effort from 1 to 5 comes only with answers of earlier years; ask from 1 to 7."))
    if one.type == "csat" and one.points not in CSAT_POINTS:
        yield Problem(one.key, _("Satisfaction is asked in 3, 4, 5, 6, 7 or 10 steps."))
    if one.type in CHOICES:
        yield from _of_options(form, one, one.options)
        if one.type == "matrix":
            yield from _of_options(form, one, one.rows, least=1)
    earlier = {question.key: question for question in form.questions[:number]}
    for condition in one.when:
        if condition.of.startswith(OF_FIELD):
            if condition.of.removeprefix(OF_FIELD) not in form.fields:
                yield Problem(one.key, _("It depends on a hidden field that is not there."))
        elif condition.of not in earlier:
            yield Problem(one.key, _("It depends on a question that does not come before it."))
        elif condition.test in ("is", "is_not") and not _can_be(earlier[condition.of], condition.value):
            yield Problem(one.key, _("It depends on an answer that cannot be given."))
    for place in _recalled(one):
        sort, _colon, key = place.partition(":")
        if (sort == "answer" and key not in earlier) or (sort == "field" and key not in form.fields):
            yield Problem(one.key, _("It recalls {%(place)s}, which is not known by then.") % {"place": place})


def _of_options(form: Form, one: Question, options: list[Option], least: int = 2) -> Iterator[Problem]:
    if len(options) < least:
        yield Problem(one.key, _("There is too little to choose from."))
    if len({option.key for option in options}) < len(options):
        yield Problem(one.key, _("Two choices have the same key."))
    for option in options:
        yield from _untold(form, one.key, _("A choice"), option.words)


def _untold(form: Form, of: str, what: str, words: Words) -> Iterator[Problem]:
    """What is not said in the first language; the others fall back to it."""
    if not words.get(form.languages[0], "").strip():
        yield Problem(of, _("%(what)s has no words in the first language.") % {"what": what})


def _can_be(question: Question | None, value: str | int | None) -> bool:
    if question is None or value is None:
        return False
    if question.type in SCALES:
        ends = bounds(question)
        return ends is not None and str(value).isdecimal() and ends[0] <= int(value) <= ends[1]
    return question.type in ("single", "multiple", "ranking") and value in [one.key for one in question.options]


def _recalled(one: Question) -> set[str]:
    texts: Iterable[Words] = (
        one.words, one.hint, one.low, one.high, one.comment,
        *(option.words for option in [*one.options, *one.rows]),
    )  # fmt: skip
    return {place for words in texts for place in recalling.places(words)}
