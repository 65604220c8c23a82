"""Lines as Segment's clients send them: the same events, whether they come by the door or out of a file."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest

from careline.accounts.actor import SYSTEM
from careline.customers.models import Identity, Trait
from careline.kit import clock
from careline.tracking import actions, queries
from careline.tracking.models import Import

pytestmark = pytest.mark.usefixtures("organization")

AT = "2026-03-01T10:00:00.000Z"
ORDER = {
    "type": "track", "event": "Order Completed", "userId": "u-1", "messageId": "m-2", "timestamp": AT,
    "properties": {"order_id": "A-1", "total": 59.9, "currency": "EUR"},
}  # fmt: skip
EVENTS: list[dict[str, Any]] = [
    {"type": "page", "anonymousId": "d-1", "messageId": "m-0", "timestamp": AT, "properties": {"url": "https://x.example/"}},
    {"type": "identify", "userId": "u-1", "anonymousId": "d-1", "messageId": "m-1", "timestamp": AT,
     "traits": {"email": "ada@example.com", "plan": "pro"}},
    ORDER,
    {"type": "screen", "userId": "u-1", "messageId": "m-3", "timestamp": AT, "name": "Home"},
    {"type": "group", "userId": "u-1", "messageId": "m-4", "timestamp": AT, "groupId": "g", "traits": {"name": "Acme"}},
]  # fmt: skip


@pytest.fixture
def bring(tmp_path: Path) -> Callable[..., Import]:
    def bring(*events: dict[str, Any] | bytes, source_id: int | None = None, **given: Any) -> Import:
        path = tmp_path / "events.jsonl"
        lines = [one if isinstance(one, bytes) else msgspec.json.encode(one) for one in events]
        path.write_bytes(b"\n".join(lines) + b"\n")
        wanted = queries.columns(queries.look(path).guess | given)
        return actions.import_file(path, wanted, actor=SYSTEM, told=lambda _now: None, source_id=source_id)

    return bring


def counts(done: Import) -> tuple[int, int, int, int]:
    return done.read, done.added, done.repeated, done.refused


def lived(line: Any) -> list[tuple[Any, ...]]:
    return sorted((one.kind, one.journey, one.occurred_at, repr(one.facts)) for one in line())


def test_a_file_leaves_what_the_door_leaves(bring, sent, shop, line):
    assert counts(bring(*EVENTS)) == (5, 5, 0, 0)
    by_file = lived(line)
    assert len({one.person_id for one in line() if one.kind != "page.viewed"}) == 1
    assert set(Identity.objects.values_list("kind", "value")) == {
        ("external", "u-1"), ("visitor", "d-1"), ("email", "ada@example.com"),
    }  # fmt: skip
    assert Trait.objects.get(name="plan").value == "pro"
    # The same again by the door of another source: what it leaves is the same.
    sent(shop, *EVENTS)
    assert lived(line) == sorted(by_file * 2)


def test_a_message_id_lands_once_within_a_file_and_between_files(bring, line):
    assert counts(bring(ORDER, ORDER | {"userId": "u-2"}, ORDER)) == (3, 1, 2, 0)
    assert counts(bring(ORDER, ORDER | {"messageId": "m-9"})) == (2, 1, 1, 0)
    assert len(line()) == 2


def test_what_came_by_the_door_of_a_source_does_not_come_again_out_of_its_file(bring, sent, shop, line):
    sent(shop, ORDER)
    assert counts(bring(*EVENTS, source_id=shop.pk)) == (5, 4, 1, 0)
    assert {one.source for one in line()} == {f"source:{shop.pk}"}
    sent(shop, *EVENTS)
    assert len(line()) == 5


def test_events_without_a_number_are_told_apart_by_what_they_say(bring, line):
    plain = {name: value for name, value in ORDER.items() if name != "messageId"}
    assert counts(bring(plain, plain)) == (2, 2, 0, 0)
    assert counts(bring(plain, plain, plain)) == (3, 1, 2, 0)


def test_rules_of_the_house_hold_for_files_too(bring, boss, line):
    along = {"journey": "contract", "journey_property": "contract", "value_property": "price"}
    actions.set_rule("plan bought", "order.placed", actor=boss, **along)
    bring(ORDER | {"event": "Plan Bought", "properties": {"contract": "C-7", "price": 5}})
    assert [(one.kind, one.journey) for one in line()] == [("order.placed", "contract:C-7")]


def test_history_keeps_its_time_whenever_it_was_sent(bring, line):
    sent_later = ORDER | {"messageId": "a", "sentAt": "2026-03-01T10:00:09Z"}
    # The clock was an hour ahead, and when it came was written down.
    ahead = ORDER | {
        "messageId": "b", "originalTimestamp": "2026-03-01T11:00:00Z", "sentAt": "2026-03-01T11:00:05Z",
        "receivedAt": "2026-03-01T10:00:05Z",
    }  # fmt: skip
    future = ORDER | {"messageId": "c", "timestamp": (clock.now() + timedelta(days=3)).isoformat()}
    assert counts(bring(sent_later, ahead, future)) == (3, 3, 0, 0)
    ten = datetime(2026, 3, 1, 10, tzinfo=UTC)
    assert [one.occurred_at for one in line()][:2] == [ten, ten]
    assert line()[2].occurred_at <= clock.now()


@pytest.mark.parametrize(
    ("wrong", "field", "why"),
    [
        ({"type": "tracked"}, "type", "none of identify"),
        ({"userId": None}, "userId", "anonymousId are both missing"),
        ({"event": ""}, "event", "is missing"),
        ({"timestamp": None}, "timestamp", "is missing"),
        ({"timestamp": "soon"}, "timestamp", "is no moment"),
        ({"properties": [1]}, "properties", "must be an object"),
        ({"messageId": "m" * 101}, "messageId", "too long"),
        ({"properties": {"a": "x" * 40_000}}, "row", "too long"),
        ({"properties": {"a": "\0"}}, "", "cannot be stored"),
    ],
)
def test_a_line_that_is_no_event_is_named_and_the_others_land(bring, line, wrong, field, why):
    good = [ORDER | {"messageId": f"g-{n}"} for n in range(11)]
    done = bring(*good, ORDER | wrong, b"{", ORDER)
    assert counts(done) == (14, 12, 0, 2)
    [(row, named, sentence), (broken, _none, _why)] = queries.refused_rows(SYSTEM, done.pk)
    assert (row, named, broken) == (12, field, 13)
    assert why in sentence
    assert len(line()) == 12


def test_rows_that_only_look_a_little_like_events_are_asked_for_their_columns(tmp_path):
    path = tmp_path / "rows.jsonl"
    path.write_bytes(b'{"type": "visit", "userId": "u", "timestamp": "2026-03-01"}\n' * 3)
    assert queries.look(path).guess["form"] == "columns"
