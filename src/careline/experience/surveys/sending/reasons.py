"""Why somebody was not asked, beside what the contact rules say."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from careline import contact
from careline.contact import reasons as rules
from careline.kit import sentences
from careline.kit.sentences import lasting

SWITCHED_OFF = lasting("The plan was switched off.")
CLOSED = lasting("The survey was closed.")
ENDED = lasting("It was too late to ask.")
REOPENED = lasting("The conversation was opened again.")
ANSWERED = lasting("They had answered already.")
GONE = lasting("They were erased or blocked.")
NO_WAY = lasting("No way led to them.")
WENT_WRONG = lasting("Something went wrong here, again and again.")
# What holds by one way and not by another: then the next is tried.
OF_A_WAY = (rules.UNREACHABLE, rules.SUPPRESSED, rules.COMPLAINED)


def words(reason: str, terms: Mapping[str, Any]) -> str:
    """In the reader's language; nothing where there is none."""
    if not reason:
        return ""
    # The rules' sentences come with what stands in their places apart.
    return contact.words(reason, terms) if terms or reason in _SHORT else sentences.told(reason)


def short(reason: str) -> str:
    """The same of several people, whatever stands in its places."""
    return _(_SHORT[reason]) if reason in _SHORT else sentences.told(reason)


_SHORT = {
    rules.LIMIT: lasting("They were written to as often as they may be.").says,
    rules.PROMISED: lasting("A promise to them was broken.").says,
    rules.QUIET: lasting("It was night where they are.").says,
    rules.UNREACHABLE: NO_WAY.says,
}
