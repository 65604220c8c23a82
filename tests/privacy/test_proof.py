"""The proof: who was erased with --now is nowhere on the disk, in no form; what was counted before is counted after."""

from __future__ import annotations

import threading
import time
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psycopg
import pytest

from careline.cli.archive.format import members
from tests.privacy.conftest import Told
from tests.privacy.markers import Marks, files, found_in

Telling = Callable[..., tuple[Told, list[int]]]
COUNTS = """SELECT kind, inbox_id, facts->>'channel', facts->>'total_minor', date_trunc('day', occurred_at), count(*),
  count(DISTINCT person_id) FROM touchpoints_touchpoint GROUP BY 1, 2, 3, 4, 5 ORDER BY 1, 2, 3, 4, 5"""


# Under a key of the person from the first.
SEALED = {"file", "raw frame"}


def asked(place: Told, statement: str) -> list[tuple[Any, ...]]:
    with place.database() as connection:
        return connection.execute(statement).fetchall()  # type: ignore[call-overload,no-any-return]


def in_words(left: dict[str, str]) -> str:
    return "\n".join(f"{path}: {what}" for path, what in left.items())


def wait_for_the_copy(place: Told, marks: Marks) -> None:
    """Until what it is the last to learn of them stands in it: the names of their journeys."""
    deadline = time.monotonic() + 60
    while not found_in(place.data / "columnar", marks):
        assert time.monotonic() < deadline, "there is no columnar copy of them"
        time.sleep(0.3)


@pytest.mark.long
def test_nothing_of_who_was_erased_is_on_the_disk(told: Telling, tmp_path: Path):
    theirs, others = Marks(), Marks()
    place, (erased, other) = told(theirs, others)
    wait_for_the_copy(place, theirs)
    counts = asked(place, COUNTS)
    with place.database() as connection:
        connection.execute("CHECKPOINT")
    before = found_in(place.data, theirs)
    assert {"pg_wal", "base", "columnar"} <= {part for path in before for part in Path(path).parts}, "it finds nothing"
    assert len(before) > 20
    # Only what is sealed is not found as it is.
    there = {place.data / path for path in before}
    seen = {where for path, content in files(place.data) if path in there for where in theirs.seen_in(content)}
    assert set(theirs.all()) - seen == SEALED
    done = place.run("erase", str(erased), "--now")
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.endswith("The disk is clean.\n")
    left = found_in(place.data, theirs)
    assert left == {}, in_words(left)
    assert found_in(place.data, others), "only one was erased"
    assert asked(place, COUNTS) == counts
    led = f"person_id = {erased} OR actor_kind = 'customer' AND actor_id = {erased}"
    assert asked(place, f"SELECT count(*) FROM touchpoints_touchpoint WHERE {led}") == [(0,)]
    assert asked(place, f"SELECT count(*) > 10 FROM touchpoints_touchpoint WHERE person_id = {other}") == [(True,)]
    # A backup made now holds nothing of them either.
    archive = tmp_path / "after.careline"
    assert place.run("backup", str(archive)).returncode == 0
    content = b"".join(opened(content) for _name, content in members(archive))
    assert theirs.beginning.encode() not in content
    assert others.beginning.encode() in content


def opened(content: bytes) -> bytes:
    try:
        return zlib.decompress(content)
    except zlib.error:
        return content


@pytest.mark.long
def test_killed_in_the_middle_it_comes_to_its_end_by_itself(told: Telling):
    theirs = Marks()
    place, [person] = told(theirs)
    wait_for_the_copy(place, theirs)
    done = place.run("erase", str(person), "--yes")
    assert done.returncode == 0, done.stderr
    assert "clean of them by" in done.stdout
    asked(place, "UPDATE privacy_cleansing SET urgent = true RETURNING 1")
    for patience in (0.6, 1.5):
        place.shell("from careline.privacy import jobs; jobs.cleanse_now.soon()")
        time.sleep(patience)
        place.kill()
        place.up()
    deadline = time.monotonic() + 120
    place.shell("from careline.privacy import jobs; jobs.cleanse_now.soon()")
    while asked(place, "SELECT count(*) FROM privacy_cleansing WHERE clean_at IS NULL") != [(0,)]:
        assert time.monotonic() < deadline, place.tail()
        time.sleep(1)
    left = found_in(place.data, theirs)
    assert left == {}, in_words(left)


@pytest.mark.long
def test_cleaned_while_everybody_writes_and_nobody_waits_long(told: Telling):
    theirs, others = Marks(), Marks()
    place, (erased, other) = told(theirs, others)
    wait_for_the_copy(place, theirs)
    stop, waited, failed = threading.Event(), [0.0], list[str]()

    # One row: writers that take several in turn would stop each other.
    change = """UPDATE conversations_conversation SET preview = md5(random()::text)
      WHERE id = (SELECT max(id) FROM conversations_conversation WHERE person_id = %s)"""

    def write() -> None:
        with place.database() as connection:
            while not stop.is_set():
                began = time.monotonic()
                try:
                    connection.execute(change, [other])
                    connection.execute("INSERT INTO customers_note (person_id, body) VALUES (%s, 'x')", [other])
                except psycopg.Error as error:
                    failed.append(str(error))
                waited.append(time.monotonic() - began)

    writers = [threading.Thread(target=write) for _n in range(3)]
    for one in writers:
        one.start()
    done = place.run("erase", str(erased), "--now")
    stop.set()
    for one in writers:
        one.join()
    assert done.returncode == 0, done.stdout + done.stderr
    assert failed == []
    assert max(waited) < 5, max(waited)
    left = found_in(place.data, theirs)
    assert left == {}, in_words(left)
