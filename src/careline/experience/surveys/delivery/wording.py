"""A question as a message asks it: its words, what can be tapped, and how it is answered by typing."""

from __future__ import annotations

from contextlib import AbstractContextManager

import msgspec
from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from careline.channels.expecting import Choice, Expects
from careline.experience.surveys import links, shapes
from careline.experience.surveys.models import Response
from careline.experience.surveys.recalling import Recall, spoken
from careline.experience.surveys.shapes import Question

# Choices that still fit below each other in a conversation; beyond that it is answered on the page.
MOST = 11


class Wording(msgspec.Struct, frozen=True):
    """`plain` says it all where nothing can be tapped."""

    words: str
    plain: str
    expects: Expects


def language_of(response: Response) -> str:
    """What they answer in, else what they are known to speak, as far as the survey does."""
    person = response.person
    return spoken(response.form, [one for one in (response.language, person.language if person else "") if one])


def house_language(language: str) -> AbstractContextManager[None]:
    """What the house says beside it, in the nearest language it has."""
    known = {code for code, _name in settings.LANGUAGES}
    return translation.override(next((one for one in (language, language.split("-")[0]) if one in known), "en"))


def recall(response: Response) -> Recall:
    name = response.person.name if response.person is not None else ""
    return Recall(response.form, language_of(response), response.given, response.fields, name=name)


def asked(response: Response, question: Question) -> Wording:
    """With buttons where one tap answers it; words as they come; else a link to the page."""
    fill = recall(response)
    with house_language(fill.language):
        skip = () if question.required else (Choice("", _("Skip")),)
        about = f"survey:{response.pk}:{question.key}"
        words = "\n\n".join(one for one in (fill(question.words), fill(question.hint)) if one)
        ends = shapes.bounds(question)
        low, high = fill(question.low), fill(question.high)
        if ends is not None:
            steps = tuple(Choice(str(n), str(n)) for n in range(ends[0], ends[1] + 1))
            expects = Expects(about, (*steps, *skip), low, high, is_scale=True)
            return Wording(words, f"{words}\n\n{_by_number(ends, low, high)}", expects)
        if question.type == "single" and len(question.options) <= MOST:
            options = tuple(Choice(one.key, fill(one.words)) for one in question.options)
            lines = "\n".join(f"{n}. {one.label}" for n, one in enumerate(options, 1))
            return Wording(words, f"{words}\n\n{lines}", Expects(about, (*options, *skip)))
        if question.type == "text":
            return Wording(words, words, Expects(about, skip, words=True))
        link = links.address("own", response.pk)
        return Wording(words, f"{words}\n\n{link}", Expects(about, link=link, link_label=_("Answer this on a page")))


def beside(response: Response, question: Question) -> Wording:
    """What made it so?"""
    fill = recall(response)
    with house_language(fill.language):
        words = fill(question.comment)
        skip = Choice("", _("No, thank you"))
        return Wording(words, words, Expects(f"survey:{response.pk}:{question.key}:words", (skip,), words=True))


def thanks(response: Response) -> str:
    fill = recall(response)
    with house_language(fill.language):
        return fill(response.form.thanks) or _("Thank you.")


def _by_number(ends: tuple[int, int], low: str, high: str) -> str:
    said = _("Answer with a number from %(low)s to %(high)s.") % {"low": ends[0], "high": ends[1]}
    meaning = " · ".join(f"{end}: {words}" for end, words in zip(ends, (low, high), strict=True) if words)
    return f"{said} {meaning}".strip()
