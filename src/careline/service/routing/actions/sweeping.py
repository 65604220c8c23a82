"""Each minute: what nobody heard of is placed, and what absent colleagues hold goes back to the queue."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction

from careline.accounts.actor import SYSTEM
from careline.kit import clock
from careline.kit.refusals import Refused
from careline.service.conversations import actions as talks
from careline.service.conversations import conditions
from careline.service.conversations.models import Conversation
from careline.service.routing import looks, offering, placing, terms
from careline.service.routing.models import Presence

LIMIT = 200


def sweep(*, at: datetime | None = None) -> int:
    """How many were given back."""
    at = at or clock.now()
    back = give_back(at)
    with transaction.atomic():
        if placing.sweep(at=at) or back:
            offering.wake()
    return back


def give_back(at: datetime) -> int:
    """By the policy of the queue each would wait in; without a queue it stays where it is."""
    house = terms.house()
    if house is None:
        return 0
    since = dict(Presence.objects.filter(status__in=["away", "off"]).values_list("agent_id", "since"))
    back = after = 0
    while held := [one.id for one in looks.LEFT.all(now=at, after=after, limit=LIMIT)]:
        subjects = conditions.subjects(held, at=at)
        for number in held:
            queue = next((q for q, holds in house.holds.items() if conditions.met(holds, subjects[number])), None)
            minutes = None if queue is None else house.queues[queue].leave_minutes
            agent = subjects[number].assignee
            if minutes is None or agent is None:
                continue
            # Whoever left the house has no presence any longer, and is waited for by nobody.
            gone = since.get(agent)
            if gone is None or gone <= at - timedelta(minutes=minutes):
                back += _back(number, agent, at)
        after = held[-1]
    return back


@transaction.atomic
def _back(conversation_id: int, agent_id: int, at: datetime) -> int:
    """Unless somebody did something about it just now."""
    still = Conversation.objects.select_for_update().filter(
        pk=conversation_id, assignee=agent_id, state="open", waiting_on="us"
    )
    found = still.first()
    if found is None:
        return 0
    try:
        talks.assign(conversation_id, actor=SYSTEM, team_id=found.team_id, at=at)
    except Refused:
        return 0
    placing.place([conversation_id], at=at)
    offering.wake()
    return 1
