"""What happens on the line, given to the rules that hear it, in their order."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from careline import touchpoints
from careline.accounts.actor import SYSTEM
from careline.customers import queries as customers
from careline.kit import clock
from careline.service.conversations import conditions
from careline.service.conversations.models import Conversation
from careline.service.rules.firing import fire
from careline.service.rules.models import Rule
from careline.touchpoints import Moment

RULED = "conversation.ruled"
OPENINGS = ("conversation.opened", "conversation.reopened")
# What is told later was brought from elsewhere, and nothing is done about it any more.
FRESH = timedelta(days=1)
Asked = tuple[Rule, conditions.Conditions]


def hear(moments: Sequence[Moment]) -> None:
    """At least once: what was heard before changes nothing. Each opening is told on once its rules have run."""
    by_kind: dict[str, list[Asked]] = defaultdict(list)
    for rule in Rule.objects.filter(is_on=True).exclude(kind="").order_by("position", "pk"):
        by_kind[rule.kind].append((rule, conditions.read(rule.says.conditions)))
    where = _where([one for one in moments if _is_heard(one) and one.kind in by_kind])
    subjects = conditions.subjects(set(where.values()))
    openings: list[tuple[Moment, list[int]]] = []
    for moment in moments:
        ran = [] if moment.id not in where else _run(by_kind[moment.kind], where[moment.id], moment, subjects)
        if moment.kind in OPENINGS and moment.conversation_id is not None:
            openings.append((moment, ran))
    _told_on(openings)


def _is_heard(moment: Moment) -> bool:
    """A rule never hears what a rule did."""
    return moment.actor_kind != "rule" and moment.recorded_at - moment.occurred_at < FRESH


def _where(moments: Sequence[Moment]) -> dict[object, int]:
    """The conversation each is about; of what is about none the customer's newest that is open or asleep."""
    found: dict[object, int] = {one.id: one.conversation_id for one in moments if one.conversation_id is not None}
    others = {one.id: one.person_id for one in moments if one.conversation_id is None and one.person_id is not None}
    if others:
        owners = customers.owners(others.values())
        live = Conversation.objects.live().filter(person__in=owners).order_by("pk")
        newest = {owners[person]: pk for pk, person in live.values_list("pk", "person_id")}
        for moment, person in others.items():
            if (conversation := newest.get(owners.get(person, person))) is not None:
                found[moment] = conversation
    return found


def _run(
    rules: list[Asked], conversation_id: int, moment: Moment, subjects: dict[int, conditions.Subject]
) -> list[int]:  # fmt: skip
    ran: list[int] = []
    for rule, wanted in rules:
        subject = subjects.get(conversation_id)
        if subject is None:
            break
        if conditions.met(wanted, subject) and fire(rule, subject, touchpoint=moment.id) is not None:
            ran.append(rule.pk)
            # Looked at again after each that ran: the next sees what it did.
            subjects |= conditions.subjects([conversation_id])
    return ran


def _told_on(openings: Sequence[tuple[Moment, list[int]]]) -> None:
    """Whoever comes next in the order (bots, routing) waits for this word; of each opening it is said once."""
    said: dict[str, Any] = {}
    keys: dict[str, str] = {}
    for moment, ran in openings:
        values = touchpoints.row(
            RULED, actor=SYSTEM, source=moment.source, person=moment.person_id, inbox=moment.inbox_id,
            occurred_at=max(moment.occurred_at, clock.now() - FRESH), conversation=moment.conversation_id,
            opening=moment.kind.partition(".")[2], rules=ran,
        )  # fmt: skip
        said[values[0].hex], keys[f"ruled:{moment.id}"] = values, values[0].hex
    if said:
        new = touchpoints.unseen(RULED, keys)
        touchpoints.record_many(values for id, values in said.items() if id in new)
