"""What each intent has earned: of the first suggestions that were offered and looked at, how many were taken as they
stood."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Literal

import msgspec
from django.utils.translation import gettext as _

from careline.accounts.actor import Actor
from careline.kit import clock
from careline.kit.refusals import NotVisible
from careline.kit.statement import Statement
from careline.service.assist.models import Earning

NEEDS = "bots.manage"
# Older ones say nothing of today; of those that count so many in a hundred were taken as they stood.
LONG, SHARE = timedelta(days=90), 95
State = Literal["not-yet", "ready", "on", "resting", "stopped"]


class Bounds(msgspec.Struct, frozen=True):
    """`least` have to be accepted; each `every`th that would go is held."""

    least: int = 20
    every: int = 10


class _Row(msgspec.Struct, frozen=True):
    code: str
    name: str
    taken: int
    of: int
    is_on: bool
    stopped_at: datetime | None
    changed_at: datetime | None
    sent: int
    held: int
    unread: int


class Standing(msgspec.Struct, frozen=True):
    """Of one intent. `resting`: switched on, and not earned any longer; nothing goes until it is again."""

    code: str
    name: str
    taken: int
    of: int
    least: int
    state: State
    sent: int = 0
    held: int = 0
    # Of those, how many nobody has looked at.
    unread: int = 0
    changed_at: datetime | None = None
    stopped_at: datetime | None = None

    @property
    def is_earned(self) -> bool:
        return self.taken >= self.least and 100 * self.taken >= SHARE * self.of


# An agent who put it away, edited it or wrote something else has looked at it too.
_STANDINGS = Statement(
    """SELECT i.code, i.name, coalesce(u.taken, 0), coalesce(u.n, 0), coalesce(t.is_on, false), t.stopped_at,
  t.changed_at, coalesce(s.sent, 0), coalesce(s.held, 0), coalesce(s.unread, 0)
FROM intents_intent i LEFT JOIN assist_trust t ON t.intent_id = i.id
LEFT JOIN LATERAL (SELECT count(*) FILTER (WHERE u.whole) AS taken, count(*) AS n FROM assist_use u
  WHERE u.intent = i.code AND u.intent <> '' AND u.on_top AND u.source IN ('article', 'saved')
    AND u.at > greatest(%(since)s::timestamptz, t.stopped_at)) u ON true
LEFT JOIN LATERAL (SELECT count(*) FILTER (WHERE s.message_id IS NOT NULL) AS sent,
    count(*) FILTER (WHERE s.message_id IS NULL) AS held, count(*) FILTER (WHERE s.verdict IS NULL) AS unread
  FROM assist_sample s WHERE s.intent = i.code AND s.at > %(since)s::timestamptz) s ON true
WHERE %(code)s::text = '' OR i.code = %(code)s ORDER BY i.name, i.id""",
    _Row,
)


def bounds() -> Bounds:
    """The house's own numbers."""
    kept = Earning.objects.filter(pk=1).first()
    return Bounds() if kept is None else Bounds(kept.least, kept.every)


def standings(actor: Actor) -> list[Standing]:
    """Of all intents, by name."""
    actor.must(NEEDS)
    return _standings()


def one(actor: Actor, code: str) -> Standing:
    actor.must(NEEDS)
    found = of(code)
    if found is None:
        raise NotVisible(_("There is no such intent."))
    return found


def of(code: str) -> Standing | None:
    return next(iter(_standings(code)), None) if code else None


def _standings(code: str = "") -> list[Standing]:
    least = bounds().least
    return [_told(row, least) for row in _STANDINGS.all(code=code, since=clock.now() - LONG)]


def _told(row: _Row, least: int) -> Standing:
    told = Standing(
        row.code, row.name, row.taken, row.of, least, "not-yet", row.sent, row.held, row.unread, row.changed_at,
        row.stopped_at,
    )  # fmt: skip
    if row.is_on:
        state: State = "on" if told.is_earned else "resting"
    elif told.is_earned:
        state = "ready"
    else:
        state = "stopped" if row.stopped_at else "not-yet"
    return msgspec.structs.replace(told, state=state)
