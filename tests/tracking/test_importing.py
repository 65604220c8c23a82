"""Files of touchpoints: what lands, what is refused and why, and that nothing lands twice."""

from __future__ import annotations

import gzip
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb
import msgspec
import pytest

from careline.accounts.actor import SYSTEM
from careline.customers.models import Identity
from careline.kit.refusals import NotAllowed, Refused
from careline.tracking import actions, queries
from careline.tracking.importing import formats, running
from careline.tracking.models import Import

pytestmark = pytest.mark.usefixtures("organization")

HEADER = "user_id,event,timestamp,order_id,total,plan\n"
ROWS = [
    "u1,Order Completed,2026-03-01T10:00:00Z,77,59.90,pro\n",
    "u2,Signed Up,2026-03-01 11:00:00,,,\n",
    "u1,Signed Up,2026-03-01T12:00:00+02:00,,,pro\n",
]


def bring(path: Path, told: Any = lambda _now: None, **given: Any) -> Import:
    wanted = queries.look(path).guess | given
    return actions.import_file(path, queries.columns(wanted), actor=SYSTEM, told=told)


def counts(done: Import) -> tuple[int, int, int, int]:
    return done.read, done.added, done.repeated, done.refused


@pytest.fixture
def orders(tmp_path: Path) -> Path:
    path = tmp_path / "orders.csv"
    path.write_text(HEADER + "".join(ROWS))
    return path


def test_rows_become_touchpoints_of_their_customers(orders, line):
    assert counts(bring(orders, zone="Europe/Berlin")) == (3, 3, 0, 0)
    placed, signed = [one for one in line() if one.journey], [one for one in line() if not one.journey]
    assert [(one.kind, one.journey, one.facts["total_minor"]) for one in placed] == [("order.placed", "order:77", 5990)]
    assert [one.facts["name"] for one in signed] == ["Signed Up"] * 2
    # A time without a zone is of the zone that was named.
    assert {one.occurred_at for one in signed} == {datetime(2026, 3, 1, 10, tzinfo=UTC)}
    assert placed[0].person_id in {one.person_id for one in signed}
    assert Identity.objects.filter(kind="external", verified=True).count() == 2


def test_the_same_file_again_adds_nothing_and_a_longer_one_only_what_is_new(orders, line):
    bring(orders)
    assert counts(bring(orders)) == (3, 0, 3, 0)
    orders.write_text(HEADER + "".join(reversed(ROWS)) + "u3,Signed Up,2026-03-02T09:00:00Z,,,\n")
    assert counts(bring(orders)) == (4, 1, 3, 0)
    assert len(line()) == 4


def test_two_rows_that_are_alike_are_two(orders, line):
    orders.write_text(HEADER + ROWS[1] * 3)
    assert counts(bring(orders)) == (3, 3, 0, 0)
    assert counts(bring(orders)) == (3, 0, 3, 0)


def test_a_number_of_its_own_makes_a_row_land_once(tmp_path, line):
    path = tmp_path / "numbered.csv"
    path.write_text("event_id,user_id,event,timestamp\n1,u,A,2026-03-01T10:00Z\n1,u,B,2026-03-01T11:00Z\n")
    assert counts(bring(path)) == (2, 1, 1, 0)


@pytest.mark.parametrize(
    ("row", "field", "why"),
    [
        (",A,2026-03-01T10:00Z,,,", "user_id", "is missing"),
        ("u,,2026-03-01T10:00Z,,,", "event", "is missing"),
        ("u,A,,,,", "timestamp", "is missing"),
        ("u,A,yesterday,,,", "timestamp", "is no moment"),
        ("u,A,2126-03-01T10:00Z,,,", "timestamp", "has not happened"),
        ("u,A,2026-03-01T10:00Z,,much,", "total", "is no number"),
        (f"{'u' * 301},A,2026-03-01T10:00Z,,,", "user_id", "too long"),
        ("u,A,2026-03-01T10:00Z,,,pro,more", "", "more cells"),
        ("u,A,2026-03-01T10:00Z,,,a\0b", "", "cannot be stored"),
        (f"u,A,2026-03-01T10:00Z,,,{'x' * 40_000}", "row", "too long"),
    ],
)
def test_a_row_that_cannot_be_taken_is_named_and_the_others_land(orders, line, row, field, why):
    orders.write_text(HEADER + ROWS[0] + row + "\n" + ROWS[1])
    done = bring(orders, value="total")
    assert counts(done) == (3, 2, 0, 1)
    [(number, named, sentence)] = queries.refused_lines(SYSTEM, done.pk)
    assert (number, named) == (3, field)
    assert why in sentence
    assert len(line()) == 2


