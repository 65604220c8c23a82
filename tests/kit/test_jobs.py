"""The queue as rooms see it: with the transaction, tried again, never lost with its worker."""

from __future__ import annotations

import asyncio
import json
import threading
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import psycopg
import pytest
import time_machine
from django.db import connection, transaction
from procrastinate.jobs import Job as QueuedJob

from careline.kit import clock, jobs
from careline.kit.refusals import Refused

ran: list[Any] = []


@jobs.job()
def remember(number: int, word: str = "none") -> None:
    ran.append((number, word))


@jobs.job(retries=3)
def fail(refused: bool) -> None:
    ran.append("tried")
    raise Refused("No.") if refused else RuntimeError("not yet")


@jobs.job(lock="one at a time")
def alone(number: int) -> None:
    ran.append(("in", number))
    time.sleep(0.2)  # time in which another would come in, if the lock let it
    ran.append(("out", number))


@pytest.fixture(autouse=True)
def nothing_ran() -> None:
    ran.clear()


def rows(columns: str) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {columns} FROM procrastinate_jobs WHERE task_name LIKE '%%test_jobs%%' ORDER BY id")
        found = cursor.fetchall()
    return [row[0] for row in found] if "," not in columns else found


@pytest.fixture
def worker(transactional_db: None) -> Callable[[Callable[[], bool]], None]:
    """Runs a real worker beside the test until the condition holds."""

    def work_until(done: Callable[[], bool], seconds: float = 90.0) -> None:
        leave = threading.Event()
        failures: list[BaseException] = []

        async def run() -> None:
            work = asyncio.create_task(jobs.work())
            while not leave.is_set() and not work.done():
                await asyncio.sleep(0.02)
            work.cancel()
            [outcome] = await asyncio.gather(work, return_exceptions=True)
            if isinstance(outcome, Exception):
                failures.append(outcome)

        thread = threading.Thread(target=lambda: asyncio.run(run()))
        thread.start()
        try:
            deadline = time.monotonic() + seconds
            while not done() and thread.is_alive() and time.monotonic() < deadline:
                time.sleep(0.03)
            held = done()
        finally:
            leave.set()
            thread.join()
        assert not failures, failures
        assert held, "the worker did not get that far"

    return work_until


def test_a_job_that_is_called_runs_here_and_now() -> None:
    remember(1, word="called")
    assert ran == [(1, "called")]
    assert remember.__name__ == "remember"


def test_a_job_belongs_to_the_transaction_around_it(transactional_db: None) -> None:
    with pytest.raises(RuntimeError), transaction.atomic():
        remember.soon(1)
        raise RuntimeError
    assert rows("args") == []
    with transaction.atomic():
        remember.soon(2, word="kept")
    [row] = rows("args")
    assert (json.loads(row) if isinstance(row, str) else row) == {"number": 2, "word": "kept"}


def test_wrong_arguments_are_refused_where_they_are_given(transactional_db: None) -> None:
    with pytest.raises(TypeError):
        remember.soon()  # type: ignore[call-arg]
    with pytest.raises(TypeError):
        remember.soon(1, other=2)  # type: ignore[call-arg]
    assert rows("args") == []


def test_a_worker_runs_what_is_due_and_leaves_what_is_not(worker: Callable[[Callable[[], bool]], None]) -> None:
    remember.at(clock.now() + timedelta(hours=1), 3, word="later")
    remember.soon(1)
    remember.soon(2, word="two")
    worker(lambda: len(ran) >= 2)
    assert sorted(ran) == [(1, "none"), (2, "two")]
    # What succeeded is gone; what is not due waits.
    assert rows("status") == ["todo"]


