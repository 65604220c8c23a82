"""Opening the copy to ask it something: the version of now, read only, and closed again: idle it costs nothing."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

import msgspec
from django.utils.translation import gettext as _

from careline.insights.warehouse import engine
from careline.insights.warehouse.copy import laying, manifest, measures, recent
from careline.insights.warehouse.copy.manifest import Manifest
from careline.insights.warehouse.engine import Connection
from careline.insights.warehouse.sight import Sight
from careline.kit.refusals import Refused

TRIES = 20
# One question at a time has the memory and the threads there are.
_turn = threading.Lock()


class Copy(msgspec.Struct, frozen=True):
    """An open version; `manifest` is None while there is none, and every question then finds nothing."""

    conn: Connection
    manifest: Manifest | None

    def sight(self, wanted: Sight) -> Sight:
        """As cheap a way of looking as gives the same answer."""
        inboxes = self.manifest.inboxes if self.manifest else ()
        lies = self.manifest is not None and self.manifest.recent is None
        return msgspec.structs.replace(wanted.narrowed(inboxes), as_it_lies=lies)


@contextmanager
def reading() -> Iterator[Copy]:
    with _turn, ExitStack() as stack:
        for attempt in range(TRIES):
            found = manifest.read()
            conn = stack.enter_context(engine.opened())
            try:
                _show(conn, found)
            except Exception as error:  # the next version was switched to just now
                if attempt == TRIES - 1 or not engine.is_gone(error):
                    raise
                continue
            break
        try:
            yield Copy(conn, found)
        except Exception as error:
            if not engine.is_out_of_memory(error):
                raise
            raise Refused(
                _("This question needs more memory than analysis is given; DUCKDB_MEMORY says how much.")
            ) from None


def _show(conn: Connection, found: Manifest | None) -> None:
    if found is None:
        laying.tables(conn, "", ())
        return
    recent.attach(conn, found)
    conn.execute(f"CREATE VIEW line AS {recent.line(found)}")
    conn.execute(f"CREATE VIEW edge AS {recent.edges(found)}")
    for name in measures.TABLES:
        conn.execute(f"CREATE VIEW {name} AS {recent.measured(found).format(table=name)}")
