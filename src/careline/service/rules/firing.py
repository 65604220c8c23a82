"""A rule runs in a conversation: its conditions asked, its steps done, and that it ran written down."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from careline.accounts.actor import SYSTEM
from careline.customers import locking
from careline.kit import clock
from careline.service.conversations import conditions
from careline.service.conversations.actions.lines import taken, written
from careline.service.conversations.conditions import Subject
from careline.service.conversations.models import Conversation, Message
from careline.service.rules.doing import Doing, take
from careline.service.rules.models import Firing, Pause, Rule
from careline.service.rules.shapes import Then, WaitStep, content

# In one conversation, in an hour: what another room or program answers to a rule cannot go on for ever.
BUDGET, ITS_OWN, HOUR = 20, 5, timedelta(hours=1)
SPOKEN = (Message.Kind.INCOMING, Message.Kind.REPLY, Message.Kind.FORWARD, Message.Kind.NOTE)


def fits(rule: Rule, subject: Subject) -> bool:
    return conditions.met(conditions.read(rule.says.conditions), subject)


@transaction.atomic
def fire(
    rule: Rule, subject: Subject, *, touchpoint: UUID | None = None, since: datetime | None = None,
    at: datetime | None = None,
) -> Firing | None:  # fmt: skip
    """Once for what caused it; None where it ran for that before, or too often."""
    at = at or clock.now()
    # Whoever runs a rule here waits for whoever does it just now, so that both count what has run.
    # The person is held first, as whoever is written to is.
    locking.held([subject.person], no_key=True)
    conversation = taken(subject.id, actor=SYSTEM, permission="conversations.view")
    if _is_used_up(rule, subject.id, at):
        return None
    firing, made = Firing.objects.get_or_create(
        rule=rule, touchpoint=touchpoint, since=since, conversation_id=subject.id,
        defaults={"version": rule.version, "at": at},
    )  # fmt: skip
    if not made:
        return None
    _go_on(Doing(rule, firing, subject.id, conversation.inbox_id), 0, at)
    return firing


@transaction.atomic
def resume(pause_id: int, *, at: datetime) -> None:
    """What was put off, by the version it began with; dropped where somebody has spoken or the state is another."""
    pause = Pause.objects.select_for_update(skip_locked=True).filter(pk=pause_id, due_at__lte=at).first()
    if pause is None:
        return
    firing = pause.firing
    pause.delete()
    known = Conversation.objects.filter(pk=firing.conversation_id).values_list("person_id", flat=True)
    locking.held(list(known), no_key=True)
    conversation = taken(firing.conversation_id, actor=SYSTEM, permission="conversations.view")
    if not firing.rule.is_on or conversation.state != pause.state or spoken_since([firing]):
        return
    _go_on(Doing(firing.rule, firing, conversation.pk, conversation.inbox_id), pause.step, at)


def spoken_since(firings: Collection[Firing]) -> set[int]:
    """The conversations of those after which a person said something."""
    last = {one.conversation_id: one.seq for one in firings}
    said = Message.objects.filter(conversation__in=last, kind__in=SPOKEN, seq__gt=min(last.values(), default=0))
    rows = said.exclude(author_kind="rule").values_list("conversation_id", "seq")
    return {conversation for conversation, seq in rows if seq > last[conversation]}


def _is_used_up(rule: Rule, conversation_id: int, at: datetime) -> bool:
    lately = list(
        Firing.objects.filter(conversation_id=conversation_id, at__gt=at - HOUR).values_list("rule_id", flat=True)
    )
    return len(lately) >= BUDGET or lately.count(rule.pk) >= ITS_OWN


def _go_on(doing: Doing, begin: int, at: datetime) -> None:
    """From a step on to the end or the next wait, and a line in the thread that says what was done."""
    firing = doing.firing
    steps = doing.rule.says.then if firing.version == doing.rule.version else _steps_of(firing)
    done, following = take(doing, steps, begin)
    conversation = taken(doing.conversation_id, actor=SYSTEM, permission="conversations.view")
    if done:
        conversation = written(
            conversation, actor=doing.actor, at=at, kind="rule.fired", verb="rule-fired", rule=doing.rule.pk,
            version=firing.version, done=[one["do"] for one in done if "why" not in one],
            refused=[one["do"] for one in done if "why" in one],
        )  # fmt: skip
    firing.done, firing.seq = [*firing.done, *done], conversation.last_seq
    firing.save(update_fields=["done", "seq"])
    if following is not None:
        wait = steps[following - 1]
        assert isinstance(wait, WaitStep)
        due_at = at + timedelta(minutes=wait.minutes)
        Pause.objects.create(firing=firing, step=following, state=conversation.state, due_at=due_at)


def _steps_of(firing: Firing) -> list[Then]:
    return content(firing.rule.versions.get(number=firing.version).content).then
