"""Why a person is not contacted: kept as an English sentence the catalogs know, told in the reader's language."""

from __future__ import annotations

from django.utils.translation import gettext, gettext_noop

from careline.kit.sentences import Sentence
from careline.kit.sentences import lasting as _

ERASED = gettext_noop("This person was erased.")
BLOCKED = gettext_noop("This person is blocked.")
HELD = gettext_noop("This person is not to be contacted for now.")
WITHDRAWN = gettext_noop("This person does not want to be written to for this.")
UNREACHABLE = gettext_noop("This channel knows no way to reach this person.")
SUPPRESSED = gettext_noop("Mail to every address of this person comes back.")
COMPLAINED = gettext_noop("This person called a mail of ours spam.")


def words(reason: str) -> str:
    return gettext(reason or gettext_noop("Nothing speaks against it."))


def of_suppression(reason: str) -> Sentence:
    """Why nothing is sent to an address."""
    return {
        "user_unknown": _("Mail to this address came back: nobody there has this name."),
        "host_unknown": _("Mail to this address came back: there is no such mail domain."),
        "refused": _("Mail to this address came back: the other side refuses it for good."),
        "complaint": _("Somebody at this address called a mail of ours spam. Answers still go there."),
    }[reason]


def not_sent(reason: str) -> Sentence:
    """What stands at the message that was not sent, and what can be done."""
    return _(
        "%(why)s It was not tried again; once the address works, lift it under Settings, Suppressed addresses."
    ) % {"why": of_suppression(reason)}
