"""What is done to win somebody back: steps, goodwill, and how it ended."""

from __future__ import annotations

import contextlib
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from careline import contact
from careline.accounts import queries as accounts
from careline.accounts.actor import SYSTEM, Actor
from careline.kit import clock, text
from careline.kit.money import Money
from careline.kit.refusals import Conflicting, NotAllowed, NotVisible, Refused
from careline.service.conversations import actions as talks
from careline.service.conversations.actions.lines import taken, written
from careline.service.conversations.models import Conversation
from careline.service.recovery import queries
from careline.service.recovery.models import Goodwill, Recovery, Step

WORDS_LIMIT = 2000
KEY_LIMIT = 200
MOST_MINOR = 10**12


@transaction.atomic
def step(recovery_id: int, place: int, *, actor: Actor, done: bool = True, at: datetime | None = None) -> Recovery:
    """A step is done, or was not done after all; said again it changes nothing."""
    at = at or clock.now()
    recovery, conversation = _taken(recovery_id, actor=actor, permission="conversations.reply")
    found = Step.objects.filter(recovery=recovery, place=place).first()
    if found is None:
        raise NotVisible(_("There is no such step."))
    if (found.done_at is not None) == done:
        return recovery
    found.done_at, found.done_by = (at, actor.agent_id) if done else (None, None)
    found.save()
    written(
        conversation, actor=actor, at=at, kind="recovery.stepped", verb="recovery-stepped", recovery=recovery.pk,
        step=found.kind, number=place, done=done,
    )  # fmt: skip
    return recovery


@transaction.atomic
def give(
    recovery_id: int,
    minor: int,
    *,
    actor: Actor,
    refund: bool = False,
    words: str = "",
    once: str,
    at: datetime | None = None,
) -> Goodwill:
    """Goodwill, or a part of what was paid back, as far as the agent's role may give it in one recovery.

    What was given there before counts, whoever gave it. The same `once` again is the same goodwill.
    """
    at = at or clock.now()
    recovery, conversation = _taken(recovery_id, actor=actor, permission="conversations.reply")
    once = text.clean(once, field="once", limit=KEY_LIMIT, required=True)
    known = Goodwill.objects.filter(recovery=recovery, once=once).first()
    if known is not None:
        return known
    if actor.agent_id is None:
        raise NotAllowed(_("Only an agent can do this."))
    if not 0 < minor <= MOST_MINOR:
        raise Refused(_("Write a sum that is more than nothing."), field="amount")
    currency = accounts.organization().currency
    left = queries.authority_of(actor, refund=refund) - queries.given(recovery, refund=refund)
    if minor > left:
        raise Refused(_beyond(max(0, left), currency), field="amount")
    given = Goodwill.objects.create(
        recovery=recovery, amount_minor=minor, currency=currency, given_at=at, given_by=actor.agent_id, once=once,
        refund=refund,
        words=text.clean(words, field="words", limit=WORDS_LIMIT),
    )  # fmt: skip
    Step.objects.filter(recovery=recovery, kind="goodwill", done_at=None).update(done_at=at, done_by=actor.agent_id)
    written(
        conversation, actor=actor, at=at, kind="goodwill.given", verb="goodwill-given", recovery=recovery.pk,
        amount_minor=minor, currency=currency, **({"refund": True} if refund else {}),
    )  # fmt: skip
    return given


def _beyond(left: int, currency: str) -> str:
    if not left:
        return _("Your role may give nothing more here. Ask whoever leads the team.")
    return _("Your role may give %(sum)s here at most. Ask whoever leads the team.") % {"sum": Money(left, currency)}


@transaction.atomic
def close(
    recovery_id: int,
    *,
    actor: Actor,
    outcome: str,
    resolved: bool = False,
    words: str = "",
    at: datetime | None = None,
) -> Recovery:
    """How it ended. What is right again is resolved with it; whoever was held is written to as before."""
    at = at or clock.now()
    recovery, conversation = _taken(recovery_id, actor=actor, permission="conversations.close")
    if outcome not in ("reached", "missed", "withdrawn"):
        raise Refused(_("Say whether they were reached, or that there was nothing to make good."), field="outcome")
    recovery.words = text.clean(words, field="words", limit=WORDS_LIMIT)
    _end(recovery, conversation, actor=actor, outcome=outcome, resolved=resolved and outcome != "withdrawn", at=at)
    if recovery.resolved and conversation.is_live:
        talks.resolve(conversation.pk, actor=actor, at=at)
    return recovery


@transaction.atomic
def let_go(conversation_id: int) -> None:
    """The conversation was put away, and its recovery with it."""
    conversation = Conversation.objects.select_for_update().filter(pk=conversation_id).first()
    recovery = Recovery.objects.select_for_update().running().filter(conversation=conversation_id).first()
    if conversation is not None and recovery is not None and conversation.state in ("spam", "trash"):
        _end(recovery, conversation, actor=SYSTEM, outcome="withdrawn", resolved=False, at=clock.now())


def _end(
    recovery: Recovery, conversation: Conversation, *, actor: Actor, outcome: str, resolved: bool, at: datetime
) -> None:
    recovery.outcome, recovery.resolved = outcome, resolved
    recovery.closed_at, recovery.closed_by = at, actor.agent_id
    recovery.save()
    conversation.mark = None
    given = queries.given(recovery)
    written(
        conversation, actor=actor, at=at, kind="recovery.closed", verb="recovery-closed", recovery=recovery.pk,
        outcome=outcome, resolved=resolved, in_time=at <= recovery.due_at,
        minutes=max(0, round((at - recovery.opened_at).total_seconds() / 60)),
        **({"given_minor": given, "currency": accounts.organization().currency} if given else {}),
    )  # fmt: skip
    if recovery.hold is not None:
        _release(recovery.hold, at)


def _release(hold: int, at: datetime) -> None:
    # Somebody lifted it before, or it went with an erasure.
    with contextlib.suppress(Conflicting, NotVisible):
        contact.release(hold, actor=SYSTEM, at=at)


def _taken(recovery_id: int, *, actor: Actor, permission: str) -> tuple[Recovery, Conversation]:
    """Running, and locked with its conversation, which is locked first."""
    known = Recovery.objects.visible_to(actor).filter(pk=recovery_id).first()
    if known is None:
        raise queries.no_recovery()
    conversation = taken(known.conversation_id, actor=actor, permission=permission)
    recovery = Recovery.objects.select_for_update(of=("self",)).get(pk=recovery_id)
    if recovery.closed_at is not None:
        raise Conflicting(_("This recovery is over."))
    return recovery, conversation
