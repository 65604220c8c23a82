"""The copy as a Parquet file: every moment once, in order, for who may export, and never over another file."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.db import transaction

from careline import touchpoints
from careline.accounts.actor import SYSTEM, Actor
from careline.accounts.models import AuditEntry
from careline.customers.models import Person
from careline.insights import extracts
from careline.insights.warehouse.copy import keeping
from careline.insights.warehouse.engine import Connection, quoted
from careline.kit.refusals import NotAllowed, Refused
from tests.touchpoints.conftest import wait_for_the_horizon

pytestmark = pytest.mark.django_db(transaction=True)
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


@pytest.fixture
def lived() -> list[int]:
    """Ada and Bo; Bo's last moment comes after the base was laid, in an inbox."""
    ada, bo = (Person.objects.create(name=name).pk for name in ("Ada", "Bo"))
    for person, hours in ((bo, 2), (ada, 1), (ada, 0)):
        record(person, hours)
    wait_for_the_horizon()
    keeping.follow()
    record(bo, 3, inbox=7)
    wait_for_the_horizon()
    return [ada, bo]


def record(person: int, hours: int, inbox: int | None = None) -> None:
    with transaction.atomic():
        touchpoints.record(
            "event.tracked", person=person, actor=SYSTEM, source="track:1", name=f"at {hours}", inbox=inbox,
            occurred_at=NOON + timedelta(hours=hours), journey="order:A",
        )  # fmt: skip


def rows(conn: Connection, path: Path) -> list[tuple[object, ...]]:
    conn.execute("SET TimeZone = 'Asia/Tokyo'")
    return conn.execute(
        "SELECT customer, position, epoch_ms(occurred_at), kind, inbox, journey, person, typeof(occurred_at)"
        f" FROM read_parquet({quoted(str(path))})"
    ).fetchall()


def ms(hours: int) -> int:
    return round((NOON + timedelta(hours=hours)).timestamp() * 1000)


def test_every_moment_is_written_in_its_order(lived, tmp_path, conn):
    ada, bo = lived
    path = tmp_path / "line's.parquet"
    found = extracts.write(SYSTEM, path)
    assert (found.moments, found.customers) == (4, 2)
    assert path.stat().st_mode & 0o777 == 0o600
    told = "TIMESTAMP WITH TIME ZONE"
    assert rows(conn, path) == [
        (ada, 1, ms(0), "at 0", None, "order:A", ada, told), (ada, 2, ms(1), "at 1", None, "order:A", ada, told),
        (bo, 1, ms(2), "at 2", None, "order:A", bo, told), (bo, 2, ms(3), "at 3", 7, "order:A", bo, told),
    ]  # fmt: skip
    assert AuditEntry.objects.filter(verb="journeys.exported", actor_kind="system").count() == 1


def test_a_part_of_the_time_is_written(lived, tmp_path, conn):
    path = tmp_path / "part.parquet"
    found = extracts.write(SYSTEM, path, since=NOON + timedelta(hours=1), before=NOON + timedelta(hours=3))
    assert found.moments == 2
    assert [row[3] for row in rows(conn, path)] == ["at 1", "at 2"]


def test_who_sees_some_inboxes_writes_what_is_seen(lived, tmp_path, conn):
    may = frozenset({"reports.view", "customers.view", "customers.export"})
    actor = Actor(kind="agent", id=1, name="Cy", permissions=may, inbox_ids=(8,))
    assert extracts.write(actor, tmp_path / "seen.parquet").moments == 3


@pytest.mark.parametrize("missing", ["reports.view", "customers.view", "customers.export"])
def test_who_may_not_export_writes_nothing(lived, tmp_path, missing):
    may = frozenset({"reports.view", "customers.view", "customers.export", "inboxes.view_all"}) - {missing}
    with pytest.raises(NotAllowed):
        extracts.write(Actor(kind="agent", id=1, name="Cy", permissions=may), tmp_path / "none.parquet")
    assert not (tmp_path / "none.parquet").exists()


def test_nothing_is_written_over(lived, tmp_path):
    path = tmp_path / "there.parquet"
    path.write_text("mine")
    with pytest.raises(Refused, match="is there already"):
        extracts.write(SYSTEM, path)
    assert path.read_text() == "mine"


def test_without_a_copy_there_is_nothing_to_write(tmp_path):
    with pytest.raises(Refused, match="no copy yet"):
        extracts.write(SYSTEM, tmp_path / "none.parquet")
    assert not (tmp_path / "none.parquet").exists()
