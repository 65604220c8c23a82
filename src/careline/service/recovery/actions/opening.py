"""A recovery begins, or what went wrong joins the one that runs."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from careline import contact
from careline.accounts import open_hours
from careline.accounts import queries as accounts
from careline.accounts.actor import SYSTEM, Actor
from careline.customers import locking
from careline.customers import queries as customers
from careline.kit import clock, text
from careline.kit.refusals import Conflicting
from careline.service.conversations.actions.lines import taken, written
from careline.service.conversations.hot import refused
from careline.service.conversations.models import Conversation
from careline.service.recovery import placing, plays
from careline.service.recovery.marking import marked
from careline.service.recovery.matching import FRESH
from careline.service.recovery.models import Cause, Recovery, Rule, Step
from careline.touchpoints import Moment

# By hand there is no rule that says how long.
BY_HAND = Rule(minutes=480, play=[{"kind": kind} for kind in plays.USUAL])
WORDS_LIMIT = 2000
_SHORT = {"survey.answered": "answer", "promise.broken": "promise", "conversation.reopened": "reopened"}


@transaction.atomic
def take_up(moment: Moment, rule: Rule, *, at: datetime | None = None) -> Recovery | None:
    """What went wrong marks one conversation of the person's, or joins what is marked already; None when neither.

    `at` is when it is learned: now, unless history is told.
    """
    at = at or clock.now()
    if moment.person_id is None or moment.occurred_at < at - FRESH:
        return None
    person = locking.held([moment.person_id], no_key=True).get(moment.person_id)
    if person is None or person.erased_at is not None or person.blocked_at is not None:
        return None
    if Cause.objects.filter(touchpoint=moment.id).exists():
        return None
    ids = customers.ids_of(person.pk)
    cause = _cause(moment)
    running = Recovery.objects.running().filter(person__in=ids).order_by("pk").first()
    if running is not None:
        return _join(running, cause, at=at)
    conversation = placing.conversation_for(moment, person, ids, at=at)
    return None if conversation is None else _open(conversation, person.pk, rule, cause, actor=SYSTEM, at=at)


@transaction.atomic
def begin(conversation_id: int, *, actor: Actor, words: str = "", at: datetime | None = None) -> Recovery:
    """Somebody of the house saw that something went wrong."""
    at = at or clock.now()
    person_id = taken_person(conversation_id, actor=actor)
    person = locking.held([person_id], no_key=True)[person_id]
    actor.must("conversations.reply")
    if Recovery.objects.running().filter(person__in=customers.ids_of(person.pk)).exists():
        raise Conflicting(_("They are being won back already."))
    conversation = taken(conversation_id, actor=actor, permission="conversations.reply")
    if conversation.state in (Conversation.State.SPAM, Conversation.State.TRASH):
        raise Conflicting(_("Take this conversation out of spam or trash first."))
    cause = Cause(kind="hand", at=at, words=text.clean(words, field="words", limit=WORDS_LIMIT))
    return _open(conversation, person.pk, BY_HAND, cause, actor=actor, at=at)


def taken_person(conversation_id: int, *, actor: Actor) -> int:
    """Whose it is. The person is locked before the conversation, as the reaction does it."""
    found = Conversation.objects.visible_to(actor).filter(pk=conversation_id).values_list("person_id", flat=True)
    if not found:
        raise refused.no_conversation()
    return found[0]


def _cause(moment: Moment) -> Cause:
    facts = moment.facts
    return Cause(
        touchpoint=moment.id, kind=_SHORT[moment.kind], at=moment.occurred_at, metric=facts.get("metric", ""),
        score=facts.get("score"), top=facts.get("scale_max"), promise=facts.get("promise", ""),
        survey=facts.get("survey", ""), response=facts.get("response"), words=facts.get("text", "")[:WORDS_LIMIT],
    )  # fmt: skip


def _open(
    conversation: Conversation, person_id: int, rule: Rule, cause: Cause, *, actor: Actor, at: datetime
) -> Recovery:
    due_at = open_hours.after(at, timedelta(minutes=rule.minutes))
    conversation = placing.at_hand(conversation, rule, at=at)
    recovery = Recovery.objects.create(
        conversation=conversation, person_id=person_id, rule_id=rule.pk, opened_at=at, due_at=due_at,
        hold=contact.hold(person_id, _held_for(), actor=SYSTEM, at=at).pk,
    )  # fmt: skip
    cause.recovery = recovery
    cause.save()
    Step.objects.bulk_create(
        Step(recovery=recovery, place=place, kind=one.kind, words=one.words)
        for place, one in enumerate(plays.of(rule.play), 1)
    )
    conversation.mark = marked(cause, due_at)
    written(
        conversation, actor=actor, at=at, kind="recovery.opened", verb="recovery-opened", recovery=recovery.pk,
        due_at=due_at.isoformat(), **_why(cause),
    )  # fmt: skip
    return recovery


def _join(recovery: Recovery, cause: Cause, *, at: datetime) -> Recovery:
    """The newest cause is what the row tells; the deadline stays that of the first."""
    conversation = taken(recovery.conversation_id, actor=SYSTEM, permission="conversations.reply")
    cause.recovery = recovery
    cause.save()
    conversation.mark = marked(cause, recovery.due_at, late=recovery.escalated_at is not None)
    conversation.waiting_on = Conversation.WaitingOn.US
    if conversation.state in (Conversation.State.RESOLVED, Conversation.State.SNOOZED):
        conversation.reopen()
    written(
        conversation, actor=SYSTEM, at=at, kind="recovery.joined", verb="recovery-joined", recovery=recovery.pk,
        **_why(cause),
    )  # fmt: skip
    return recovery


def _why(cause: Cause) -> dict[str, Any]:
    said = {"metric": cause.metric, "score": cause.score, "scale_max": cause.top, "promise": cause.promise}
    return {"cause": cause.kind} | {name: value for name, value in said.items() if value not in (None, "")}


def _held_for() -> str:
    """In the language of the house, since it is kept as it is written."""
    with translation.override(next(iter(accounts.organization().languages), "en")):
        return _("They are being won back.")
