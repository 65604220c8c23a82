"""The house says what begins a recovery, and how much goodwill a role may give."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
from django.db import transaction
from django.utils.translation import gettext as _

from careline.accounts import audit
from careline.accounts import queries as accounts
from careline.accounts.actor import Actor
from careline.kit import clock, text
from careline.kit.refusals import NotVisible, Refused
from careline.service.recovery import plays
from careline.service.recovery.matching import SCALES
from careline.service.recovery.models import Authority, Rule

LONGEST_MINUTES = 60 * 24 * 30
MOST_TIMES = 10
MOST_MINOR = 10**12


class Ruling(msgspec.Struct, frozen=True, kw_only=True):
    """What a rule is to be; all of it is kept anew. Scores are on the figure's own scale: matching.SCALES."""

    cause: str
    is_on: bool = True
    metric: str = ""
    at_most: float | None = None
    promise: str = ""
    times: int = 1
    owner: str = "agent"
    team_id: int | None = None
    lead_id: int | None = None
    minutes: int = 480
    play: Sequence[plays.Step] = ()


@transaction.atomic
def keep_rule(ruling: Ruling, *, actor: Actor, rule_id: int | None = None) -> Rule:
    """Make a rule or change one; for what happens from now on."""
    actor.must("organization.manage")
    rule = Rule() if rule_id is None else _taken(rule_id)
    rule.cause = _one_of(ruling.cause, Rule.Cause.values, "cause")
    rule.owner = _one_of(ruling.owner, Rule.Owner.values, "owner")
    rule.metric, rule.at_most, rule.top = _figure(ruling) if rule.cause == Rule.Cause.ANSWER else ("", None, None)
    rule.promise = text.clean(ruling.promise, field="promise", limit=200) if rule.cause == Rule.Cause.PROMISE else ""
    rule.times = ruling.times if rule.cause == Rule.Cause.REOPENED else 1
    if not 1 <= rule.times <= MOST_TIMES:
        raise Refused(_("Give 1 to %(most)s times.") % {"most": MOST_TIMES}, field="times")
    if not 1 <= ruling.minutes <= LONGEST_MINUTES:
        raise Refused(_("Give a deadline of a minute to 720 open hours."), field="minutes")
    rule.team_id = None if ruling.team_id is None else accounts.team(actor, ruling.team_id).pk
    if rule.owner == Rule.Owner.TEAM and rule.team_id is None:
        raise Refused(_("Choose the team."), field="team")
    rule.lead_id = None if ruling.lead_id is None else accounts.agent(actor, ruling.lead_id).pk
    rule.minutes, rule.play, rule.is_on = ruling.minutes, plays.checked(ruling.play), ruling.is_on
    rule.changed_at = clock.now()
    rule.save()
    audit.record("recovery-rule.kept", f"recovery-rule:{rule.pk}", actor=actor)
    return rule


@transaction.atomic
def drop_rule(rule_id: int, *, actor: Actor) -> None:
    """What it began goes on."""
    actor.must("organization.manage")
    _taken(rule_id).delete()
    audit.record("recovery-rule.dropped", f"recovery-rule:{rule_id}", actor=actor)


@transaction.atomic
def allow(role_id: int, minor: int, *, actor: Actor, refund: bool = False) -> None:
    """So much goodwill in one recovery, or so much paid back; nothing takes it away."""
    actor.must("organization.manage")
    role = accounts.role(actor, role_id)
    if not 0 <= minor <= MOST_MINOR:
        raise Refused(_("Write a sum, or 0 for none."), field=f"{'refund' if refund else 'most'}.{role_id}")
    if minor:
        Authority.objects.update_or_create(role=role, refund=refund, defaults={"most_minor": minor})
    else:
        Authority.objects.filter(role=role, refund=refund).delete()
    audit.record("goodwill.allowed", f"role:{role.pk}", actor=actor, refund=refund)


def _taken(rule_id: int) -> Rule:
    found = Rule.objects.select_for_update(of=("self",)).filter(pk=rule_id).first()
    if found is None:
        raise NotVisible(_("There is no such rule."))
    return found


def _figure(ruling: Ruling) -> tuple[str, float, float]:
    metric = _one_of(ruling.metric, list(SCALES), "metric")
    low, top = SCALES[metric]
    if ruling.at_most is None or not low <= ruling.at_most < top:
        raise Refused(
            _("Give a score from %(low)s to below %(top)s.") % {"low": f"{low:g}", "top": f"{top:g}"}, field="at_most"
        )
    return metric, ruling.at_most, top


def _one_of(given: str, offered: Sequence[str], field: str) -> str:
    if given not in offered:
        raise Refused(_("Choose one from the list."), field=field)
    return given
