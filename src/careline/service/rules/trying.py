"""A rule tried on what has happened: in which conversations it would have run, had it been on.

State, priority, tags, who has it, whom it waits for and the opening hours are taken as they were then. What is known of
the customer, the conversation's attributes and the words are as they are now.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

import msgspec

from careline.accounts import open_hours
from careline.accounts.actor import Actor
from careline.kit import clock
from careline.service.conversations import conditions
from careline.service.conversations.conditions import Subject
from careline.service.conversations.models import Conversation
from careline.service.rules.reading import checked
from careline.service.rules.shapes import Content
from careline.touchpoints import Moment
from careline.touchpoints import queries as line

DAYS, MOST, OF_EACH = 7, 2000, 300
_WORDS = ("message.received", "message.sent", "message.noted")
_STATE = (
    "conversation.opened", "conversation.resolved", "conversation.reopened", "conversation.snoozed",
    "conversation.woken", "conversation.assigned", "conversation.marked", "conversation.prioritized",
    "conversation.tagged", *_WORDS,
)  # fmt: skip
_Occasions = list[tuple[int, datetime]]


class Trial(msgspec.Struct, frozen=True):
    """`occasions` it was asked on, and where it would have run, the newest first; `cut` says that older ones are left
    out."""

    since: datetime
    occasions: int
    matched: list[tuple[int, datetime]]
    cut: bool


def tried(
    actor: Actor, name: str, when: Any, asked: Any, then: Any, *, days: int = DAYS, at: datetime | None = None
) -> Trial:
    """Raw forms as reading.checked takes them; in the inboxes the viewer sees."""
    actor.must("rules.manage")
    actor.must("conversations.view")
    at = at or clock.now()
    found, since = checked(name, when, asked, then), at - timedelta(days=days)
    occasions, told = _occasions(actor, found, since, at)
    subjects = conditions.subjects({conversation for conversation, _at in occasions}, at=at)
    rule, hours = conditions.read(found.conditions), open_hours.of()
    matched = [
        (conversation, moment)
        for conversation, moment in occasions
        if conversation in subjects
        and conditions.met(rule, as_it_was(subjects[conversation], told[conversation], moment, hours))
    ]
    matched.sort(key=lambda one: one[1], reverse=True)
    return Trial(since, len(occasions), matched, len(occasions) >= MOST)


def _occasions(
    actor: Actor, found: Content, since: datetime, at: datetime
) -> tuple[_Occasions, dict[int, list[Moment]]]:  # fmt: skip
    """When it would have been asked, and of each of these conversations what was told."""
    seen = Conversation.objects.visible_to(actor)
    if found.when.kind:
        moments = line.of_kind(found.when.kind, since=since, inboxes=list(actor.inbox_ids), limit=MOST)
        heard = [(one.conversation_id, one.occurred_at) for one in moments if one.actor_kind != "rule"]
        occasions = [(pk, moment) for pk, moment in heard if pk is not None]
        return occasions, _told(pk for pk, _at in occasions)
    wait = timedelta(minutes=found.when.minutes or 0)
    column = {"opened": "opened_at", "resolved": "resolved_at"}.get(str(found.when.since))
    if column is not None:
        come = seen.filter(**{f"{column}__gte": since - wait, f"{column}__lte": at - wait}).order_by(f"-{column}")
        occasions = [(pk, begun + wait) for pk, begun in come.values_list("pk", column)[:MOST]]
        told = _told(pk for pk, _at in occasions)
        state = "resolved" if column == "resolved_at" else "open"
    else:
        last = seen.filter(active_at__gte=since - wait, opened_at__lte=at - wait).order_by("-active_at")
        told, state = _told(last.values_list("pk", flat=True)[:MOST]), "open"
        occasions = [(pk, ends) for pk, moments in told.items() for ends in _silences(moments, wait, since, at)]
    standing = [(pk, moment) for pk, moment in occasions if _state(told[pk], moment) == state]
    return standing[:MOST], told


def _told(conversations: Iterable[int]) -> dict[int, list[Moment]]:
    found: dict[int, list[Moment]] = defaultdict(list)
    journeys = [f"conversation:{pk}" for pk in dict.fromkeys(conversations)]
    for moment in line.of_journeys(journeys, kinds=list(_STATE), limit=OF_EACH):
        if moment.conversation_id is not None:
            found[moment.conversation_id].append(moment)
    return found


def _silences(moments: Sequence[Moment], wait: timedelta, since: datetime, at: datetime) -> list[datetime]:
    """When so long nobody had said anything, in that time."""
    words = [one.occurred_at for one in moments if one.kind in _WORDS]
    ends = zip(words, [*words[1:], at + wait], strict=True)
    return [said + wait for said, following in ends if following - said > wait and since <= said + wait <= at]


def _state(moments: Sequence[Moment], at: datetime) -> str:
    return str(_folded(moments, at)["state"])


def as_it_was(now: Subject, moments: Sequence[Moment], at: datetime, hours: open_hours.Clock) -> Subject:
    """The conversation at an earlier moment, as far as the line tells it."""
    held = _folded(moments, at)
    return msgspec.structs.replace(now, at=at, is_open=hours.of(now.inbox, held["team"]).is_open(at), **held)


def _folded(moments: Sequence[Moment], at: datetime) -> dict[str, Any]:
    held: dict[str, Any] = {
        "state": "open", "waiting_on": "us", "priority": 0, "tags": (), "team": None, "assignee": None,
    }  # fmt: skip
    for one in moments:
        if one.occurred_at > at:
            break
        match one.kind:
            case "conversation.opened":
                held["active_at"] = one.occurred_at
            case "conversation.resolved":
                held |= {"state": "resolved", "waiting_on": "customer"}
            case "conversation.snoozed":
                held["state"] = "snoozed"
            case "conversation.reopened" | "conversation.woken":
                held["state"] = "open"
            case "conversation.marked":
                held["state"] = one.facts["place"]
            case "conversation.assigned":
                held |= {"assignee": one.facts.get("agent_id"), "team": one.facts.get("team_id")}
            case "conversation.prioritized":
                held["priority"] = one.facts["priority"]
            case "conversation.tagged":
                held["tags"] = tuple(one.facts["tags"])
            case "message.received" | "message.sent":
                held |= {"waiting_on": "us" if one.kind == "message.received" else "customer"}
        if one.kind in _WORDS:
            held["active_at"] = one.occurred_at
    return held