def test_what_failed_is_tried_again_later_and_what_was_refused_is_not(
    worker: Callable[[Callable[[], bool]], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(jobs, "FIRST_WAIT", 300)
    fail.soon(refused=False)
    fail.soon(refused=True)
    worker(lambda: sorted(rows("status")) == ["failed", "todo"])
    [again, never] = rows("status, attempts, scheduled_at")
    assert again[:2] == ("todo", 1)
    assert timedelta(0) < again[2] - clock.now() <= timedelta(seconds=jobs.FIRST_WAIT)
    assert never[0] == "failed"
    assert ran == ["tried", "tried"]


def test_the_waits_grow_up_to_an_hour_and_end() -> None:
    def wait(attempts: int) -> float | None:
        job = QueuedJob(
            id=1, queue="q", lock=None, queueing_lock=None, task_name="t", task_kwargs={}, attempts=attempts
        )
        decision = jobs.Backoff(20).get_retry_decision(exception=RuntimeError(), job=job)
        return round((decision.retry_at - clock.now()).total_seconds()) if decision and decision.retry_at else None

    with time_machine.travel(clock.now(), tick=False):
        waits = [wait(attempts) for attempts in (0, 1, 2, 9, 10, 19, 20)]
    assert waits == [5, 10, 20, 2560, 3600, 3600, None]


def test_jobs_of_one_lock_run_one_after_another(worker: Callable[[Callable[[], bool]], None]) -> None:
    alone.soon(1)
    alone.soon(2)
    worker(lambda: len(ran) == 4)
    assert ran == [("in", 1), ("out", 1), ("in", 2), ("out", 2)]


@pytest.mark.long
def test_a_connection_that_broke_between_two_workers_stops_no_job(
    worker: Callable[[Callable[[], bool]], None], database_url: str
) -> None:
    remember.soon(1)
    worker(lambda: len(ran) == 1)
    with psycopg.connect(database_url, autocommit=True) as server:
        server.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid NOT IN (pg_backend_pid(), %s)",
            [connection.connection.info.backend_pid],
        )
    alone.soon(1)
    alone.soon(2)
    worker(lambda: len(ran) == 5)


def stall(job: str, *, attempts: int = 1, queueing_lock: str | None = None) -> int:
    """Leaves a job as a killed worker leaves it."""
    with connection.cursor() as cursor:
        cursor.execute(
            "WITH dead AS (INSERT INTO procrastinate_workers (last_heartbeat) "
            "VALUES (now() - interval '1 hour') RETURNING id) "
            "INSERT INTO procrastinate_jobs (queue_name, task_name, args, status, attempts, worker_id, queueing_lock) "
            "SELECT 'default', %s, '{\"number\": 7}', 'doing', %s, id, %s FROM dead RETURNING id",
            [f"test_jobs.{job}", attempts, queueing_lock],
        )
        row = cursor.fetchone()
    assert row is not None
    return int(row[0])


@pytest.fixture
def look_for_stalled(transactional_db: None) -> Callable[[], None]:
    """One stroke of the clock's look, on the connections of a worker."""

    def look() -> None:
        async def once() -> None:
            worker = jobs.app.with_connector(jobs.app.connector.get_worker_connector())  # type: ignore[attr-defined]
            async with worker.open_async():
                context = type("Context", (), {"app": worker})()
                await jobs.retry_stalled_jobs.func(context, 0)

        asyncio.run(once())

    return look


def test_a_job_whose_worker_was_killed_goes_back_into_the_queue(look_for_stalled: Callable[[], None]) -> None:
    stall("remember")
    look_for_stalled()
    assert rows("status") == ["todo"]


def test_a_job_that_took_its_worker_down_too_often_gets_no_other(look_for_stalled: Callable[[], None]) -> None:
    stall("remember", attempts=jobs.DEADLY)
    look_for_stalled()
    assert rows("status") == ["failed"]


def test_a_stalled_job_that_the_clock_has_replaced_does_not_keep_the_others_from_coming_back(
    look_for_stalled: Callable[[], None],
) -> None:
    stall("remember", queueing_lock="one waits")
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO procrastinate_jobs (queue_name, task_name, args, status, queueing_lock) "
            "VALUES ('default', 'test_jobs.remember', '{\"number\": 8}', 'todo', 'one waits')"
        )
    other = stall("remember")
    look_for_stalled()
    assert rows("status") == ["todo", "todo"]
    assert other in rows("id")


def test_the_look_for_stalled_jobs_is_part_of_every_worker() -> None:
    strokes = {name: task.cron for (name, _id), task in jobs.app.periodic_registry.periodic_tasks.items()}
    assert strokes["careline.kit.jobs.retry_stalled_jobs"] == "* * * * *"


def test_a_worker_knows_the_jobs_of_every_room(worker: Callable[[Callable[[], bool]], None]) -> None:
    remember.soon(1)
    worker(lambda: ran == [(1, "none")])
    rooms = {name.rpartition(".jobs.")[0] for name in jobs.app.tasks if name.startswith("careline.")}
    assert {"careline.files", "careline.channels", "careline.accounts"} <= rooms


def test_a_job_by_the_clock_runs_without_arguments_and_never_twice_at_once() -> None:
    @jobs.job(every="0 3 * * *")
    def nightly() -> None:
        ran.append("night")

    name = nightly.task.name
    try:
        nightly()
        nightly.task.func(1_700_000_000)
        assert ran == ["night", "night"]
        assert nightly.task.lock == nightly.task.queueing_lock == name
        assert [task.cron for (key, _id), task in jobs.app.periodic_registry.periodic_tasks.items() if key == name] == [
            "0 3 * * *"
        ]
    finally:
        del jobs.app.tasks[name]
        jobs.app.periodic_registry.periodic_tasks.pop((name, ""))


def test_a_stroke_that_finds_no_database_is_left_to_the_next(caplog):
    from django.db import OperationalError

    def look() -> None:
        raise OperationalError("gone")

    jobs.job(every="0 3 * * *")(look).task(timestamp=0)
    assert "found no database and waits for its next stroke" in caplog.text
    with pytest.raises(OperationalError):
        jobs.job(every="0 4 * * *", retries=2)(look_again).task(timestamp=0)


def look_again() -> None:
    from django.db import OperationalError

    raise OperationalError("gone")
