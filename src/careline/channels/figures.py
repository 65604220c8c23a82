"""How much is waiting on its way in and out, for whoever runs the installation."""

from __future__ import annotations

import msgspec

from careline.kit.statement import Statement


class Traffic(msgspec.Struct, frozen=True):
    """Ages are those of the oldest that waits, in seconds; failures are those of all times."""

    out_waiting: int
    out_age: float
    out_failed: int
    out_failed_lately: int
    out_retrying: int
    in_waiting: int
    in_age: float
    in_failed: int


TRAFFIC = Statement(
    """SELECT o.n, o.age, f.n, f.lately, o.retrying,
  i.n, i.age, (SELECT count(*) FROM channels_inbound WHERE state = 'failed')
FROM
  (SELECT count(*) AS n, count(*) FILTER (WHERE attempts > 0) AS retrying,
    coalesce(extract(epoch FROM statement_timestamp() - min(created_at)), 0)::float8 AS age
    FROM channels_outbox WHERE state IN ('queued', 'sending')) o,
  (SELECT count(*) AS n, count(*) FILTER (WHERE updated_at > statement_timestamp() - interval '1 day') AS lately
    FROM channels_outbox WHERE state = 'failed') f,
  (SELECT count(*) AS n, coalesce(extract(epoch FROM statement_timestamp() - min(received_at)), 0)::float8 AS age
    FROM channels_inbound WHERE state = 'new') i""",
    Traffic,
)