def test_whoever_is_killed_in_the_middle_goes_on_behind_what_landed(tmp_path, line, monkeypatch):
    monkeypatch.setattr(running, "PIECE", 10)
    path = tmp_path / "long.csv"
    rows = [f"u{n % 7},Step,2026-03-01T10:{n % 60:02}:00Z,,,{n % 3}\n" for n in range(95)]
    path.write_text(HEADER + "".join(rows[:50]) + "u,Step,never,,,\n" + "".join(rows[50:]))

    def die(now: Import) -> None:
        if now.read == 60:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        bring(path, die)
    left = Import.objects.get()
    assert (left.state, left.read) == ("running", 60)
    # What another did meanwhile is not done again.
    stale = Import.objects.get()
    assert counts(bring(path)) == (96, 95, 0, 1)
    assert len(line()) == 95
    assert counts(running.run(stale, path, lambda _now: None)) == (96, 95, 0, 1)
    assert Import.objects.count() == 1


def test_history_in_american_and_in_european_order(tmp_path, line):
    path = tmp_path / "when.csv"
    path.write_text("user_id,event,timestamp\nu,A,05/01/2022 12:00:03 AM\nu,B,05/02/2022 01:30:00 PM\n")
    assert counts(bring(path)) == (2, 2, 0, 0)
    path.write_text("user_id,event,timestamp\nu,C,31.12.2021 23:00\nu,D,1.2.2022 08:15\nu,E,1646136000\n")
    assert counts(bring(path)) == (3, 3, 0, 0)
    assert [f"{one.occurred_at:%Y-%m-%d %H:%M:%S} {one.facts['name']}" for one in line()] == [
        "2021-12-31 23:00:00 C", "2022-02-01 08:15:00 D", "2022-03-01 12:00:00 E", "2022-05-01 00:00:03 A",
        "2022-05-02 13:30:00 B",
    ]  # fmt: skip


def test_customers_may_be_named_by_their_addresses(tmp_path, line):
    path = tmp_path / "by mail.csv"
    path.write_text(
        "email;event;timestamp\nAda@Example.com;A;2026-03-01\nada@example.com;B;2026-03-02\nada;C;2026-03-03\n"
    )
    done = bring(path)
    assert counts(done) == (3, 2, 0, 1)
    assert list(queries.refused_lines(SYSTEM, done.pk)) == [(4, "email", "is no address or number")]
    assert Identity.objects.get(kind="email").value == "ada@example.com"
    assert len({one.person_id for one in line()}) == 1


def test_json_lines_name_each_line_that_is_none(tmp_path, line):
    path = tmp_path / "events.jsonl.gz"
    good = {"userId": "u", "event": "A", "timestamp": "2026-03-01T10:00Z", "context": {"order": 7}, "n": [1, {"a": 2}]}
    lines = [msgspec.json.encode(good), b"", b"{", b"[1]", msgspec.json.encode(good | {"userId": 5})]
    path.write_bytes(gzip.compress(b"\n".join(lines)))
    done = bring(path, journey="context.order", journey_noun="order")
    assert counts(done) == (4, 2, 0, 2)
    assert [row for row, _field, _why in queries.refused_lines(SYSTEM, done.pk)] == [3, 4]
    assert {one.journey for one in line()} == {"order:7"}
    assert line()[0].facts["properties"]["n"] == [1, {"a": 2}]


