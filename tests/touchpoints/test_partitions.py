"""Months of the line."""

from __future__ import annotations

import threading
import time
from datetime import UTC, date, datetime, timedelta

import psycopg
import pytest
import time_machine
from django.db import IntegrityError, connection, transaction

from careline import touchpoints
from careline.accounts.actor import SYSTEM
from careline.kit import clock
from careline.touchpoints import partitions
from careline.touchpoints.models import Touchpoint


def written_at(at: datetime, name: str = "x") -> None:
    touchpoints.record_many(
        [
            touchpoints.row(
                "event.tracked", person=7, actor=SYSTEM, source="track:1", name=name, occurred_at=at, recorded_at=at
            )
        ]
    )


def places() -> dict[str, int]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT right(tableoid::regclass::text, 7), count(*) FROM touchpoints_touchpoint GROUP BY 1")
        return dict(cursor.fetchall())


def bounds() -> tuple[partitions.Month, partitions.Month]:
    return partitions._bounds()


@pytest.mark.django_db
def test_a_new_line_has_this_month_and_three_more():
    # Other tests may have made months of the past for good.
    now = clock.now()
    assert partitions.ensure_ahead() in (0, 1)  # one when the month has turned since the migration
    oldest, newest = bounds()
    assert oldest <= (now.year, now.month)
    assert newest == partitions._plus((now.year, now.month), 3)


@pytest.mark.django_db
def test_writing_never_waits_for_a_month():
    for year in (1970, 2019, 2031, 2240):
        written_at(datetime(year, 6, 1, tzinfo=UTC))
    assert places() == {"earlier": 2, "t_later": 2}


@pytest.mark.django_db
def test_months_are_made_ahead_as_time_goes_by():
    newest = bounds()[1]
    soon = datetime(*partitions._plus(newest, 2), 15, tzinfo=UTC)
    written_at(soon)
    with time_machine.travel(soon):
        assert partitions.ensure_ahead() == 5
        assert partitions.ensure_ahead() == 0
    assert bounds()[1] == partitions._plus(newest, 5)
    assert places() == {f"{soon.year}_{soon.month:02}": 1}


@pytest.mark.django_db
def test_months_are_made_for_history_and_what_was_there_moves_in():
    oldest = bounds()[0]
    for year in (1999, 2020, 2021):
        written_at(datetime(year, 2, 28, 23, 59, 59, 999999, tzinfo=UTC), str(year))
    before = list(Touchpoint.objects.order_by("id").values())
    made = partitions.ensure_partitions(date(2020, 2, 1), date(2021, 5, 5))
    assert made == (oldest[0] - 2020) * 12 + oldest[1] - 2  # and every month up to those there were
    assert places() == {"earlier": 1, "2020_02": 1, "2021_02": 1}
    assert list(Touchpoint.objects.order_by("id").values()) == before, "the commit order moves along"
    assert partitions.ensure_partitions(date(2020, 2, 1), date(2021, 5, 5)) == 0
    written_at(datetime(2020, 3, 1, tzinfo=UTC))
    assert places()["2020_03"] == 1


@pytest.mark.django_db
def test_the_open_ends_still_refuse_change_after_their_bound_was_moved():
    written_at(datetime(1999, 1, 1, tzinfo=UTC))
    partitions.ensure_partitions(date(2024, 1, 1), date(2024, 1, 1))
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM touchpoints_touchpoint_earlier")
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_index WHERE indrelid = 'touchpoints_touchpoint_earlier'::regclass AND indisvalid"
        )
        assert cursor.fetchone() == (5,)


@pytest.mark.django_db
def test_months_are_whole_in_the_utc_of_rows_and_meet():
    partitions.ensure_partitions(date(2023, 11, 3), date(2023, 11, 3))
    for at in ("2023-11-30T23:59:59.999999+00:00", "2023-12-01T00:00:00+00:00", "2023-12-01T00:30:00+01:00"):
        written_at(datetime.fromisoformat(at))
    assert places() == {"2023_11": 2, "2023_12": 1}


def test_making_months_gives_way_to_a_reader_and_lets_writers_through(database_url, monkeypatch):
    """A long reader is in the way; meanwhile others read and write, and the months come when the reader is gone."""
    first = partitions._day(partitions._plus(bounds()[0], -1))
    made: list[int] = []

    def make() -> None:
        made.append(partitions.ensure_partitions(first, first))
        connection.close()

    with psycopg.connect(database_url) as reader:
        reader.execute("SELECT count(*) FROM touchpoints_touchpoint")
        thread = threading.Thread(target=make)
        thread.start()
        time.sleep(0.2)
        with transaction.atomic(), connection.cursor() as cursor:
            # The reader stays until this has written.
            cursor.execute("SET LOCAL lock_timeout = '60s'")
            written_at(clock.now())
        assert thread.is_alive()
        reader.rollback()
    thread.join(60)
    assert made == [1]
    assert bounds()[0] == (first.year, first.month)


def test_two_processes_may_make_the_same_months(database_url):
    first = partitions._day(partitions._plus(bounds()[0], -6))
    made: list[int] = []

    def make() -> None:
        made.append(partitions.ensure_partitions(first, first + timedelta(days=1)))
        connection.close()

    threads = [threading.Thread(target=make) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert sorted(made) == [0, 0, 6]
