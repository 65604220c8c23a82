"""How an answer finds its conversation, in words every channel shares: what was looked at, and what came of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Literal, Protocol
from uuid import UUID

import msgspec
from django.utils.translation import gettext as _

By = Literal["token", "answered", "referred", "marker", "text", "attached", "number"]
Verdict = Literal["taken", "forged", "unknown", "gone", "stranger", "elsewhere", "closed", "nothing", "several", "off"]


class Thread(msgspec.Struct, frozen=True, kw_only=True):
    """A conversation as it stands today; one that was merged is the one it was merged into."""

    conversation: int
    # Whether it lives in the mailbox this mail came to.
    here: bool
    # Everybody it was written by or to, case-folded, our own mailboxes left out.
    participants: frozenset[str] = frozenset()
    # None while it is open.
    closed_for: timedelta | None = None


class Asked(Protocol):
    """What has to be looked up; the one who asks is the mailbox the mail came to."""

    def of_messages(self, messages: Sequence[UUID]) -> Mapping[UUID, int]:
        """The conversations of messages of ours, whichever mailbox sent them."""

    def of_ids(self, ids: Sequence[str]) -> Mapping[str, int]:
        """The conversations of ids that were stored in this mailbox, of mails that came in."""

    def moved(self, conversation: int, messages: Sequence[UUID], ids: Sequence[str]) -> int | None:
        """Where the first of these that is known stands now, when somebody moved it out of this conversation."""

    def thread(self, conversation: int) -> Thread | None: ...


class Step(msgspec.Struct, frozen=True):
    """One look at one thing."""

    by: By
    found: str
    verdict: Verdict
    conversation: int | None = None

    def words(self) -> str:
        """For whoever asks why a mail went where it went, in their language."""
        named = {"found": self.found, "number": self.conversation}
        said = {
            "token": _("Reply address %(found)s"),
            "answered": _("Answers the message %(found)s"),
            "referred": _("Refers to the message %(found)s"),
            "marker": _("Hidden mark %(found)s"),
            "text": _("%(found)s in the text"),
            "attached": _("%(found)s in an attached file"),
            "number": _("Number %(found)s in the subject"),
        }[self.by]
        verdict = {
            "taken": _("conversation %(number)s"),
            "forged": _("not signed by this installation"),
            "unknown": _("no message of this mailbox"),
            "gone": _("conversation %(number)s is no longer there"),
            "stranger": _("the sender takes no part in conversation %(number)s"),
            "elsewhere": _("conversation %(number)s belongs to another mailbox"),
            "closed": _("conversation %(number)s was closed too long ago; a new one is linked to it"),
            "nothing": _("nothing found"),
            "several": _("the attached files name several conversations, so none is taken"),
            "off": _("not looked into in this mailbox"),
        }[self.verdict]
        return f"{said % named}: {verdict % named}" if self.found else f"{_bare(self.by)}: {verdict % named}"


def _bare(by: By) -> str:
    return {
        "token": _("Reply address"),
        "answered": "In-Reply-To",
        "referred": "References",
        "marker": _("Hidden mark"),
        "text": _("Text and attached files"),
        "attached": _("Attached files"),
        "number": _("Number in the subject"),
    }[by]


class Match(msgspec.Struct, frozen=True, kw_only=True):
    """`conversation` is None for a new one; `linked` is then the old one it goes on from, when there is one."""

    conversation: int | None = None
    by: By | None = None
    linked: int | None = None
    # Taken on our signature, although the sender had no part in it so far.
    stranger: bool = False
    trace: tuple[Step, ...] = ()
