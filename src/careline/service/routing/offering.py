"""A decision made real: offered to the agent, or given at once; and what ends an offer but the agent's own word."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime, timedelta

import msgspec
from django.db import connection, transaction

from careline import touchpoints
from careline.accounts.actor import SYSTEM
from careline.kit import bus, clock
from careline.service.conversations import actions as talks
from careline.service.conversations.models import Conversation
from careline.service.routing import leaving, looks
from careline.service.routing.explaining import Reason
from careline.service.routing.looks import Head
from careline.service.routing.matching import Agent, Decision
from careline.service.routing.models import Offer, Presence, Waiting
from careline.service.routing.relaxing import is_pressing
from careline.service.routing.terms import House

# Somebody who let an offer pass is not asked for the same again so soon.
REST = timedelta(minutes=5)
# So many in a row nobody answered: the agent is not there.
UNANSWERED = 2
TOPIC = "offers"
WAKE = "routing"


def wake() -> None:
    """Once a transaction, however much changed in it."""
    if not any(entry[1] is _wake for entry in connection.run_on_commit):
        transaction.on_commit(_wake)


def _wake() -> None:
    bus.publish(WAKE, {})


def tell(agent_ids: Iterable[int]) -> None:
    """Their windows look again what stands offered to them."""
    bus.after_commit(TOPIC, {"agents": sorted(set(agent_ids))})


def make(
    house: House,
    heads: Mapping[int, Head],
    agents: Mapping[int, Agent],
    decisions: Collection[Decision],
    *,
    at: datetime,
) -> int:
    """In the caller's transaction; what somebody took meanwhile is left out. How many were made."""
    still = {one.id for one in looks.STILL.all(ids=sorted(one.conversation for one in decisions))}
    real = sorted((one for one in decisions if one.conversation in still), key=lambda one: one.conversation)
    if not real:
        return 0
    reasons = _reasons(house, heads, agents, real, at)
    asked = [one for one in real if house.queues[one.need.queue].asks]
    given = [one for one in real if not house.queues[one.need.queue].asks]
    _offer(house, heads, asked, reasons, at)
    for one in given:
        _give(one, heads[one.conversation], reasons[one.conversation], at)
    Presence.objects.filter(agent__in=[one.agent for one in real]).update(given_at=at)
    return len(real)


def _offer(
    house: House, heads: Mapping[int, Head], asked: list[Decision], reasons: Mapping[int, Reason], at: datetime
) -> None:
    made = Offer.objects.bulk_create(
        [
            Offer(
                conversation_id=one.conversation, queue_id=one.need.queue, agent_id=one.agent, made_at=at,
                due_at=at + timedelta(seconds=house.queues[one.need.queue].answer_s),
                since=heads[one.conversation].since, because=msgspec.to_builtins(reasons[one.conversation]),
            )
            for one in asked
        ]
    )  # fmt: skip
    Waiting.objects.filter(pk__in=[one.conversation for one in asked]).update(offered=True)
    for one in made:
        record("offer.made", one, at=at)
    tell(one.agent for one in asked)


def _give(one: Decision, head: Head, reason: Reason, at: datetime) -> None:
    """Without asking: it counts as an offer that was accepted at once."""
    offer = Offer.objects.create(
        conversation_id=one.conversation, queue_id=one.need.queue, agent_id=one.agent, made_at=at, due_at=at,
        ended_at=at, state=Offer.State.ACCEPTED, since=head.since, because=msgspec.to_builtins(reason),
    )  # fmt: skip
    handed(offer, at=at)


def handed(offer: Offer, *, at: datetime) -> None:
    """To the agent, with the reason in the thread; it waits no longer."""
    team = Conversation.objects.values_list("team_id", flat=True).get(pk=offer.conversation_id)
    talks.assign(
        offer.conversation_id, actor=SYSTEM, agent_id=offer.agent_id, team_id=team, because=offer.because, at=at
    )
    leaving.left([offer.conversation_id], at=at)
    record("offer.accepted", offer, at=at)


