"""The catalog of touchpoints: what can happen on a line, and what is told of it. Kinds are `noun.past-verb`."""

from __future__ import annotations

import uuid
from datetime import date, datetime
from typing import Annotated, Any, Literal

import msgspec
from django.utils.translation import gettext as _
from msgspec import Meta

from careline.kit.refusals import Refused
from careline.touchpoints import asking, incidents, offering, promising, queuing, recovering, ruling
from careline.touchpoints.schema import (
    SHOPPING,
    Added,
    Agreed,
    Answered,
    Awaited,
    Code,
    Counted,
    Currency,
    Decided,
    Expected,
    Facts,
    Held,
    OfConversation,
    OfMessage,
    Queued,
    Rated,
    Released,
    Segmented,
    Stage,
    Weighed,
    Words,
)

Subject = Literal["person", "agent", "none"]


class Opened(OfConversation, frozen=True):
    personal = ("subject",)
    channel: Code
    subject: Words = ""


class Resolved(OfConversation, frozen=True):
    minutes_open: int | None = None


class Snoozed(OfConversation, frozen=True):
    until: datetime


class Assigned(OfConversation, frozen=True):
    """To whom; all empty means back to the queue."""

    agent_id: int | None = None
    agent_name: str | None = None
    team_id: int | None = None
    team_name: str | None = None
    # Why a queue gave it to them: careline.service.routing.explaining.Reason.
    because: dict[str, Any] = {}


class Marked(OfConversation, frozen=True):
    place: Literal["spam", "trash", "open"]


class Prioritized(OfConversation, frozen=True):
    priority: Annotated[int, Meta(ge=0, le=4)]


class Tagged(OfConversation, frozen=True):
    tags: list[str]


class Noted(OfConversation, frozen=True):
    """Which attributes changed, by name and in words; what they are stands with the conversation alone."""

    attributes: list[str]
    labels: list[str] = []


class Copied(OfConversation, frozen=True):
    """How many came into copy and how many went; who they are stands with the conversation alone."""

    added: int
    removed: int


class Received(OfMessage, frozen=True, kw_only=True):
    first: bool


class Moved(OfConversation, frozen=True):
    """Messages that were put where they belong: out of this conversation or into it, and the one on the other side."""

    messages: list[uuid.UUID]
    other_conversation: int
    way: Literal["in", "out"]


class Identified(Facts, frozen=True):
    """Which kinds of names are new; the names themselves stand with the person alone."""

    kinds: list[Code]


class Joined(Facts, frozen=True):
    """An entry of the ledger of who is who, and the id on its other side."""

    merge: int
    other: int


class Delivered(Facts, frozen=True):
    """Of a reply: conversation and message. Of what a decision let out: the `outbound` of `outbound.queued`."""

    personal = ("reason", "sentence")
    status: Literal["queued", "sent", "failed", "delivered", "read", "played"]
    conversation: int | None = None
    message: uuid.UUID | None = None
    outbound: int | None = None
    reason: Words = ""
    # The same for readers of other languages: careline.kit.sentences.plain.
    sentence: dict[str, Any] = {}


class Viewed(Facts, frozen=True):
    personal = ("url", "title", "referrer", "campaign", "properties")
    url: Words = ""
    title: Words = ""
    referrer: Words = ""
    campaign: dict[str, str] = {}
    properties: dict[str, Any] = {}


class Tracked(Facts, frozen=True):
    personal = ("properties",)
    name: Code
    properties: dict[str, Any] = {}
    stage: Stage = None
    value_minor: int | None = None
    currency: Currency | None = None


class Seen(Facts, frozen=True):
    personal = ("properties",)
    name: Words = ""
    properties: dict[str, Any] = {}


class Shopped(Facts, frozen=True):
    """A step on the way to an order or after it; what it was about stands in properties."""

    personal = ("properties",)
    product: Words = ""
    value_minor: int | None = None
    currency: Currency | None = None
    stage: Stage = None
    properties: dict[str, Any] = {}


class Described(Facts, frozen=True):
    traits: list[str] = []  # their names; what they are stands with the customer alone


class Grouped(Facts, frozen=True):
    personal = ("label",)
    group: Code
    label: Words = ""


class Aliased(Facts, frozen=True):
    personal = ("previous",)
    previous: Words = ""


