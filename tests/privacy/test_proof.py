"""The proof: who was erased with --now is nowhere on the disk, in no form; what was counted before is counted after."""

from __future__ import annotations

from tests.privacy.conftest import Told
from tests.privacy.markers import Marks, found_in

COUNTS = """SELECT kind, inbox_id, facts->>'channel', facts->>'total_minor', date_trunc('day', occurred_at), count(*)
FROM touchpoints_touchpoint GROUP BY 1, 2, 3, 4, 5 ORDER BY 1, 2, 3, 4, 5"""


def test_nothing_of_who_was_erased_is_on_the_disk(place: Told):
    theirs, others = Marks(), Marks()
    erased, _kept = place.write(theirs), place.write(others)
    place.shell("from careline.insights.warehouse.copy import keeping; keeping.follow()")
    before = found_in(place.data, theirs)
    assert any("pg_wal" in path for path in before), "the search must be able to find something"
    told = place.run("erase", str(erased["person"]), "--now")
    assert told.returncode == 0, told.stdout + told.stderr
    assert told.stdout.endswith("The disk is clean.\n")
    left = found_in(place.data, theirs)
    assert left == {}, "\n".join(f"{path}: {what}" for path, what in left.items())
    assert found_in(place.data, others)
