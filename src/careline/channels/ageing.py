"""What of this room grows old: deliveries as they came, once they were taken in or given up."""

from __future__ import annotations

from datetime import datetime

from careline.kit import retention
from careline.kit.retention import Going, Gone

# Long enough to see a failure and mend its cause; what nobody could read may be about anybody.
USUAL = 30
_OLD = "state <> 'new' AND received_at < %s"


def _going(before: datetime) -> Going:
    asked = f"""SELECT count(*), count(DISTINCT person_id), min(received_at), sum(pg_column_size(i.*))
    FROM channels_inbound i WHERE {_OLD}"""  # noqa: S608
    return retention.look(asked, [before])


def _remove(before: datetime, limit: int) -> Gone:
    asked = f"""DELETE FROM channels_inbound WHERE id = ANY(ARRAY(
      SELECT id FROM channels_inbound WHERE {_OLD} ORDER BY id LIMIT %s))"""  # noqa: S608
    return retention.removed(asked, [before, limit])


def register() -> None:
    retention.register(retention.Sort("raw", _going, _remove, least=1, usual=USUAL))
