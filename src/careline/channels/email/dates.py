"""Dates of mails, with the zone they were written in."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone
from email.utils import parsedate_tz

_COMMENT = re.compile(r"\([^()]{0,80}\)")


def read(value: str) -> datetime | None:
    """None for what is no date; a date without a zone is taken for UTC."""
    text = _COMMENT.sub(" ", value[:200]).strip()
    if not text:
        return None
    try:
        found = parsedate_tz(text)
        if found is None:
            at = datetime.fromisoformat(text.replace("Z", "+00:00"))
            return at if at.tzinfo else at.replace(tzinfo=UTC)
        year, month, day, hour, minute, second = found[:6]
        shift = found[9] or 0
        zone = timezone(timedelta(seconds=shift)) if shift else UTC
        return datetime(year, month, day, hour, minute, min(second, 59), tzinfo=zone)
    except (ValueError, OverflowError, TypeError, IndexError):
        return None