def _reasons(
    house: House,
    heads: Mapping[int, Head],
    agents: Mapping[int, Agent],
    decisions: Collection[Decision],
    at: datetime,
) -> dict[int, Reason]:
    passed = _passed(decisions, heads)
    return {
        one.conversation: Reason(
            waited_s=max(0, round((at - heads[one.conversation].since).total_seconds())), why=one.why,
            queue=house.names[one.need.queue], eased=heads[one.conversation].step,
            skills=tuple(
                (house.skill_names.get(skill, ""), agents[one.agent].skills[skill]) for skill, _least in one.need.skills
            ),
            due_s=_pressing(heads[one.conversation], at), passed=tuple(passed.get(one.conversation, ())),
        )
        for one in decisions
    }  # fmt: skip


def _pressing(head: Head, at: datetime) -> int | None:
    if head.due is None or not is_pressing(head.due, at=at):
        return None
    return round((head.due - at).total_seconds())


def _passed(decisions: Collection[Decision], heads: Mapping[int, Head]) -> dict[int, list[str]]:
    """Who was asked for these since they wait, and did not take them."""
    asked_before = [one.conversation for one in decisions if one.need.not_by]
    if not asked_before:
        return {}
    ended = Offer.objects.filter(conversation__in=asked_before, state__in=["refused", "expired"]).order_by("pk")
    found: dict[int, list[str]] = {}
    for offer in ended.select_related("agent"):
        head, names = heads[offer.conversation_id], found.setdefault(offer.conversation_id, [])
        if offer.made_at >= head.since and offer.agent.name not in names:
            names.append(offer.agent.name)
    return found


def expire_due(at: datetime, *, limit: int = 200) -> list[Offer]:
    """Nobody answered in time; the next is asked. Whoever is just answering is waited for another time."""
    due = Offer.objects.filter(state=Offer.State.MADE, due_at__lte=at).order_by("pk")
    expired = list(due.select_for_update(skip_locked=True)[:limit])
    for one in expired:
        passed_on(one, Offer.State.EXPIRED, at=at)
    return expired


def passed_on(offer: Offer, how: Offer.State, *, at: datetime) -> None:
    """Refused or not answered: it stands in the queue again, and others come first."""
    offer.state, offer.ended_at = how, at
    offer.save(update_fields=["state", "ended_at"])
    record(f"offer.{how.value}", offer, at=at)
    waiting = Waiting.objects.select_for_update().filter(pk=offer.conversation_id).first()
    if waiting is not None:
        waiting.offered = False
        waiting.not_by = sorted({*waiting.not_by, offer.agent_id})
        waiting.not_by_until = at + REST
        # Its need is worked out anew at the next turn.
        waiting.next_at = at
        waiting.save(update_fields=["offered", "not_by", "not_by_until", "next_at"])
    tell([offer.agent_id])


def withdraw(conversation_ids: Collection[int], *, at: datetime | None = None) -> int:
    """These wait no longer, or elsewhere."""
    if not conversation_ids:
        return 0
    at = at or clock.now()
    made = Offer.objects.filter(state=Offer.State.MADE, conversation__in=conversation_ids)
    standing = list(made.order_by("pk").select_for_update())
    for one in standing:
        one.state, one.ended_at = Offer.State.WITHDRAWN, at
        one.save(update_fields=["state", "ended_at"])
        record("offer.withdrawn", one, at=at)
    tell(one.agent_id for one in standing)
    return len(standing)


def is_absent(agent_id: int) -> bool:
    """Whether they let the last ones pass without a word."""
    last = Offer.objects.filter(agent=agent_id).exclude(state__in=["made", "withdrawn"]).order_by("-pk")
    states = list(last.values_list("state", flat=True)[:UNANSWERED])
    return len(states) == UNANSWERED and set(states) == {Offer.State.EXPIRED}


def record(kind: str, offer: Offer, *, at: datetime) -> None:
    touchpoints.record(
        kind, agent=offer.agent_id, actor=SYSTEM, source=f"offer:{offer.pk}", occurred_at=at,
        conversation=offer.conversation_id, offer=offer.pk, queue=offer.queue_id,
        waited_s=max(0, round((at - offer.since).total_seconds())),
    )  # fmt: skip
