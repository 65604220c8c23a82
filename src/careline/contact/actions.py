"""Decide whether a person may be contacted now, hold everything back from them, suppress what leads nowhere."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

import msgspec
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from careline import touchpoints
from careline.accounts import audit
from careline.accounts.actor import SYSTEM, Actor
from careline.contact import hot, queries, weighing
from careline.contact.models import Decision, Hold, Suppression
from careline.customers import locking
from careline.customers import queries as customers
from careline.customers.models import Person
from careline.kit import clock, text
from careline.kit.refusals import Conflicting, NotVisible, Refused


def decide(person_id: int, purpose: str, channel: str, key: str, *, actor: Actor = SYSTEM) -> Decision:
    """May we contact this person now? Asking again with the same key gives the answer that was given.

    A no with `retry_at` stands until then; asked after that, the same question is weighed anew. One key is allowed
    once, so it names what is sent: `survey:7:conversation:12`. `purpose` is a scope or lies in one (scopes.py).
    """
    asked = Decision(
        key=text.clean(key, field="key", limit=500, required=True),
        person_id=person_id,
        purpose=text.clean(purpose, field="purpose", limit=200, required=True),
        channel=text.clean(channel, field="channel", limit=200, required=True),
    )
    for _try in range(locking.TRIES):
        try:
            # A step of its own: when somebody was joined or parted meanwhile, its locks are free again.
            with transaction.atomic():
                return _answered(asked, actor=actor)
        except locking.Moved:
            continue
    raise Conflicting(_("This customer is being changed by somebody else just now. Try again."))


@transaction.atomic
def hold(
    person_id: int, reason: str, until: datetime | None = None, *, actor: Actor, at: datetime | None = None
) -> Hold:
    """Nobody decides to contact this person until then; without an end, until it is released."""
    actor.must("customers.edit")
    if _locked(person_id).erased_at is not None:
        raise Conflicting(_("This customer was erased."))
    now = at or clock.now()
    if until is not None and until <= now:
        raise Refused(_("A hold must end in the future."), field="until")
    held = Hold.objects.create(
        person_id=person_id,
        reason=text.clean(reason, field="reason", limit=500, required=True),
        until=until,
        created_at=now,
    )
    touchpoints.record(
        "contact.held", person=person_id, actor=actor, source=f"hold:{held.pk}", occurred_at=now,
        hold=held.pk, until=until, reason=held.reason,
    )  # fmt: skip
    return held


@transaction.atomic
def release(hold_id: int, *, actor: Actor, person_id: int | None = None, at: datetime | None = None) -> Hold:
    """Before its time. With `person_id` only a hold on that customer, under any of their ids."""
    actor.must("customers.edit")
    held = Hold.objects.select_for_update().filter(pk=hold_id).first()
    if held is None or (person_id is not None and held.person_id not in customers.ids_of(person_id)):
        raise NotVisible(_("There is no such hold."))
    now = at or clock.now()
    if held.released_at is not None or (held.until is not None and held.until <= now):
        raise Conflicting(_("This hold is already over."))
    held.released_at = now
    held.save(update_fields=["released_at"])
    touchpoints.record(
        "contact.released", person=held.person_id, actor=actor, source=f"hold:{held.pk}", occurred_at=now, hold=held.pk
    )
    return held


@transaction.atomic
def suppress(
    address: str,
    reason: str,
    *,
    code: str = "",
    words: str = "",
    message_id: UUID | None = None,
    actor: Actor = SYSTEM,
) -> Suppression:
    """Nothing is sent to the address until it is lifted. What is known already stays, unless it allowed more."""
    given = Suppression(
        key=queries.key_of(address),
        address=text.clean(address.strip(), field="address", limit=320, required=True),
        reason=Suppression.Reason(reason),
        code=text.excerpt(code.replace("\0", ""), 20),
        words=text.excerpt(words.replace("\0", ""), 500),
        message_id=message_id,
        at=clock.now(),
    )
    known = Suppression.objects.select_for_update().filter(key=given.key).first()
    if known is None:
        try:
            with transaction.atomic():
                given.save(force_insert=True)
        except IntegrityError:
            return suppress(address, reason, code=code, words=words, message_id=message_id, actor=actor)
    elif known.allows_answers and not given.allows_answers:
        given.pk = known.pk
        given.save(force_update=True)
    else:
        return known
    audit.record("suppression.made", f"suppression:{given.pk}", actor=actor, reason=[given.reason])
    return given


@transaction.atomic
def lift(suppression_id: int, *, actor: Actor) -> Suppression:
    """The address works again, as far as somebody knows: it is tried, and should it come back, suppressed again."""
    actor.must("customers.edit")
    known = Suppression.objects.select_for_update().filter(pk=suppression_id).first()
    if known is None:
        raise NotVisible(_("There is no such suppression."))
    Suppression.objects.filter(pk=known.pk).delete()
    audit.record("suppression.lifted", f"suppression:{suppression_id}", actor=actor)
    return known


def _locked(person_id: int) -> Person:
    """Whoever stands for the person now: what is asked about any of joined people stands in one line."""
    held = locking.held([person_id], no_key=True)
    if person_id not in held:
        raise NotVisible(_("There is no such customer."))
    return held[person_id]


def _answered(asked: Decision, *, actor: Actor) -> Decision:
    # Decisions about one person stand in line, so that each sees the one before it.
    one = locking.alone(asked.person_id)
    if one is None:
        raise NotVisible(_("There is no such customer."))
    asked.at = clock.now()
    known = weighing.read(one.root, asked.purpose, asked.channel, asked.at, asked.key)
    if one.ids != known.ids or asked.person_id not in known.ids:
        raise locking.Moved
    if known.attempt:
        before = Decision.objects.get(key=asked.key, attempt=known.attempt)
        _must_ask(before, asked)
        if before.stands(asked.at):
            return before
    asked.attempt = known.attempt + 1
    against = weighing.weigh(known, asked.purpose, asked.channel, asked.at).objection
    asked.allowed = against is None
    if against is not None:
        asked.reason, asked.terms, asked.retry_at = against.reason, against.terms, against.until
    return _kept(asked, actor=actor)


def _kept(asked: Decision, *, actor: Actor) -> Decision:
    """The answer, kept and told on the line; somebody else's where they used the key meanwhile."""
    written = hot.WRITE.one(
        key=asked.key, attempt=asked.attempt, person=asked.person_id, purpose=asked.purpose, channel=asked.channel,
        allowed=asked.allowed, reason=asked.reason, terms=msgspec.json.encode(asked.terms).decode(),
        retry_at=asked.retry_at, at=asked.at,
    )  # fmt: skip
    if written is None:
        before = Decision.objects.get(key=asked.key, attempt=asked.attempt)
        _must_ask(before, asked)
        return before
    touchpoints.record(
        "contact.decided", person=asked.person_id, actor=actor, source=f"decision:{written.id}", occurred_at=asked.at,
        decision=written.id, purpose=asked.purpose, channel=asked.channel, allowed=asked.allowed, reason=asked.reason,
        terms=asked.terms, retry_at=asked.retry_at,
    )  # fmt: skip
    asked.pk = written.id
    asked._state.adding = False
    return asked


def _must_ask(before: Decision, asked: Decision) -> None:
    if not before.asks_as(asked):
        raise Conflicting(_("This key was already used to ask about something else."), field="key")
