"""Surveys to begin with, one for each moment of the journey, in the three languages of the house."""

from __future__ import annotations

from typing import Any

import msgspec
from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext, gettext_noop

from careline.experience.surveys.shapes import Condition, Form, Option, Question, Type, Words


class Beginning(msgspec.Struct, frozen=True):
    """`moment` says when it fits, in words."""

    key: str
    name: str
    moment: str
    title: str
    questions: tuple[tuple[str, Type, str, dict[str, Any]], ...]
    anonymous: bool = False


_WHY = gettext_noop("What made it so?")
_UNLIKELY, _LIKELY = gettext_noop("Not at all likely"), gettext_noop("Extremely likely")
_DISAGREE, _AGREE = gettext_noop("Disagree strongly"), gettext_noop("Agree strongly")
_BAD, _GOOD = gettext_noop("Very dissatisfied"), gettext_noop("Very satisfied")
_SATISFIED = {"low": _BAD, "high": _GOOD, "comment": _WHY, "required": True}
_EASY = {"low": _DISAGREE, "high": _AGREE, "comment": _WHY, "required": True}
_RECOMMEND = {"low": _UNLIKELY, "high": _LIKELY, "comment": _WHY, "required": True}

BEGINNINGS: tuple[Beginning, ...] = (
    Beginning(
        "help", gettext_noop("After help"), gettext_noop("A conversation was resolved"),
        gettext_noop("About our last talk"),
        (
            ("csat", "csat", gettext_noop("How satisfied are you with the help you got?"), _SATISFIED),
            ("solved", "single", gettext_noop("Is your matter settled?"), {
                "options": {"yes": gettext_noop("Yes"), "partly": gettext_noop("In part"), "no": gettext_noop("No")},
            }),
        ),
    ),
    Beginning(
        "effort", gettext_noop("Ease of help"), gettext_noop("A conversation was resolved"),
        gettext_noop("About our last talk"),
        (("ces", "ces", gettext_noop("You made it easy for me to get my matter settled."), _EASY),),
    ),
    Beginning(
        "delivery", gettext_noop("After delivery"), gettext_noop("An order arrived"),
        gettext_noop("About your delivery"),
        (
            ("ces", "ces", gettext_noop("It was easy to get my order."), _EASY),
            ("parts", "matrix", gettext_noop("How was it?"), {
                "rows": {
                    "time": gettext_noop("On time"), "packing": gettext_noop("Packing"),
                    "news": gettext_noop("News on the way"),
                },
                "options": {
                    "poor": gettext_noop("Poor"), "fair": gettext_noop("Fair"), "good": gettext_noop("Good"),
                },
            }),
        ),
    ),
    Beginning(
        "relationship", gettext_noop("How we stand"), gettext_noop("Twice a year, whatever happened"),
        gettext_noop("A question about us"),
        (
            ("nps", "nps", gettext_noop("How likely are you to recommend us to a friend or colleague?"), _RECOMMEND),
            ("better", "text", gettext_noop("What should we do better?"), {"when": ("nps", "at_most", 8)}),
            ("best", "text", gettext_noop("What do you like best?"), {"when": ("nps", "at_least", 9)}),
        ),
    ),
    Beginning(
        "onboarding", gettext_noop("First steps"), gettext_noop("Two weeks after somebody began"),
        gettext_noop("About your first days"),
        (
            ("ces", "ces", gettext_noop("It was easy to get started."), _EASY),
            ("stuck", "multiple", gettext_noop("Where did you get stuck?"), {
                "options": {
                    "account": gettext_noop("Setting up the account"), "finding": gettext_noop("Finding things"),
                    "understanding": gettext_noop("Understanding the words"), "nowhere": gettext_noop("Nowhere"),
                },
            }),
            ("missing", "text", gettext_noop("What did you look for and not find?"), {}),
        ),
    ),
    Beginning(
        "leaving", gettext_noop("On leaving"), gettext_noop("Somebody canceled or did not come back"),
        gettext_noop("Before you go"),
        (
            ("reason", "single", gettext_noop("What is the main reason that you leave?"), {
                "options": {
                    "price": gettext_noop("The price"), "missing": gettext_noop("Something was missing"),
                    "help": gettext_noop("The help I got"), "quality": gettext_noop("The quality"),
                    "need": gettext_noop("I no longer need it"), "other": gettext_noop("Something else"),
                },
                "comment": _WHY, "required": True,
            }),
            ("back", "text", gettext_noop("What would bring you back?"), {}),
        ),
    ),
    Beginning(
        "product", gettext_noop("A product"), gettext_noop("A few weeks after a purchase"),
        gettext_noop("About what you bought"),
        (
            ("csat", "csat", gettext_noop("How satisfied are you with it?"), _SATISFIED),
            ("matters", "ranking", gettext_noop("What matters most to you?"), {
                "options": {
                    "quality": gettext_noop("Quality"), "price": gettext_noop("Price"),
                    "looks": gettext_noop("Looks"), "service": gettext_noop("Service"),
                },
            }),
            ("picture", "file", gettext_noop("A picture, if you like"), {}),
        ),
    ),
    Beginning(
        "visit", gettext_noop("In the shop"), gettext_noop("Somebody is at the counter"),
        gettext_noop("About your visit"),
        (
            ("csat", "csat", gettext_noop("How was your visit today?"), _SATISFIED),
            ("found", "single", gettext_noop("Did you find what you came for?"), {
                "options": {"yes": gettext_noop("Yes"), "partly": gettext_noop("In part"), "no": gettext_noop("No")},
            }),
        ),
        anonymous=True,
    ),
    Beginning(
        "help_page", gettext_noop("A help page"), gettext_noop("Somebody read an article"),
        gettext_noop("About this page"),
        (
            ("helped", "single", gettext_noop("Did this page answer your question?"), {
                "options": {"yes": gettext_noop("Yes"), "no": gettext_noop("No")}, "required": True,
            }),
            ("missing", "text", gettext_noop("What was missing?"), {"when": ("helped", "is", "no")}),
        ),
    ),
)  # fmt: skip


def named(key: str) -> Beginning | None:
    return next((one for one in BEGINNINGS if one.key == key), None)


def form(beginning: Beginning | None, language: str) -> Form:
    """A form of one's own, to be changed at will; the language is the first. Nothing begins an empty one."""
    languages = [language, *(code for code, _name in settings.LANGUAGES if code != language)]
    if beginning is None:
        return Form(languages=[language], thanks=_in([language], gettext_noop("Thank you.")))
    return Form(
        languages=languages,
        title=_in(languages, beginning.title),
        thanks=_in(languages, gettext_noop("Thank you. Your answer helps us to do better.")),
        anonymous=beginning.anonymous,
        questions=[_question(languages, *one) for one in beginning.questions],
    )


def _question(languages: list[str], key: str, type: Type, words: str, more: dict[str, Any]) -> Question:
    said: dict[str, Any] = {name: _in(languages, more[name]) for name in ("low", "high", "comment") if name in more}
    listed: dict[str, Any] = {
        name: [Option(key=each, words=_in(languages, word)) for each, word in more[name].items()]
        for name in ("options", "rows") if name in more
    }  # fmt: skip
    when = []
    if "when" in more:
        of, test, value = more["when"]
        when = [Condition(of=of, test=test, value=value)]
    return Question(
        key=key, type=type, words=_in(languages, words), required=more.get("required", False), when=when,
        **said, **listed,
    )  # fmt: skip


def _in(languages: list[str], words: str) -> Words:
    found = {}
    for language in languages:
        with translation.override(language):
            found[language] = gettext(words)
    return found
