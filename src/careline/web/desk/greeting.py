"""What one knows before the first word: the customer's name in a greeting of their language, and what they wish."""

from __future__ import annotations

import msgspec
from django.conf import settings
from django.utils import translation
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from careline.customers.actions import ANY
from careline.customers.queries import Glance, in_words
from careline.web.people.drawn import language_words


class Wish(msgspec.Struct, frozen=True):
    """One preference in words; without a yes or no it is the language they speak."""

    word: str
    given: bool | None = None


def words(name: str, language: str) -> str:
    """In their language where we speak it, else in the one of who writes; nobody is greeted without a name."""
    name = " ".join(name.split())
    if not name:
        return ""
    spoken = language.partition("-")[0]
    with translation.override(spoken if spoken in dict(settings.LANGUAGES) else get_language()):
        return _("Hello %(name)s,") % {"name": name}


def wishes(person: Glance) -> list[Wish]:
    found = [Wish(language_words(person.language, get_language() or "en"))] if person.language else []
    any_word = _("Everything but answers")
    return found + [Wish(any_word if one.purpose == ANY else in_words(one.label), one.given) for one in person.wishes]
