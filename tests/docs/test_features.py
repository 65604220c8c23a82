"""Every capability has its row, and a row that claims something leads to the page and the test that show it."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import pytest

from tests.docs.pages import DOCS, links, rows

ROWS = [cells for cells in rows("features.md") if re.fullmatch(r"[FSX]\d+", cells[0])]


@cache
def named_in(file: Path) -> frozenset[str]:
    return frozenset(re.findall(r"^(?:async )?def (test_\w+)", file.read_text(encoding="utf-8"), re.MULTILINE))


def test_every_capability_has_its_row():
    assert [cells[0] for cells in ROWS] == [
        *(f"F{number}" for number in range(1, 33)),
        *(f"S{number}" for number in range(1, 101)),
        *(f"X{number}" for number in range(1, 90)),
    ]


@pytest.mark.parametrize("cells", ROWS, ids=lambda cells: cells[0])
def test_a_row_is_shown_or_says_not_yet(cells: list[str]):
    _number, capability, page, test = cells
    assert capability
    if page == "not yet":
        assert test == ""
        return
    [page_link], [test_link] = links(page), links(test)
    assert (DOCS / page_link.partition("#")[0]).is_file()
    path, _, name = test_link.partition("#")
    assert re.search(r"/tests/.*test_\w+\.py$", str((DOCS / path).resolve()))
    assert name in named_in(DOCS / path), f"{test_link} names no test there"
