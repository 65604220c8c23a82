"""One hot statement: what comes back is what was written, whichever driver asked."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime

import msgspec
import pytest

from careline.kit.statement import Statement

pytestmark = pytest.mark.django_db
AT = datetime(2026, 5, 22, 14, 4, 5, 678901, tzinfo=UTC)


class Everything(msgspec.Struct):
    flag: bool
    small: int
    big: int
    share: float
    words: str
    at: datetime
    key: uuid.UUID
    tags: list[str]
    raw: bytes
    facts: str
    nothing: str | None


EVERYTHING = Statement(
    """SELECT %(flag)s::bool, %(small)s::smallint, %(big)s::bigint, %(share)s::float8, %(words)s::text,
  %(at)s::timestamptz, %(key)s::uuid, %(tags)s::text[], %(raw)s::bytea, %(facts)s::jsonb::text, NULL::text""",
    Everything,
)
GIVEN = {
    "flag": True, "small": -7, "big": 2**62, "share": 0.25, "words": "naïve \U0001f600 \\ ' \"", "at": AT,
    "key": uuid.UUID(int=7), "tags": ["a,b", "", "ç"], "raw": b"\x00\xff", "facts": '{"n": [1, null]}',
}  # fmt: skip


def test_every_type_comes_back_as_it_went():
    assert EVERYTHING.one(**GIVEN) == Everything(**GIVEN, nothing=None)


class Numbers(msgspec.Struct):
    numbers: list[int]
    first: int | None


@pytest.mark.parametrize("numbers", [[], [1], [1, 2**40, -3], (7, 8)])
def test_lists_of_ids_arrive_whatever_their_length(numbers):
    asked = Statement("SELECT %(ids)s::bigint[], (%(ids)s)[1] WHERE 1 <> ALL (%(none)s::bigint[])", Numbers)
    assert asked.one(ids=numbers, none=[]) == Numbers(list(numbers), numbers[0] if numbers else None)


def test_moments_come_in_utc():
    found = EVERYTHING.one(**GIVEN)
    assert found is not None
    assert found.at.isoformat() == "2026-05-22T14:04:05.678901+00:00"


def test_nothing_found_is_none_and_an_empty_list():
    nothing = Statement("SELECT true, 1, 1, 1.0, '', now(), NULL, '{}', '', '', '' WHERE false", Everything)
    assert nothing.one() is None
    assert nothing.all() == []
