"""Decisions are numbered without gaps, say how they stand, and keep the parts of the template."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.docs.pages import DOCS, rows

FOLDER = DOCS / "decisions"
PAGES = sorted(FOLDER.glob("[0-9]*.md"))
PARTS = ["Context", "Decision", "Consequences", "Alternatives", "References"]
STATUS = re.compile(r"^Status: (proposed|accepted|superseded by (\d{4}))$", re.MULTILINE)


def test_numbers_run_on_without_gaps():
    assert [page.name[:4] for page in PAGES] == [f"{number:04}" for number in range(1, len(PAGES) + 1)]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_a_decision_has_its_parts(page: Path):
    text = page.read_text(encoding="utf-8")
    assert text.startswith(f"# {page.name[:4]}: ")
    status = STATUS.search(text)
    assert status, "its status is not one of those known"
    assert status[2] is None or any(other.name.startswith(status[2]) for other in PAGES)
    assert re.findall(r"^## (.+)$", text, re.MULTILINE) == PARTS
    assert "\n> " in text.split("## Decision")[1].split("## ")[0], "nothing in it can be quoted"


def test_the_list_matches_the_pages():
    listed = [
        (re.search(r"\((.+?)\)", number)[1], title, status) for number, title, status in rows("decisions/README.md")[1:]
    ]
    pages = []
    for page in PAGES:
        text = page.read_text(encoding="utf-8")
        pages.append((page.name, text.splitlines()[0].split(": ", 1)[1], STATUS.search(text)[1]))
    assert listed == pages


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_what_a_decision_refers_to_is_there(page: Path):
    references = page.read_text(encoding="utf-8").split("## References")[1]
    paths = re.findall(r"`((?:src|tests|docs|tools)/[^`]*|[\w.]+\.toml)`", references)
    assert paths
    assert [path for path in paths if not (DOCS.parent / path).exists()] == []
