"""Looks at queues, skills, who is there, what is offered, and where somebody stands in line."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

import msgspec
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from careline.accounts.actor import Actor
from careline.kit import clock
from careline.kit.refusals import NotVisible
from careline.kit.statement import Statement
from careline.service.conversations import queries as talks
from careline.service.conversations.models import Conversation
from careline.service.routing import terms, weights
from careline.service.routing.models import AgentSkill, Offer, Policy, Presence, Queue, Skill, StatusReason

# Over the last hour, from so many on: fewer say nothing about the next.
WINDOW = timedelta(hours=1)
ENOUGH = 5


class Standing(msgspec.Struct, frozen=True):
    """Where a conversation stands in its queue: 1 is next. `wait_s` is what is to be expected, None if unknown."""

    conversation: int
    position: int
    wait_s: int | None


class _Place(msgspec.Struct, frozen=True):
    conversation: int
    position: int
    taken: int
    first: datetime | None


_STANDING = Statement(
    """SELECT w.conversation_id,
  (SELECT count(*)::int FROM routing_waiting o WHERE o.queue_id = w.queue_id
    AND (o.rank, o.conversation_id) <= (w.rank, w.conversation_id)),
  t.n, t.first
FROM routing_waiting w LEFT JOIN LATERAL (
  SELECT count(*)::int AS n, min(ended_at) AS first FROM routing_offer o
  WHERE o.queue_id = w.queue_id AND o.state = 'accepted' AND o.ended_at > %(since)s::timestamptz) t ON true
WHERE w.conversation_id = ANY(%(ids)s::bigint[])""",
    _Place,
)


def is_set_up() -> bool:
    return terms.is_set_up()


def queues(actor: Actor) -> QuerySet[Queue]:
    """In the order they are asked."""
    actor.must("queues.manage")
    return Queue.objects.prefetch_related("needs__skill").select_related("team").order_by("position", "pk")


def named(actor: Actor) -> list[tuple[int, str]]:
    """Number and name of every queue there is, for whoever reads how long it kept people waiting."""
    actor.must("reports.view")
    return list(Queue.objects.order_by("position", "pk").values_list("pk", "name"))


def queue(actor: Actor, queue_id: int) -> Queue:
    found = queues(actor).filter(pk=queue_id).first()
    if found is None:
        raise NotVisible(_("There is no such queue."))
    return found


def skills(actor: Actor) -> QuerySet[Skill]:
    actor.must("queues.manage")
    return Skill.objects.order_by("name", "pk")


def skill(actor: Actor, skill_id: int) -> Skill:
    found = skills(actor).filter(pk=skill_id).first()
    if found is None:
        raise NotVisible(_("There is no such skill."))
    return found


def levels(actor: Actor) -> dict[int, dict[int, int]]:
    """Of every agent who has some: the level by skill."""
    actor.must("queues.manage")
    found: dict[int, dict[int, int]] = {}
    for agent, one, level in AgentSkill.objects.order_by("pk").values_list("agent_id", "skill_id", "level"):
        found.setdefault(agent, {})[one] = level
    return found


def policy(actor: Actor) -> Policy:
    actor.must("queues.manage")
    return terms.policy()


def weights_of(held: Policy) -> dict[str, int]:
    return weights.table(held.weights)


def capacities(actor: Actor) -> dict[int, int | None]:
    actor.must("queues.manage")
    return dict(Presence.objects.values_list("agent_id", "capacity"))


def reasons(actor: Actor) -> QuerySet[StatusReason]:
    """Everybody who works here chooses among them."""
    found = StatusReason.objects.order_by("position", "pk")
    return found if actor.agent_id else found.none()


def presence(actor: Actor, agent_id: int) -> Presence:
    """Somebody who never chose a status is off. Colleagues see each other's."""
    if not actor.agent_id:
        raise NotVisible(_("There is no such agent."))
    found = Presence.objects.select_related("reason").filter(agent=agent_id).first()
    return found or Presence(agent_id=agent_id, status="off", since=None)  # type: ignore[misc]  # of nobody it is not known


def everybody(actor: Actor) -> QuerySet[Presence]:
    actor.must("queues.manage")
    here = Presence.objects.select_related("reason", "agent").filter(agent__is_active=True)
    return here.order_by("agent__name", "pk")


def offers(actor: Actor) -> QuerySet[Offer]:
    """What stands offered to the viewer, the oldest first, as far as they see the conversation."""
    mine = Offer.objects.filter(agent=actor.agent_id, state=Offer.State.MADE, due_at__gt=clock.now())
    return (
        mine.filter(conversation__in=Conversation.objects.offered_to(actor))
        .select_related("queue")
        .order_by("made_at", "pk")
    )


def offer(actor: Actor, offer_id: int) -> Offer:
    """One that was made to the viewer, whatever became of it."""
    found = Offer.objects.filter(
        pk=offer_id, agent=actor.agent_id, conversation__in=Conversation.objects.offered_to(actor)
    ).first()
    if found is None:
        raise NotVisible(_("There is no such offer."))
    return found


def standing(actor: Actor, conversation_id: int) -> Standing | None:
    """None when it waits in no queue."""
    talks.one(actor, conversation_id)
    return standings([conversation_id]).get(conversation_id)


def standings(ids: Iterable[int], *, at: datetime | None = None) -> dict[int, Standing]:
    """For the customers' own windows: whose conversation it is was asked before."""
    at = at or clock.now()
    return {row.conversation: told(row, at) for row in _STANDING.all(ids=sorted(ids), since=at - WINDOW)}


def told(row: _Place, at: datetime) -> Standing:
    """By the pace at which the queue was taken from in the last hour."""
    wait = None
    if row.taken >= ENOUGH and row.first is not None:
        pace = (at - row.first).total_seconds() / row.taken
        wait = round(pace * row.position)
    return Standing(row.conversation, row.position, wait)


STANDING = _STANDING
