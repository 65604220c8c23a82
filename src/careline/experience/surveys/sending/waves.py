"""Waves that come back: on their day everybody who belongs to it is written an invitation, by one statement."""

from __future__ import annotations

import calendar
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db import connection, transaction

from careline.accounts import queries as accounts
from careline.contact import reach
from careline.experience.surveys.models import Plan, Survey
from careline.experience.surveys.sending import drawing
from careline.kit import clock

# Everybody we know an address of, under any of their ids; in a segment its members.
_BELONG = """FROM customers_person p
WHERE p.canonical_id IS NULL AND p.erased_at IS NULL AND p.blocked_at IS NULL
  AND (%(segment)s::bigint IS NULL OR EXISTS (
    SELECT FROM customers_segmentmember m WHERE m.segment_id = %(segment)s AND m.person_id = p.id))
  AND EXISTS (SELECT FROM customers_person w JOIN customers_identity i ON i.person_id = w.id
    WHERE (w.id = p.id OR w.canonical_id = p.id) AND i.kind = ANY(%(kinds)s::text[]))"""
_DRAWN = f"({drawing.PLACE} - %(begins)s::bigint + {drawing.WHOLE}) %% {drawing.WHOLE} < %(share)s * 100"
_WRITE = f"""INSERT INTO surveys_invitation (plan_id, key, person_id, state, happened_at, due_at, ends_at, created_at)
SELECT %(plan)s::bigint, %(key)s::text || ':' || p.id || ':' || %(wave)s::int, p.id,
  CASE WHEN {_DRAWN} THEN 'waiting' ELSE 'spared' END, %(at)s::timestamptz, %(at)s, %(ends)s::timestamptz, %(now)s
{_BELONG} ON CONFLICT (key) DO NOTHING"""
_COUNT = f"SELECT count(*), count(*) FILTER (WHERE {_DRAWN}) {_BELONG}"


def write_due() -> int:
    """Invitations of every wave whose hour has come; returns how many."""
    plans = Plan.objects.filter(is_on=True, kind=Plan.Kind.WAVE, survey__state=Survey.State.LIVE)
    return sum(_write(pk) for pk in plans.order_by("pk").values_list("pk", flat=True))


def next_at(plan: Plan, after: datetime | None = None) -> datetime | None:
    """When the next wave leaves that is not written yet."""
    if plan.begins_on is None:
        return None
    zone, after = _zone(), after or clock.now()
    number = _number(plan, after, zone)
    return _at(plan, 0 if number is None else number + 1, zone)


def expected(plan: Plan) -> tuple[int, int]:
    """How many belong to the next wave now, and how many of them are drawn."""
    zone = _zone()
    last = _number(plan, clock.now(), zone)
    with connection.cursor() as cursor:
        cursor.execute(_COUNT, _given(plan, 0 if last is None else last + 1))
        belong, drawn = cursor.fetchone()
    return belong, drawn


@transaction.atomic
def _write(plan_id: int) -> int:
    """The last wave that has come; one that was missed for longer than it lasts is left out."""
    plan = Plan.objects.select_for_update(of=("self",)).filter(pk=plan_id, is_on=True).first()
    if plan is None or plan.on_since is None:
        return 0
    now, zone = clock.now(), _zone()
    number = _number(plan, now, zone)
    if number is None or number == plan.wave:
        return 0
    at = _at(plan, number, zone)
    ends = at + timedelta(days=plan.ends_days)
    if at < plan.on_since or ends <= now:
        return 0
    with connection.cursor() as cursor:
        key = f"survey:{plan.survey_id}:plan:{plan.pk}"
        cursor.execute(_WRITE, _given(plan, number) | {"key": key, "wave": number, "at": at, "ends": ends, "now": now})
        written: int = cursor.rowcount
    plan.wave = number
    plan.save(update_fields=["wave"])
    return written


def _given(plan: Plan, number: int) -> dict[str, Any]:
    return {
        "plan": plan.pk, "segment": plan.segment_id, "kinds": sorted(reach.kinds_of("email")), "share": plan.share,
        "begins": drawing.begins(plan.share, number),
    }  # fmt: skip


def _number(plan: Plan, now: datetime, zone: ZoneInfo) -> int | None:
    """Of the last wave that has come, counted from 0; None before the first."""
    assert plan.begins_on is not None
    today = now.astimezone(zone).date()
    if plan.unit == "weeks":
        passed = (today - plan.begins_on).days // (7 * plan.every)
    else:
        passed = ((today.year - plan.begins_on.year) * 12 + today.month - plan.begins_on.month) // plan.every
    while passed >= 0 and _at(plan, passed, zone) > now:
        passed -= 1
    return passed if passed >= 0 else None


def _at(plan: Plan, number: int, zone: ZoneInfo) -> datetime:
    assert plan.begins_on is not None
    if plan.unit == "weeks":
        day = plan.begins_on + timedelta(weeks=plan.every * number)
    else:
        day = _months_after(plan.begins_on, plan.every * number)
    return datetime.combine(day, time(plan.hour), zone).astimezone(UTC)


def _months_after(day: date, months: int) -> date:
    """The same day of the month, or its last where it has none."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def _zone() -> ZoneInfo:
    return ZoneInfo(accounts.organization().zone)