class Item(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    name: Words
    quantity: int


class Placed(Facts, frozen=True):
    personal = ("items",)
    order: Code
    total_minor: int
    currency: Currency
    items: list[Item] = []
    stage: Stage = None


class Brought(Facts, frozen=True):
    order: Code
    promised_on: date | None = None
    days_late: int | None = None
    carrier: str | None = None
    stage: Stage = None


class CheckedIn(Facts, frozen=True):
    place: Code
    stage: Stage = None


class Kind(msgspec.Struct, frozen=True):
    name: str
    facts: type[Facts]
    subject: Subject = "person"
    version: int = 1
    # The fact that names the journey: "order" gives "order:A-17".
    journey: str | None = None

    def check(self, facts: dict[str, Any]) -> Facts:
        """The facts in their schema, or a refusal that names what is wrong with them."""
        try:
            return msgspec.convert(facts, self.facts)
        except msgspec.ValidationError as error:
            raise Refused(
                _("These facts do not fit a touchpoint “%(kind)s”: %(why)s.") % {"kind": self.name, "why": error}
            ) from error


KINDS: dict[str, Kind] = {
    kind.name: kind
    for kind in (
        Kind("conversation.opened", Opened, journey="conversation"),
        Kind("conversation.resolved", Resolved, journey="conversation"),
        *(Kind(f"conversation.{word}", OfConversation, journey="conversation") for word in ("reopened", "woken")),
        Kind("conversation.snoozed", Snoozed, journey="conversation"),
        Kind("conversation.assigned", Assigned, journey="conversation"),
        Kind("conversation.marked", Marked, journey="conversation"),
        Kind("conversation.prioritized", Prioritized, journey="conversation"),
        Kind("conversation.awaited", Awaited, journey="conversation"),
        Kind("conversation.tagged", Tagged, journey="conversation"),
        Kind("conversation.described", Noted, journey="conversation"),
        Kind("copies.changed", Copied, journey="conversation"),
        Kind("message.received", Received, journey="conversation"),
        Kind("message.sent", OfMessage, journey="conversation"),
        Kind("message.noted", OfMessage, journey="conversation"),
        Kind("message.forwarded", OfMessage, journey="conversation"),
        Kind("message.moved", Moved, journey="conversation"),
        Kind("autoreply.received", OfMessage, journey="conversation"),
        Kind("reply.expected", Expected, journey="conversation"),
        Kind("message.weighed", Weighed, journey="conversation"),
        Kind("effort.counted", Counted, journey="conversation"),
        Kind("delivery.updated", Delivered, journey="conversation"),
        *(
            Kind(name, facts, journey="conversation")
            for name, facts in (
                recovering.KINDS | ruling.KINDS | promising.KINDS | asking.KINDS | incidents.KINDS | queuing.KINDS
            ).items()
        ),
        Kind("page.viewed", Viewed),
        Kind("screen.viewed", Seen),
        Kind("event.tracked", Tracked),
        Kind("customer.described", Described),
        Kind("customer.aliased", Aliased),
        *(Kind(name, Grouped) for name in ("group.joined", "group.left")),
        *(Kind(name, Shopped) for name in SHOPPING),
        Kind("order.placed", Placed, journey="order"),
        Kind("order.delivered", Brought, journey="order"),
        Kind("visit.checked-in", CheckedIn),
        Kind("survey.answered", Answered),
        Kind("survey.answered-anonymously", Rated, subject="none"),
        Kind("moment.added", Added),
        *(Kind(name, facts, subject="agent") for name, facts in offering.KINDS.items()),
        # Without the names: what a person is called stands in one place, where it can be erased.
        *(Kind(name, Facts) for name in ("customer.blocked", "customer.unblocked", "customer.renamed")),
        Kind("customer.identified", Identified),
        *(Kind(name, Joined) for name in ("customer.merged", "customer.split")),
        *(Kind(name, Segmented) for name in ("segment.entered", "segment.left")),
        *(Kind(name, Agreed) for name in ("consent.given", "consent.withdrawn")),
        Kind("contact.decided", Decided),
        Kind("contact.held", Held),
        Kind("contact.released", Released),
        Kind("outbound.queued", Queued),
    )
}


# Worked out from other moments: on the line, and no step of anybody's way.
DERIVED = ("message.weighed", "effort.counted", *promising.DERIVED, *asking.DERIVED, *queuing.DERIVED)
# Nor is that a rule of ours came to be true of them: reactions and programs hear of it, and it is no moment they lived.
NO_STEPS = (*DERIVED, *ruling.KINDS, "segment.entered", "segment.left")


def named(kind: str) -> Kind:
    try:
        return KINDS[kind]
    except KeyError:
        raise Refused(_("There is no touchpoint of the kind “%(kind)s”.") % {"kind": kind}) from None


def personal_facts() -> list[str]:
    """Every fact some kind calls personal; a name that is personal in one kind is personal in all."""
    return sorted({name for kind in KINDS.values() for name in kind.facts.personal})
