"""How the job queue is doing, read from its tables: only jobs import the queue itself."""

from __future__ import annotations

import msgspec

from careline.kit.statement import Statement


class Backlog(msgspec.Struct, frozen=True):
    """`age` is that of the oldest job that is due and waits, in seconds; `stalled` have lost their worker."""

    due: int
    age: float
    later: int
    doing: int
    stalled: int
    failed: int
    workers: int


# A worker shows a sign of life every ten seconds.
BACKLOG = Statement(
    """SELECT count(*) FILTER (WHERE j.status = 'todo' AND j.due),
  coalesce(extract(epoch FROM statement_timestamp() - min(j.since) FILTER (WHERE j.status = 'todo' AND j.due)),
    0)::float8,
  count(*) FILTER (WHERE j.status = 'todo' AND NOT j.due),
  count(*) FILTER (WHERE j.status = 'doing'),
  count(*) FILTER (WHERE j.status = 'doing' AND NOT j.attended),
  count(*) FILTER (WHERE j.status = 'failed'),
  (SELECT count(*) FROM procrastinate_workers WHERE last_heartbeat > now() - interval '60 seconds')
FROM (
  SELECT p.status::text AS status, coalesce(p.scheduled_at <= statement_timestamp(), true) AS due,
    coalesce(p.scheduled_at, (SELECT min(e.at) FROM procrastinate_events e WHERE e.job_id = p.id)) AS since,
    EXISTS (SELECT 1 FROM procrastinate_workers w
      WHERE w.id = p.worker_id AND w.last_heartbeat > now() - interval '60 seconds') AS attended
  FROM procrastinate_jobs p WHERE p.status IN ('todo', 'doing', 'failed')) j""",
    Backlog,
)
