"""Seals on the audit log: one a day, each over the day's entries and the seal before it, by the house's own key.

The database refuses to change the log; whoever owns the database can make it. What they changed shows here, and they
cannot seal it again without the key, which the database does not hold. Entries of today are not sealed yet.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import msgspec
from django.db import transaction

from careline.accounts import audit
from careline.accounts.actor import SYSTEM
from careline.accounts.models import AuditSeal
from careline.kit import clock, signing
from careline.kit.statement import Statement

# What was begun before midnight is written down by then.
SETTLES = timedelta(hours=1)
NOTHING = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"  # SHA-256 of no entry
# The database itself lets nothing go before.
YOUNG = timedelta(days=30)


class Day(msgspec.Struct, frozen=True):
    day: str
    entries: int
    digest: str


class Sealed(msgspec.Struct, frozen=True):
    """How far the log is sealed, and the first day on which it is not what was sealed, with why."""

    days: int
    until: date | None
    broken: date | None = None
    why: str = ""


# Each entry as one text, whatever the session's zone; days are those of UTC.
_DAYS = Statement(
    r"""SELECT day::text, count(*)::int, encode(sha256(convert_to(string_agg(line, E'\n' ORDER BY id), 'UTF8')), 'hex')
FROM (
  SELECT (at AT TIME ZONE 'UTC')::date AS day, id,
    jsonb_build_array(id, extract(epoch FROM at), actor_kind, actor_id, verb, subject, facts)::text AS line
  FROM accounts_auditentry WHERE at >= %(since)s::timestamptz AND at < %(until)s::timestamptz) e
GROUP BY day ORDER BY day""",
    Day,
)


@transaction.atomic
def seal(*, at: datetime | None = None) -> int:
    """The days that are over and not sealed yet; returns how many."""
    today = ((at or clock.now()) - SETTLES).astimezone(UTC).date()
    last = AuditSeal.objects.select_for_update().order_by("-day").first()
    since = last.day + timedelta(days=1) if last else None
    found = _days(since, today)
    day = since or min(found, default=today)
    mark, made = last.mark if last else "", 0
    while day < today:
        one = found.get(day) or Day(day.isoformat(), 0, NOTHING)
        mark = _mark(mark, one)
        AuditSeal.objects.create(day=day, entries=one.entries, digest=one.digest, mark=mark)
        day, made = day + timedelta(days=1), made + 1
    return made


def verify(*, at: datetime | None = None) -> Sealed:
    """Reads the whole log once."""
    seals = list(AuditSeal.objects.order_by("day"))
    if not seals:
        return Sealed(0, None)
    until = seals[-1].day
    found = _days(None, until + timedelta(days=1))
    young, mark, expected = ((at or clock.now()) - YOUNG).date(), "", seals[0].day
    for one in seals:
        now = found.get(one.day) or Day(one.day.isoformat(), 0, NOTHING)
        why = ""
        if one.day != expected:
            why = "its seal is missing"
        elif not signing.same(_mark(mark, Day(one.day.isoformat(), one.entries, one.digest)), one.mark):
            why = "its seal was not made with this installation's key"
        elif one.aged and one.day >= young:
            why = "its entries went before their time"
        elif not one.aged and now.digest != one.digest:
            why = f"{one.entries} entries were sealed, and {now.entries} are there, of which not all are the same"
        if why:
            return Sealed(len(seals), until, expected if one.day != expected else one.day, why)
        mark, expected = one.mark, one.day + timedelta(days=1)
    if min(found) < seals[0].day:
        return Sealed(len(seals), until, min(found), "entries were put in before the first seal")
    return Sealed(len(seals), until)


@transaction.atomic
def anew(*, at: datetime | None = None) -> int:
    """From the console, when the installation's key was changed on purpose; the log keeps that it was done."""
    AuditSeal.objects.all().delete()
    audit.record("audit.sealed-anew", "audit:seals", actor=SYSTEM)
    return seal(at=at)


def let_go(before: datetime) -> None:
    """Entries before it went by the retention that was set."""
    AuditSeal.objects.filter(day__lte=before.astimezone(UTC).date(), aged=False).update(aged=True)


def _mark(before: str, one: Day) -> str:
    return signing.mark("audit", f"{before}\n{one.day}\n{one.entries}\n{one.digest}", letters=40)


def _days(since: date | None, until: date) -> dict[date, Day]:
    first = datetime.combine(since or date(1970, 1, 1), datetime.min.time(), UTC)
    last = datetime.combine(until, datetime.min.time(), UTC)
    return {date.fromisoformat(one.day): one for one in _DAYS.all(since=first, until=last)}
