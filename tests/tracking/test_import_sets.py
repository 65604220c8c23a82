"""Files others published, brought in with the counts their pages state; a second time they add nothing."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest
from django.db import connection

from careline.accounts.actor import SYSTEM
from careline.tracking import actions, queries
from careline.tracking.models import Import

DATA = Path(os.environ.get("CARELINE_TEST_DATA", "/nowhere"))
pytestmark = [
    pytest.mark.usefixtures("transactional_db", "organization"),
    pytest.mark.skipif(not DATA.exists(), reason="CARELINE_TEST_DATA names no folder."),
]
NYC = DATA / "service-nyc311-sample" / "311_Service_Requests_from_2010_to_Present.csv"
JITSU = DATA / "track-jitsu-segment" / "events_with_expected.json"
LOGS = DATA / "journey-pm4py"
SHOP = DATA / "journey-retentioneering" / "ecom.csv.gz"
Bring = Callable[..., Import]


# As in life each piece is a transaction of its own: within one alone, locks on rows would pile up.
@pytest.fixture
def bring() -> Bring:
    def bring(path: Path, **given: Any) -> Import:
        if not path.exists():
            pytest.skip(f"CARELINE_TEST_DATA holds no {path.name}.")
        wanted = queries.columns(queries.look(path).guess | given)
        first = actions.import_file(path, wanted, actor=SYSTEM, told=lambda _now: None)
        again = actions.import_file(path, wanted, actor=SYSTEM, told=lambda _now: None)
        assert (first.error, first.refused, first.added) == ("", 0, first.read)
        assert (again.added, again.repeated) == (0, first.read)
        return first

    return bring


def column(sql: str) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {sql} FROM touchpoints_touchpoint WHERE source LIKE 'source:%'")
        return [row[0] for row in cursor.fetchall()]


def shape() -> tuple[int, int, int]:
    """Cases, events, activities."""
    names = column("facts->>'name'")
    return len(set(column("person_id"))), len(names), len(set(names))


def test_the_requests_of_a_night_in_new_york(bring):
    done = bring(NYC, journey="Unique Key", zone="America/New_York")
    assert (done.read, len(set(column("journey"))), len(set(column("person_id")))) == (924, 924, 924)
    status = Counter(column("facts->'properties'->>'Status'"))
    assert status == {"Closed": 480, "In Progress": 440, "Open": 4}
    by = Counter(column("facts->'properties'->>'Open Data Channel Type'"))
    assert by == {"ONLINE": 501, "MOBILE": 280, "PHONE": 139, "UNKNOWN": 4}
    assert Counter(column("facts->>'name'"))["Noise - Residential"] == 379
    whens = sorted(column("occurred_at"))
    assert (f"{whens[0]:%Y-%m-%d %H:%M}", f"{whens[-1]:%H:%M}") == ("2022-05-01 04:00", "06:06")


def test_the_events_another_house_captured(bring, tmp_path):
    if not JITSU.exists():
        pytest.skip("CARELINE_TEST_DATA holds no track-jitsu-segment.")
    captured = msgspec.json.decode(JITSU.read_bytes())
    assert len(captured) == 12
    events = [one for name, one in captured.items() if "Expected" not in name]
    path = tmp_path / "captured.jsonl"
    path.write_bytes(b"\n".join(msgspec.json.encode(one) for one in events))
    # As rows each counts by its content; as the events they are, two of them carry one messageId.
    assert (
        bring(
            path, form="columns", person="anonymousId", person_kind="visitor", event="type", time="timestamp", id=""
        ).read
        == 4
    )
    assert sorted(column("facts->>'name'")) == ["group", "identify", "page", "track"]


def test_a_small_event_log(bring):
    bring(LOGS / "running-example.csv", person="case:concept:name", event="concept:name", time="time:timestamp")
    assert shape() == (6, 42, 8)


@pytest.mark.long
def test_a_log_of_an_insurance_as_xes(bring):
    bring(LOGS / "02_teleclaims.xes.gz")
    assert shape() == (3512, 46_138, 11)


@pytest.mark.long
def test_a_log_of_a_town_hall(bring):
    bring(LOGS / "receipt.csv")
    assert shape()[:2] == (1434, 8577)


@pytest.mark.long
def test_the_events_of_a_web_shop(bring):
    bring(SHOP)
    assert shape() == (600, 31_106, 19)
    assert len(set(column("journey"))) == 3605
    names = Counter(column("facts->>'name'"))
    assert (names["product_view"], names["catalog"], names["search"]) == (6851, 6521, 4011)
