"""What a kind of moment is called where no single one is meant: in a choice, for instance."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext, gettext_noop
from markupsafe import Markup

from careline.touchpoints.kinds import KINDS
from careline.web import sayings

# The others are called as one of them is on the line.
_WORDS = {
    "conversation.opened": gettext_noop("The conversation began"),
    "conversation.resolved": gettext_noop("A conversation was resolved"),
    "conversation.reopened": gettext_noop("A conversation was opened again"),
    "conversation.woken": gettext_noop("Back from the snooze"),
    "conversation.snoozed": gettext_noop("A conversation was snoozed"),
    "conversation.assigned": gettext_noop("A conversation was handed over"),
    "conversation.marked": gettext_noop("Put away, or taken out again"),
    "conversation.prioritized": gettext_noop("The priority changed"),
    "conversation.awaited": gettext_noop("Whose turn it is changed"),
    "conversation.tagged": gettext_noop("The tags changed"),
    "conversation.described": gettext_noop("Its attributes changed"),
    "copies.changed": gettext_noop("Who is in copy changed"),
    "message.received": gettext_noop("Wrote to us"),
    "message.sent": gettext_noop("We answered"),
    "message.forwarded": gettext_noop("We passed something on"),
    "message.noted": gettext_noop("The team made a note"),
    "message.moved": gettext_noop("Messages were moved to another conversation"),
    "autoreply.received": gettext_noop("An automatic answer came"),
    "reply.expected": gettext_noop("Answered what we asked"),
    "message.weighed": gettext_noop("Their words were weighed"),
    "effort.counted": gettext_noop("It cost them effort"),
    "question.repeated": gettext_noop("We asked again for what they had given"),
    "delivery.updated": gettext_noop("A delivery went on"),
    "event.tracked": gettext_noop("An event without a rule"),
    "group.joined": gettext_noop("Belongs to a company"),
    "group.left": gettext_noop("No longer belongs to a company"),
    "survey.answered-anonymously": gettext_noop("Somebody answered a survey without a name"),
    "moment.added": gettext_noop("Something added by hand"),
    "customer.renamed": gettext_noop("Renamed"),
    "customer.identified": gettext_noop("Became known by one more name"),
    "customer.merged": gettext_noop("Joined with another customer"),
    "customer.split": gettext_noop("Parted from another customer"),
    "consent.given": gettext_noop("Agreed to be written to"),
    "consent.withdrawn": gettext_noop("Does not want to be written to"),
    "contact.decided": gettext_noop("Whether to write was decided"),
    "conversation.ruled": gettext_noop("Rules were asked"),
    "conversation.declined": gettext_noop("The bot handed over"),
    "incident.joined": gettext_noop("Linked with others of the same trouble"),
    "incident.left": gettext_noop("No longer linked with others"),
    "queue.left": gettext_noop("The wait in a queue ended"),
    "rule.fired": gettext_noop("A rule ran"),
    "recovery.stepped": gettext_noop("A step to win them back"),
}


def word(kind: str) -> str:
    return gettext(_WORDS[kind]) if kind in _WORDS else str(sayings.single(kind, {}, 1)["head"])


def named(kind: str) -> Markup:
    """The word for people, and small beside it the code that programs write."""
    return Markup('<bdi>{}</bdi> <code class="tiny soft">{}</code>').format(word(kind), kind)


def choices(kinds: Iterable[str]) -> list[tuple[str, str]]:
    """The same in a list to choose from, by the word; the code keeps its own direction."""
    found = [(kind, f"{word(kind)} (\u2068{kind}\u2069)") for kind in kinds]
    return sorted(found, key=lambda one: one[1].casefold())


def of_customers() -> list[tuple[str, str]]:
    """Every kind that happens to a customer and its word, by the word."""
    kinds = [name for name, kind in KINDS.items() if kind.subject == "person" and not name.startswith("segment.")]
    return sorted(((name, word(name)) for name in kinds), key=lambda one: one[1].casefold())
