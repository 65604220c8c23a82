"""Everything that speaks for or against contacting a person now, looked at in one order; nothing is written here."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, time, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

import msgspec
from django.db.models import Q

from careline.accounts import queries as accounts
from careline.contact import hot, promises, queries, quiet, reach, reasons, scopes, talks
from careline.contact.models import Hold, Scope
from careline.customers.models import Consent, Identity, Person
from careline.kit.refusals import NotVisible

About = Literal["person", "hold", "consent", "reach", "address", "talk", "promise", "quiet", "limit"]
Terms = dict[str, str | int]
_NEVER = datetime.max.replace(tzinfo=UTC)


class Check(msgspec.Struct, frozen=True):
    """One thing that was looked at. Without a reason nothing there speaks against it; `until` is when that ends."""

    about: About
    reason: str = ""
    terms: Terms = {}
    until: datetime | None = None


class Outlook(msgspec.Struct, frozen=True):
    """What would be decided: `scope` names the rules it was weighed by, empty where no rules bind."""

    scope: str
    checks: list[Check]

    @property
    def objection(self) -> Check | None:
        """Of what speaks against it the first that does not end by itself, else what lasts longest."""
        against = [one for one in self.checks if one.reason]
        lasting = next((one for one in against if one.until is None), None)
        return lasting or max(against, key=lambda one: one.until or _NEVER, default=None)


class Weighed(msgspec.Struct, frozen=True):
    """Who is asked about under all their ids, whoever stands for them first; what for, by which channel, and when."""

    people: list[Person]
    purpose: str
    channel: str
    at: datetime

    @property
    def ids(self) -> list[int]:
        return [one.pk for one in self.people]


class Night(msgspec.Struct, frozen=True):
    """When it is quiet where somebody lives."""

    zone: ZoneInfo
    begin: time | None
    end: time | None
    days: list[int]

    def ends(self, at: datetime) -> datetime | None:
        return quiet.ends(at, self.zone, begin=self.begin, end=self.end, days=self.days)

    def now(self, at: datetime) -> Check:
        until = self.ends(at)
        terms: Terms = {"time": f"{at.astimezone(self.zone):%H:%M}", "zone": self.zone.key}
        return Check("quiet", reasons.QUIET if until else "", terms, until)

    def after(self, check: Check) -> Check:
        """What would end in the night is over in the morning."""
        morning = self.ends(check.until) if check.until else None
        return msgspec.structs.replace(check, until=morning) if morning else check


def weigh(root: int, purpose: str, channel: str, at: datetime) -> Outlook:
    """What holds for one of joined people holds for all of them."""
    people = sorted(Person.objects.filter(Q(pk=root) | Q(canonical=root)), key=lambda one: (one.pk != root, one.pk))
    asked = Weighed(people, purpose, channel, at)
    checks = [_person(asked), _hold(asked), _consent(asked), *_reach(asked)]
    if purpose == reach.ACKNOWLEDGEMENT:
        return Outlook("", checks)
    found = {one.name: one for one in Scope.objects.filter(name__in=scopes.around(purpose))}
    chain = [found[name] for name in scopes.around(purpose) if name in found]
    if not chain:
        return Outlook("", checks)
    # The nearest says when; every one around it counts.
    rules = chain[-1]
    checks += [_talk(asked, rules), _promise(asked, rules), *_limits(asked, rules, chain)]
    night = _night(asked, rules)
    if night is None:
        return Outlook(rules.name, [*checks, Check("quiet", terms={"ignored": 1})])
    return Outlook(rules.name, [*(night.after(one) for one in checks), night.now(at)])


def _person(asked: Weighed) -> Check:
    if any(one.erased_at is not None for one in asked.people):
        return Check("person", reasons.ERASED)
    return Check("person", reasons.BLOCKED if any(one.blocked_at is not None for one in asked.people) else "")


def _hold(asked: Weighed) -> Check:
    running = Q(until=None) | Q(until__gt=asked.at)
    ends = list(Hold.objects.filter(running, person__in=asked.ids, released_at=None).values_list("until", flat=True))
    if not ends:
        return Check("hold")
    # One without an end outlasts them all.
    return Check("hold", reasons.HELD, until=None if None in ends else max(one for one in ends if one))


def _consent(asked: Weighed) -> Check:
    no = Consent.objects.filter(person__in=asked.ids, purpose__in=scopes.refusable(asked.purpose), given=False)
    return Check("consent", reasons.WITHDRAWN if no.exists() else "")


def _reach(asked: Weighed) -> list[Check]:
    """Of several addresses one that works is enough; a complaint from one of them speaks for the person."""
    reached = reach.kinds_of(asked.channel)
    known = list(Identity.objects.filter(person__in=asked.ids, kind__in=reached).values_list("value", flat=True))
    if not known or reached != reach.BY_MAIL:
        return [Check("reach", "" if known else reasons.UNREACHABLE, {"channel": asked.channel})]
    found = queries.suppressed(known)
    dead = [one for one in found.values() if not one.allows_answers]
    reason = reasons.SUPPRESSED if len(dead) == len(known) else ""
    if asked.purpose != reach.ACKNOWLEDGEMENT and any(one.allows_answers for one in found.values()):
        reason = reasons.COMPLAINED
    return [Check("reach", terms={"channel": asked.channel}), Check("address", reason)]


def _talk(asked: Weighed, rules: Scope) -> Check:
    if rules.talks == Scope.Talks.IGNORED:
        return Check("talk", terms={"ignored": 1})
    found = talks.of(asked.ids)
    if rules.talks == Scope.Talks.OURS:
        return Check("talk", reasons.AWAITED if found.ours else "")
    return Check("talk", reasons.TALKING if found.open else "")


def _promise(asked: Weighed, rules: Scope) -> Check:
    broken = promises.newest(asked.ids, days=rules.promise_days, now=asked.at)
    if broken is None:
        return Check("promise", terms={} if rules.promise_days else {"ignored": 1})
    return Check("promise", reasons.PROMISED, {"promise": broken.promise}, broken.until)


def _limits(asked: Weighed, rules: Scope, chain: Sequence[Scope]) -> list[Check]:
    binding = [
        (scope, cap)
        for scope in chain
        for cap in msgspec.convert(scope.caps, list[scopes.Cap])
        if cap.channel in ("", asked.channel) and cap.binds(rules.priority)
    ]
    if not binding:
        return []
    used = hot.USED.all(
        people=asked.ids, scopes=[scope.name for scope, _cap in binding], channels=[cap.channel for _s, cap in binding],
        since=[asked.at - timedelta(hours=cap.hours) for _scope, cap in binding],
        most=[cap.most for _scope, cap in binding], any=scopes.ANY, answer=reach.ACKNOWLEDGEMENT,
    )  # fmt: skip
    return [_limit(scope, cap, one) for (scope, cap), one in zip(binding, used, strict=True)]


def _limit(scope: Scope, cap: scopes.Cap, used: hot.Used) -> Check:
    terms: Terms = {
        "used": used.count, "most": cap.most, "hours": cap.hours, "channel": cap.channel, "scope": scope.name,
        "label": scope.label,
    }  # fmt: skip
    if used.count < cap.most or used.at is None:
        return Check("limit", terms=terms)
    return Check("limit", reasons.LIMIT, terms, used.at + timedelta(hours=cap.hours))


def _night(asked: Weighed, rules: Scope) -> Night | None:
    """Nothing where it is never quiet, or where the channel calls nobody who is not looking."""
    if (rules.quiet_from is None and not rules.quiet_days) or not reach.rings(asked.channel):
        return None
    return Night(_zone(asked.people), rules.quiet_from, rules.quiet_to, rules.quiet_days)


def _zone(people: Sequence[Person]) -> ZoneInfo:
    """Where they live, else where the house stands."""
    for one in people:
        if one.zone:
            return ZoneInfo(one.zone)
    try:
        return ZoneInfo(accounts.organization().zone)
    except NotVisible:
        return ZoneInfo("UTC")
