"""When it is quiet where somebody lives: hours of the night and days of the week, by the clock on their wall."""

from __future__ import annotations

from collections.abc import Collection
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

DAY = timedelta(days=1)
# Six quiet days and the night after them are over by then.
_STEPS = 20


def ends(
    at: datetime, zone: ZoneInfo, *, begin: time | None = None, end: time | None = None, days: Collection[int] = ()
) -> datetime | None:
    """When the quiet that reigns at this moment is over; None when it is not quiet.

    From `begin` to `end`, over midnight when the night does, and on whole `days` (1 is Monday); never on all seven.
    """
    local = at.astimezone(zone)
    for _step in range(_STEPS):
        if local.isoweekday() in days:
            local = _wall(local, time(), DAY)
        elif begin is not None and end is not None and _within(local.time(), begin, end):
            local = _wall(local, end, DAY if begin > end and local.time() >= begin else timedelta())
        else:
            break
    return None if local == at else local.astimezone(UTC)


def _within(now: time, begin: time, end: time) -> bool:
    return begin <= now < end if begin < end else now >= begin or now < end


def _wall(local: datetime, clock: time, later: timedelta) -> datetime:
    """That time of this day or of a later one. An hour that is left out is over when its end is; of one that comes
    twice it is the one we are in."""
    found = datetime.combine(local.date() + later, clock, tzinfo=local.tzinfo).replace(fold=local.fold)
    return found.astimezone(UTC).astimezone(local.tzinfo)
