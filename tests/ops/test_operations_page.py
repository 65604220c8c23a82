"""What docs/operations.md says of figures and findings is so."""

from __future__ import annotations

import re

import msgspec

from careline.channels.figures import Traffic
from careline.cli.doctor.finding import Finding
from careline.kit.backlog import Backlog
from careline.touchpoints.figures import Standing
from careline.web.ops.exposition import page
from careline.web.ops.figures import Figures
from tests.docs.pages import DOCS, code, rows


def test_every_figure_has_its_row():
    figures = Figures(
        [Standing("a", 1, 1.0, 0, 0, "", False)], Traffic(0, 0.0, 0, 0, 0, 0, 0.0, 0), Backlog(0, 0.0, 0, 0, 0, 0, 0)
    )
    told = set(re.findall(r"^# TYPE (\S+)", page(figures), re.MULTILINE))
    named = {name for cells in rows("operations.md") for name in code(cells[0]) if not name.startswith("/")}
    assert named == told


def test_the_example_of_a_finding_is_one():
    [example] = re.findall(r"```json\n(.*?)```", (DOCS / "operations.md").read_text(encoding="utf-8"), re.DOTALL)
    found = msgspec.json.decode(example)
    assert set(found) == {"ok", "checks"}
    msgspec.convert(found["checks"], list[Finding])
    assert set(found["checks"][0]) == {field.name for field in msgspec.structs.fields(Finding)}
