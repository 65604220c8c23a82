"""When a report goes, in the hour of the house, and of which time it tells then."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from careline.accounts import queries as accounts
from careline.insights.metrics.choosing import midnight
from careline.insights.models import Report


def following(report: Report, after: datetime) -> datetime:
    """The first of its times that is later; an hour the clocks leave out is the one after it."""
    place = ZoneInfo(accounts.organization().zone)
    day = after.astimezone(place).date() - timedelta(days=1)
    while True:
        day += timedelta(days=1)
        if _is_day(report, day):
            at = datetime(day.year, day.month, day.day, report.hour, tzinfo=place).astimezone(UTC)
            if at > after:
                return at


def latest(report: Report, now: datetime) -> datetime:
    """The last of its times that is over: after a long time away one report goes, and not all that were missed."""
    due = report.next_at
    while (later := following(report, due)) <= now:
        due = later
    return due


def period(report: Report, due: datetime) -> tuple[datetime, datetime]:
    """Whole days of the house, up to the midnight before it goes."""
    place = ZoneInfo(accounts.organization().zone)
    last = due.astimezone(place).date()
    first = last - timedelta(days=report.days) if report.days else _before(report, last)
    return midnight(first, place), midnight(last, place)


def _before(report: Report, day: date) -> date:
    if report.every == Report.Every.MONTH:
        return (day.replace(day=1) - timedelta(days=1)).replace(day=min(day.day, 28))
    return day - timedelta(days=7 if report.every == Report.Every.WEEK else 1)


def _is_day(report: Report, day: date) -> bool:
    match report.every:
        case Report.Every.WEEK:
            return day.weekday() == report.day
        case Report.Every.MONTH:
            return day.day == report.day
    return True
