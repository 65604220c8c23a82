"""Everything that speaks for or against contacting a person now, looked at in one order; nothing is written here."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

import msgspec

from careline.contact import hot, promises, queries, quiet, reach, reasons, scopes, talks
from careline.contact.models import Scope

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


class Counted(scopes.Cap, frozen=True):
    """A limit, how much of it is used, and since when the oldest of those counts."""

    used: int = 0
    oldest: datetime | None = None


class Rules(msgspec.Struct, frozen=True):
    """A scope as it was read; of its limits those this channel counts for."""

    name: str
    label: str
    priority: scopes.Priority
    talks: str
    quiet_from: time | None
    quiet_to: time | None
    quiet_days: list[int]
    promise_days: int
    caps: list[Counted]


class Weighed(msgspec.Struct, frozen=True):
    """Who is asked about, what for, by which channel, and when."""

    known: hot.Known
    purpose: str
    channel: str
    at: datetime


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


def read(root: int, purpose: str, channel: str, at: datetime, key: str = "") -> hot.Known:
    """All that is known in this room and below, by one look; of no key there is no answer."""
    known = hot.KNOWN.one(
        root=root, at=at, key=key, channel=channel, names=scopes.refusable(purpose), chain=scopes.around(purpose),
        kinds=reach.kinds_of(channel), any=scopes.ANY, answers=reach.ASKED_FOR,
    )  # fmt: skip
    assert known is not None  # it has a row for nobody too
    return known


def weigh(known: hot.Known, purpose: str, channel: str, at: datetime) -> Outlook:
    """What holds for one of joined people holds for all of them."""
    asked = Weighed(known, purpose, channel, at)
    # A hold without an end outlasts them all.
    hold = Check("hold", reasons.HELD, until=known.held_until) if known.held else Check("hold")
    consent = Check("consent", reasons.WITHDRAWN if known.refused else "")
    if purpose == reach.SIGN_IN:
        # Whoever wants nothing from us, or is to be left alone, still comes in when they knock.
        hold, consent = Check("hold", terms={"ignored": 1}), Check("consent", terms={"ignored": 1})
    checks = [_person(known), hold, consent, *_reach(asked)]
    chain = msgspec.json.decode(known.rules, type=list[Rules])
    if purpose in reach.ASKED_FOR or not chain:
        return Outlook("", checks)
    # The nearest says when; every one around it counts.
    rules = chain[-1]
    checks += [_talk(asked, rules), _promise(asked, rules)]
    checks += [_limit(scope, cap) for scope in chain for cap in scope.caps if cap.binds(rules.priority)]
    night = _night(asked, rules)
    if night is None:
        return Outlook(rules.name, [*checks, Check("quiet", terms={"ignored": 1})])
    return Outlook(rules.name, [*(night.after(one) for one in checks), night.now(at)])


def _person(known: hot.Known) -> Check:
    return Check("person", reasons.ERASED if known.erased else reasons.BLOCKED if known.blocked else "")


def _reach(asked: Weighed) -> list[Check]:
    """Of several addresses one that works is enough; a complaint from one of them speaks for the person."""
    known = asked.known.addresses
    if not known or reach.kinds_of(asked.channel) != reach.BY_MAIL:
        return [Check("reach", "" if known else reasons.UNREACHABLE, {"channel": asked.channel})]
    found = queries.suppressed(known)
    dead = [one for one in found.values() if not one.allows_answers]
    reason = reasons.SUPPRESSED if len(dead) == len(known) else ""
    if asked.purpose not in reach.ASKED_FOR and any(one.allows_answers for one in found.values()):
        reason = reasons.COMPLAINED
    return [Check("reach", terms={"channel": asked.channel}), Check("address", reason)]


def _talk(asked: Weighed, rules: Rules) -> Check:
    if rules.talks == Scope.Talks.IGNORED:
        return Check("talk", terms={"ignored": 1})
    found = talks.of(asked.known.ids)
    if rules.talks == Scope.Talks.OURS:
        return Check("talk", reasons.AWAITED if found.ours else "")
    return Check("talk", reasons.TALKING if found.open else "")


def _promise(asked: Weighed, rules: Rules) -> Check:
    broken = promises.newest(asked.known.ids, days=rules.promise_days, now=asked.at)
    if broken is None:
        return Check("promise", terms={} if rules.promise_days else {"ignored": 1})
    return Check("promise", reasons.PROMISED, {"promise": broken.promise}, broken.until)


def _limit(scope: Rules, cap: Counted) -> Check:
    terms: Terms = {
        "used": cap.used, "most": cap.most, "hours": cap.hours, "channel": cap.channel, "scope": scope.name,
        "label": scope.label,
    }  # fmt: skip
    if cap.used < cap.most or cap.oldest is None:
        return Check("limit", terms=terms)
    return Check("limit", reasons.LIMIT, terms, cap.oldest + timedelta(hours=cap.hours))


def _night(asked: Weighed, rules: Rules) -> Night | None:
    """Nothing where it is never quiet, or where the channel calls nobody who is not looking."""
    if (rules.quiet_from is None and not rules.quiet_days) or not reach.rings(asked.channel):
        return None
    # Where they live, else where the house stands.
    zone = ZoneInfo(asked.known.zone or asked.known.house_zone or "UTC")
    return Night(zone, rules.quiet_from, rules.quiet_to, rules.quiet_days)
