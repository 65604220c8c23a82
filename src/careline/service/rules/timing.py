"""Rules that time brings about, and steps that were put off until now."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q

from careline.channels.models import Inbox
from careline.kit import clock
from careline.service.conversations import conditions
from careline.service.conversations.models import Conversation
from careline.service.rules.firing import fire, fits, resume, spoken_since
from careline.service.rules.models import Firing, Pause, Rule

PIECE = 100
_COLUMNS = {"silence": "active_at", "opened": "opened_at", "resolved": "resolved_at"}


def run_due(*, at: datetime | None = None, limit: int = 50) -> int:
    """All whose time has come; how many ran. Safe beside other workers: each time is asked for once."""
    at = at or clock.now()
    ran = 0
    for rule_id in Rule.objects.filter(is_on=True, kind="").order_by("position", "pk").values_list("pk", flat=True):
        for _piece in range(limit):
            found, fired = _ask(rule_id, at)
            ran += fired
            if found < PIECE:
                break
    for pause_id in Pause.objects.filter(due_at__lte=at).order_by("due_at", "pk").values_list("pk", flat=True)[:1000]:
        resume(pause_id, at=at)
    return ran


@transaction.atomic
def _ask(rule_id: int, at: datetime) -> tuple[int, int]:
    """The next conversations whose time has come since it was asked last: how many, and in how many it ran.

    Each is asked once, at that moment: its rule and how far it has come are committed together.
    """
    rule = Rule.objects.select_for_update(skip_locked=True).filter(pk=rule_id, is_on=True).first()
    if rule is None or rule.asked_at is None:
        return 0, 0
    when = rule.says.when
    assert when.since is not None
    assert when.minutes is not None
    column, wait = _COLUMNS[when.since], timedelta(minutes=when.minutes)
    begin = rule.asked_at - wait
    # All inboxes by name, so that the index by inbox, state and time is walked and no table.
    come = Conversation.objects.filter(
        Q(**{f"{column}__gt": begin}) | Q(**{column: begin, "pk__gt": rule.asked_id}),
        inbox__in=list(Inbox.objects.values_list("pk", flat=True)),
        state=Conversation.State.RESOLVED if when.since == "resolved" else Conversation.State.OPEN,
        **{f"{column}__gte": begin, f"{column}__lte": at - wait},
    ).order_by(column, "pk").values_list("pk", column)[:PIECE]  # fmt: skip
    found = dict(come)
    subjects = conditions.subjects(found, at=at)
    again = _unspoken(rule, found) if when.since == "silence" else set()
    fired = 0
    for pk, since in found.items():
        if pk in subjects and pk not in again and fits(rule, subjects[pk]):
            fired += fire(rule, subjects[pk], since=since, at=at) is not None
    rule.asked_at, rule.asked_id = (at, 0) if len(found) < PIECE else (since + wait, pk)
    rule.save(update_fields=["asked_at", "asked_id"])
    return len(found), fired


def _unspoken(rule: Rule, found: dict[int, datetime]) -> set[int]:
    """Where it ran for a silence that no person has broken since: its own words begin no new one."""
    last = {
        one.conversation_id: one
        for one in Firing.objects.filter(rule=rule, conversation_id__in=found).order_by("at", "pk")
    }
    return set(last) - spoken_since(last.values())
