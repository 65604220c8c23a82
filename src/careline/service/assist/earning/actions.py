"""An intent is switched on and off, what it takes is settled, and what went is looked at."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from careline.accounts import audit
from careline.accounts.actor import Actor
from careline.kit import clock
from careline.kit.refusals import Conflicting, NotVisible, Refused
from careline.service.assist.earning import standing
from careline.service.assist.earning.standing import NEEDS, Bounds, Standing
from careline.service.assist.models import Earning, Sample, Trust
from careline.service.conversations.models import Conversation
from careline.service.intents.models import Intent

LEAST, EVERY = (5, 1000), (2, 100)


@transaction.atomic
def switch(code: str, *, on: bool, actor: Actor) -> Standing:
    """On only where it is earned; off at any time."""
    known = standing.one(actor, code)
    trust, _new = Trust.objects.get_or_create(intent=Intent.objects.get(code=code))
    trust = Trust.objects.select_for_update(of=("self",)).get(pk=trust.pk)
    if on and not known.is_earned:
        terms = {"taken": known.taken, "of": known.of, "least": known.least, "share": standing.SHARE}
        raise Conflicting(
            _("It has not earned this yet: %(taken)s of %(of)s were taken as they stood, and it takes %(least)s and"
              " %(share)s in a hundred.") % terms
        )  # fmt: skip
    if trust.is_on != on:
        trust.is_on, trust.changed_at = on, clock.now()
        trust.save(update_fields=["is_on", "changed_at"])
        audit.record("trust.given" if on else "trust.withdrawn", f"intent:{trust.pk}", actor=actor)
    return standing.one(actor, code)


@transaction.atomic
def keep(bounds: Bounds, *, actor: Actor) -> Bounds:
    """The house's own numbers."""
    actor.must(NEEDS)
    for field, given, (low, high) in (("least", bounds.least, LEAST), ("every", bounds.every, EVERY)):
        if not low <= given <= high:
            raise Refused(_("Give a number from %(low)s to %(high)s.") % {"low": low, "high": high}, field=field)
    Earning.objects.update_or_create(pk=1, defaults={"least": bounds.least, "every": bounds.every})
    audit.record("earning.kept", "earning:1", actor=actor, least=bounds.least, every=bounds.every)
    return bounds


@transaction.atomic
def review(sample_id: int, *, right: bool, actor: Actor) -> Sample:
    """One that was wrong switches its intent off at once, and what it had earned is gone."""
    actor.must(NEEDS)
    seen = Conversation.objects.visible_to(actor)
    found = Sample.objects.select_for_update(of=("self",)).filter(pk=sample_id, conversation__in=seen).first()
    if found is None:
        raise NotVisible(_("There is no such answer."))
    at = clock.now()
    found.verdict = Sample.Verdict.RIGHT if right else Sample.Verdict.WRONG
    found.reviewed_by, found.reviewed_at = actor.agent_id, at
    found.save(update_fields=["verdict", "reviewed_by", "reviewed_at"])
    if not right:
        Trust.objects.filter(intent__code=found.intent).update(is_on=False, stopped_at=at, changed_at=at)
    audit.record("sample.reviewed", f"sample:{found.pk}", actor=actor, right=right)
    return found
