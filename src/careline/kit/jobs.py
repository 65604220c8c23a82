"""The job queue, kept in PostgreSQL: rooms write `@job(...)` in their jobs.py, each job one call of an action.

A job may run twice (a worker that is killed in the middle has its job tried again), so what it calls must bear that.
The queue itself never looks at a job whose worker died; `retry_stalled_jobs` below does, each minute, in every worker.
"""

import functools
import inspect
import logging
import threading
from collections.abc import Callable
from datetime import datetime
from typing import Any, Generic, ParamSpec

from asgiref.sync import sync_to_async
from django.db import connections
from django.utils.module_loading import autodiscover_modules
from procrastinate import JobContext
from procrastinate.app import App
from procrastinate.contrib.django import app
from procrastinate.exceptions import ConnectorException
from procrastinate.jobs import Job as QueuedJob
from procrastinate.jobs import Status
from procrastinate.retry import BaseRetryStrategy, RetryDecision
from procrastinate.tasks import Task
from typing_extensions import override

from careline.kit import outages
from careline.kit.refusals import Refused

__all__ = ["Job", "app", "job", "leaving", "retry_stalled_jobs", "work"]

_log = logging.getLogger(__name__)
P = ParamSpec("P")

RETRIES = 8
FIRST_WAIT = 5
LONGEST_WAIT = 3600
DAYS_FAILURES_ARE_KEPT = 30
# Set when the worker is to go: what takes long ends at the next good moment, and raises to be taken up again.
leaving = threading.Event()
# A job that took its worker down so often is not given another.
DEADLY = 10


class Backoff(BaseRetryStrategy):
    """5 s, 10 s, 20 s … up to an hour between tries. What was refused once would be refused again, and rests."""

    def __init__(self, retries: int) -> None:
        self.retries = retries

    @override
    def get_retry_decision(self, *, exception: BaseException, job: QueuedJob) -> RetryDecision | None:
        if job.attempts >= self.retries or isinstance(exception, Refused):
            return None
        return RetryDecision(retry_in={"seconds": min(LONGEST_WAIT, FIRST_WAIT * 2**job.attempts)})


class Job(Generic[P]):
    """Called, it runs here and now; `soon` and `at` put it into the queue, inside the transaction around them."""

    def __init__(self, work: Callable[P, None], task: Task[..., Any, ...]) -> None:
        self._work = work
        self._signature = inspect.signature(work)
        self.task = task
        functools.update_wrapper(self, work)

    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> None:
        self._work(*args, **kwargs)

    def soon(self, *args: P.args, **kwargs: P.kwargs) -> None:
        self._defer({}, args, kwargs)

    def at(self, when: datetime, *args: P.args, **kwargs: P.kwargs) -> None:
        self._defer({"schedule_at": when}, args, kwargs)

    def _defer(self, options: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> None:
        bound = self._signature.bind(*args, **kwargs)
        self.task.configure(**options).defer(**bound.arguments)


def job(
    *, retries: int | None = None, every: str | None = None, lock: str | None = None
) -> Callable[[Callable[P, None]], Job[P]]:
    """Jobs of one `lock` run one after another. `every` (cron, UTC) runs it by the clock: without arguments, one at a
    time, and what failed is left to the next stroke, unless `retries` are given."""

    def register(work: Callable[P, None]) -> Job[P]:
        name = f"{work.__module__}.{work.__qualname__}"
        if every is None:
            backoff = Backoff(RETRIES if retries is None else retries)
            return Job(work, app.task(name=name, retry=backoff, lock=lock)(work))

        def by_the_clock(timestamp: int) -> None:
            try:
                work()  # type: ignore[call-arg]
            except outages.LOST as error:
                if retries:
                    raise
                _log.warning("%s found no database and waits for its next stroke: %s", name, type(error).__name__)

        task = app.task(name=name, retry=Backoff(retries or 0), lock=lock or name, queueing_lock=name)(by_the_clock)
        app.periodic(cron=every)(task)
        return Job(work, task)

    return register


@app.periodic(cron="* * * * *")
@app.task(
    name="careline.kit.jobs.retry_stalled_jobs",
    queueing_lock="careline.kit.jobs.retry_stalled_jobs",
    pass_context=True,
)
async def retry_stalled_jobs(context: JobContext, timestamp: int) -> None:
    """Jobs whose worker has shown no sign of life for half a minute go back into the queue."""
    queue = context.app.job_manager
    for stalled in await queue.get_stalled_jobs():
        try:
            if stalled.attempts >= DEADLY:
                await queue.finish_job(stalled, Status.FAILED, delete_job=False)
            else:
                await queue.retry_job(stalled)
        except ConnectorException:
            # The clock has already put in the next one of its kind.
            await queue.finish_job(stalled, Status.FAILED, delete_job=True)
    if timestamp % 3600 < 60:
        await queue.delete_old_jobs(
            nb_hours=24 * DAYS_FAILURES_ARE_KEPT, include_failed=True, include_cancelled=True, include_aborted=True
        )


async def work(concurrency: int = 2) -> None:
    """Runs jobs until cancelled. The queue is read on connections of its own; deferring stays on Django's."""
    leaving.clear()
    autodiscover_modules("jobs")  # what nobody imported would neither run nor be run by the clock
    # The clock asks on Django's connection of a thread that outlives this worker: a broken one would stop every next.
    await sync_to_async(connections.close_all)()
    connector = app.connector.get_worker_connector()  # type: ignore[attr-defined]
    worker: App = app.with_connector(connector)
    async with worker.open_async():
        await worker.run_worker_async(
            concurrency=concurrency,
            install_signal_handlers=False,
            delete_jobs="successful",
            shutdown_graceful_timeout=10,
        )