def test_parquet_keeps_the_types_of_its_columns(tmp_path, line):
    path = tmp_path / "orders.parquet"
    duckdb.sql("""SELECT 7 AS user_id, 'Order Completed' AS event, TIMESTAMP '2026-03-01 10:00:00' AS timestamp,
      42 AS order_id, 12.50::DECIMAL(8, 2) AS total, [1, 2] AS sizes""").write_parquet(str(path))
    assert counts(bring(path, zone="Asia/Tokyo")) == (1, 1, 0, 0)
    [placed] = line()
    assert (placed.journey, placed.facts["total_minor"]) == ("order:42", 1250)
    assert placed.occurred_at == datetime(2026, 3, 1, 1, tzinfo=UTC)
    assert Identity.objects.get().value == "7"


XES = """<?xml version="1.0"?><log xmlns="http://www.xes-standard.org/"><trace>
<string key="concept:name" value="c-1"/><event><string key="concept:name" value="A"/>
<date key="time:timestamp" value="2026-03-01T10:00:00.000+01:00"/><int key="cost" value="5"><string key="of" value="x"/>
</int></event></trace><trace><string key="concept:name" value="c-2"/></trace></log>"""


def test_an_event_log_keeps_what_its_traces_say(tmp_path, line):
    path = tmp_path / "log.xes"
    path.write_text(XES)
    assert counts(bring(path)) == (1, 1, 0, 0)
    [event] = line()
    assert event.facts["properties"] == {"cost": 5, "case:concept:name": "c-1"}


BOMB = '<!DOCTYPE log [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;&a;">]>'


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("bomb.xes", XES.replace("<log", f"{BOMB}<log").replace("c-1", "&b;").encode()),
        ("outside.xes", XES.replace("<log", '<!DOCTYPE log SYSTEM "file:///etc/passwd"><log').encode()),
        ("deep.xes", b"<log>" + b"<list>" * 100_000),
        ("page.xes", b"<html></html>"),
        ("half.xes.gz", gzip.compress(XES.encode(), mtime=0)[:-20]),
        ("no.parquet", b"PAR1 is not enough"),
        ("twice.csv", b"a,a\n1,2\n"),
        ("empty.csv", b""),
        ("heads.csv", b"user_id,event,timestamp\n"),
        ("letter.docx", b"user_id,event,timestamp\nu,A,2026-03-01\n"),
    ],
)
def test_a_file_that_is_not_what_it_says_is_refused_in_one_sentence(tmp_path, line, name, content):
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(Refused, match=r"[.:]"):
        bring(path)
    assert not Import.objects.exists()
    assert line() == []


# Each piece a transaction of its own, as in life: within one alone, locks on rows pile up.
@pytest.mark.django_db(transaction=True)
def test_a_file_that_ends_early_keeps_what_landed_and_says_so(tmp_path, line, monkeypatch):
    monkeypatch.setattr(running, "PIECE", 100)
    monkeypatch.setattr(formats, "_LOOKED_AT", 1000)
    path = tmp_path / "cut.csv.gz"
    body = HEADER + "".join(f"u{n},Step {n},2026-03-01T10:00:00Z,,,{n * 7919 % 1000}\n" for n in range(3000))
    path.write_bytes(gzip.compress(body.encode())[:-2000])
    done = bring(path)
    assert done.state == "failed"
    assert done.error == "The file ends early: its packing with gzip is cut off."
    assert 0 < done.added == len(line()) < 3000


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"person": ""}, "person"), ({"person": "nobody"}, "person"), ({"time": ""}, "time"),
        ({"event": "", "event_name": " "}, "event"), ({"event_name": "too"}, "event"), ({"zone": "Mars"}, "zone"),
        ({"journey_noun": "An order"}, "journey_noun"),
    ],
)  # fmt: skip
def test_columns_that_say_too_little_are_asked_for_again(orders, given, field):
    with pytest.raises(Refused) as refused:
        bring(orders, **given)
    assert refused.value.field == field
    assert not Import.objects.exists()


def test_only_who_may_change_the_house_brings_files(bo, orders):
    with pytest.raises(NotAllowed):
        actions.import_file(orders, queries.columns(queries.look(orders).guess), actor=bo, told=lambda _now: None)
    with pytest.raises(NotAllowed):
        queries.imports(bo)
