"""Reads of inboxes, their members, and what got stuck on its way in or out."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

import msgspec
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from careline.accounts.actor import Actor
from careline.accounts.models import Agent
from careline.channels import adapter, hot, visits
from careline.channels.models import Inbound, Inbox, Membership, Outbox, Visit
from careline.contact import acknowledging
from careline.kit.refusals import NotVisible
from careline.kit.sentences import told


class Failure(msgspec.Struct, frozen=True):
    """Something that did not get through, and why."""

    way: Literal["in", "out"]
    id: int
    inbox_id: int
    inbox_name: str
    at: datetime
    attempts: int
    words: str


def visible_to(actor: Actor) -> QuerySet[Inbox]:
    """Archived inboxes too: their conversations are still read."""
    inboxes = Inbox.objects.order_by("name", "pk")
    return inboxes if actor.may("inboxes.view_all") else inboxes.filter(pk__in=actor.works_in)


def by_id(actor: Actor, inbox_id: int) -> Inbox:
    inbox = visible_to(actor).filter(pk=inbox_id).first()
    if inbox is None:
        raise NotVisible(_("There is no such inbox."))
    return inbox


def mailboxes(actor: Actor) -> list[Inbox]:
    """Open inboxes of the actor's whose messages are letters."""
    kinds = [kind for kind, one in adapter.adapters().items() if one.capabilities.letters]
    return list(Inbox.objects.open().filter(kind__in=kinds, pk__in=actor.works_in).order_by("name", "pk"))


def mailbox_for(inbox_id: int | None = None) -> Inbox | None:
    """The open mailbox letters of the house leave by: this one where it is one, else the oldest."""
    kinds = [kind for kind, one in adapter.adapters().items() if one.capabilities.letters]
    rows = Inbox.objects.open().filter(kind__in=kinds, delivery=Inbox.Delivery.PUSH).order_by("pk")
    own = None if inbox_id is None else rows.filter(pk=inbox_id).first()
    return own or rows.first()


def form_key() -> str:
    """The key of the oldest inbox whose public form is on; empty where there is none."""
    kinds = [kind for kind, one in adapter.adapters().items() if one.capabilities.letters]
    rows = Inbox.objects.open().filter(kind__in=kinds, settings__form=True).order_by("pk")
    return rows.values_list("key", flat=True).first() or ""


def by_key(kind: str, key: str) -> hot.Door:
    """The open inbox customers reach at this address."""
    door = hot.door(kind, key)
    if door is None:
        raise NotVisible(_("There is no such inbox."))
    return door


def endpoint(inbox_id: int) -> adapter.Endpoint:
    """The inbox as its adapter sees it, secret included; never for a screen."""
    door = hot.BY_ID.one(id=inbox_id)
    if door is None:
        raise NotVisible(_("There is no such inbox."))
    return door.endpoint()


def kind_of(inbox_id: int) -> str:
    door = hot.BY_ID.one(id=inbox_id)
    if door is None:
        raise NotVisible(_("There is no such inbox."))
    return door.kind


def kept(actor: Actor, inbox_id: int) -> frozenset[str]:
    """Which passwords there are, and none of them."""
    actor.must("inboxes.manage")
    return frozenset(name for name, one in endpoint(by_id(actor, inbox_id).pk).credentials.items() if one)


def lately(actor: Actor, inbox_id: int, limit: int = 20) -> list[Visit]:
    """The last looks into a mailbox, the newest first."""
    inbox = by_id(actor, inbox_id)
    actor.must("inboxes.manage")
    rows = list(Visit.objects.filter(inbox=inbox).order_by("-id")[:limit])
    for row in rows:
        row.error = told(row.error)
    return rows


def is_fetched_from(actor: Actor, inbox_id: int) -> bool:
    return visits.is_fetched_from(by_id(actor, inbox_id))


def secret(actor: Actor, inbox_id: int) -> str:
    """What the other side signs with; shown to those who may set up the inbox."""
    actor.must("inboxes.manage")
    return endpoint(by_id(actor, inbox_id).pk).secret


def members(actor: Actor, inbox_id: int) -> QuerySet[Agent]:
    """The agents entered as members; whoever sees every inbox need not be."""
    inbox = by_id(actor, inbox_id)
    working = Membership.objects.filter(inbox=inbox).values("agent_id")
    return Agent.objects.active().filter(pk__in=working).order_by("name", "pk")


def name_of_worker(agent_id: int, *, inbox_id: int) -> str | None:
    """The agent's name when this inbox can be worked in by them."""
    agent = Agent.objects.active().select_related("role").filter(pk=agent_id).first()
    if agent is None:
        return None
    role = agent.role
    if role.only_inboxes is not None and inbox_id not in role.only_inboxes:
        return None
    if "inboxes.view_all" in role.permissions or Membership.objects.filter(agent=agent, inbox_id=inbox_id).exists():
        return agent.name
    return None


def leads_of(inbox_id: int, *, agent_id: int | None = None) -> list[int]:
    """Who is told of what is late there: this agent, else everybody who leads teams; of them who sees the inbox."""
    wanted = Agent.objects.active().order_by("pk")
    named = wanted.filter(pk=agent_id) if agent_id else wanted.filter(role__permissions__contains=["teams.manage"])
    return [pk for pk in named.values_list("pk", flat=True) if name_of_worker(pk, inbox_id=inbox_id)]


def failures(actor: Actor, *, inbox_id: int | None = None, limit: int = 50) -> list[Failure]:
    """What was received and not understood, and what was written and not delivered, the newest first."""
    inboxes = {inbox.pk: inbox.name for inbox in visible_to(actor) if inbox_id in {None, inbox.pk}}
    stuck = [
        Failure("in", one.pk, one.inbox_id, inboxes[one.inbox_id], one.received_at, one.attempts, told(one.error))
        for one in Inbound.objects.filter(state=Inbound.State.FAILED, inbox__in=inboxes)
        .defer("raw", "headers")
        .order_by("-id")[:limit]
    ] + [
        Failure("out", one.pk, one.inbox_id, inboxes[one.inbox_id], one.updated_at, one.attempts, told(one.error))
        for one in Outbox.objects.filter(state=Outbox.State.FAILED, inbox__in=inboxes)
        .defer("payload")
        .order_by("-id")[:limit]
    ]
    return sorted(stuck, key=lambda one: (one.at, one.way, one.id), reverse=True)[:limit]


def health(actor: Actor, inbox_id: int) -> adapter.Health:
    """How the inbox is doing: what its channel says, and what is stuck."""
    inbox = by_id(actor, inbox_id)
    since = acknowledging.tripped_at(place(inbox.pk))
    if since is not None:
        return adapter.Health(
            False,
            _("Automatic answers are stopped since %(since)s UTC: there were too many of them in an hour.")
            % {"since": f"{since:%Y-%m-%d %H:%M}"},
        )
    if visits.is_fetched_from(inbox) and not (fetching := visits.health(inbox)).well:
        return fetching
    found = adapter.of(inbox.kind).health(endpoint(inbox.pk))
    stuck = len(failures(actor, inbox_id=inbox.pk, limit=100)) if found.well else 0
    if not stuck:
        return found
    words = _("Messages that did not get through: %(n)s.")
    return adapter.Health(False, words % {"n": stuck if stuck < 100 else "100+"})


def place(inbox_id: int) -> str:
    """What an inbox is called where it is counted how much it says by itself."""
    return f"inbox:{inbox_id}"


def tripped_at(actor: Actor, inbox_id: int) -> datetime | None:
    """Since when the inbox answers nobody automatically any more."""
    return acknowledging.tripped_at(place(by_id(actor, inbox_id).pk))
