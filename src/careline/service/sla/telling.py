"""What came to pass is written where it belongs: on the customer's line, in the thread, and to those it concerns."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from careline import touchpoints
from careline.accounts.actor import SYSTEM
from careline.accounts.models import Agent
from careline.channels import queries as channels
from careline.service.conversations import actions as talks
from careline.service.conversations.actions.lines import taken, written
from careline.service.conversations.models import Conversation
from careline.service.sla import terms
from careline.service.sla.models import Promise
from careline.service.sla.running import Passed
from careline.service.sla.terms import Step


def tell(passed: Mapping[int, list[Passed]]) -> None:
    """In the order of the conversations, which are locked one after another."""
    for conversation_id in sorted(passed):
        for one in sorted(passed[conversation_id], key=lambda one: one.at):
            _tell(conversation_id, one)


def _tell(conversation_id: int, one: Passed) -> None:
    conversation = taken(conversation_id, actor=SYSTEM, permission="conversations.reply")
    said = _facts(one.promise)
    match one.name:
        case "met":
            _record("promise.met", conversation, one.at, **said, taken=_taken(one.promise))
        case "due":
            # Past it was when it was; told of it is whoever follows now.
            _write("broken", conversation, one.at, **said, taken=_taken(one.promise, at_least=one.promise.total))
        case "warn":
            _write("warned", conversation, one.at, **said)
        case name:
            step = terms.of(one.promise.policy.terms).step(name) if one.promise.policy else None
            if step is not None:
                _escalate(step, conversation, one.at, said)


def _facts(promise: Promise) -> dict[str, Any]:
    policy = promise.policy
    return {
        "promise": policy.name if policy else promise.what, "what": promise.what, "policy": promise.policy_id or 0,
        "version": promise.version, "minutes": round(promise.total.total_seconds() / 60),
        "due_at": (promise.broken_at or promise.due_at or promise.ended_at or promise.begun_at).isoformat(),
    }  # fmt: skip


def _taken(promise: Promise, at_least: Any = None) -> int:
    spent = max(promise.spent, at_least) if at_least else promise.spent
    return round(spent.total_seconds())


def _record(kind: str, conversation: Conversation, at: datetime, **facts: Any) -> None:
    journey = f"conversation:{conversation.pk}"
    touchpoints.record(
        kind, person=conversation.person_id, actor=SYSTEM, inbox=conversation.inbox_id, source=journey,
        journey=journey, occurred_at=at, conversation=conversation.pk, **facts,
    )  # fmt: skip


def _write(verb: str, conversation: Conversation, at: datetime, **facts: Any) -> None:
    written(conversation, actor=SYSTEM, at=at, kind=f"promise.{verb}", verb=f"promise-{verb}", **facts)


def _escalate(step: Step, conversation: Conversation, at: datetime, said: dict[str, Any]) -> None:
    value = {} if step.value is None else {"value": step.value}
    if step.act.startswith("tell_"):
        talks.let_follow(conversation, _told(step, conversation), at=at)
    _write("escalated", conversation, at, **said, act=step.act, **value)
    if step.act == "priority" and step.value is not None and conversation.priority < step.value:
        talks.prioritize(conversation.pk, actor=SYSTEM, priority=step.value, at=at)
    if step.act == "team" and step.value is not None and conversation.team_id != step.value:
        talks.assign(conversation.pk, actor=SYSTEM, team_id=step.value, at=at)


def _told(step: Step, conversation: Conversation) -> list[int]:
    """Of those it concerns who sees the inbox. Followers are mailed of what happens: service.notices."""
    if step.act == "tell_holder":
        return [] if conversation.assignee_id is None else [conversation.assignee_id]
    if step.act == "tell_leads":
        return channels.leads_of(conversation.inbox_id)
    members = Agent.objects.active().filter(teams=conversation.team_id).order_by("pk") if conversation.team_id else []
    return [one.pk for one in members if channels.name_of_worker(one.pk, inbox_id=conversation.inbox_id)]
