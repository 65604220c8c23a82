"""The matrix of roles and actions: every operation of the API, knocked at by each role, and the page that says so.

`CARELINE_WRITE_DOCS=1 pytest tests/api/test_matrix.py -m long` writes the page anew.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from careline.accounts.permissions import PERMISSIONS, ROLES
from careline.api.document import document
from tests.api.test_permissions import OPERATIONS, own, there, walk
from tests.docs.pages import DOCS, rows

__all__ = ["own", "there", "walk"]  # fixtures

PAGE: Path = DOCS / "permissions.md"
NAMES = list(ROLES)
WRITES = os.environ.get("CARELINE_WRITE_DOCS") == "1"
YES, NO = "yes", "–"


def table(head: list[str], lines: list[list[str]]) -> list[str]:
    rule = ["---", "---", *(":-:" for _name in NAMES)][-len(head) :]
    return [f"| {' | '.join(line)} |" for line in (head, rule, *lines)]


def permissions() -> list[str]:
    lines = [
        [f"`{name}`", str(words), *(YES if name in ROLES[role] else NO for role in NAMES)]
        for name, words in PERMISSIONS.items()
    ]
    return table(["Permission", "Lets one", *NAMES], lines)


def said(name: str) -> str:
    return next(
        one["summary"]
        for methods in document()["paths"].values()
        for one in methods.values()
        if one["operationId"] == name
    )


def written(may: dict[str, dict[str, str]]) -> str:
    lines = [
        [f"`{method.upper()} {path.removeprefix('/api/v1')}`", said(name), *(may[role][name] for role in NAMES)]
        for method, path, name in OPERATIONS
    ]
    return "\n".join(
        [
            "# What each role may do",
            "",
            "Drawn from the code and held against it by `tests/api/test_matrix.py`: nobody writes this page by hand.",
            "These roles come with Careline; one's own are made of the same permissions ([access](access.md)).",
            "",
            "## Permissions",
            "",
            *permissions(),
            "",
            "## Actions",
            "",
            "Each was tried with a token of each role, in an inbox the agent works in; what is done to an agent,",
            "on somebody else. “–” was refused with 403.",
            "",
            *table(["Action", "What it does", *NAMES], lines),
            "",
        ]
    )


def test_the_page_names_every_permission_and_every_operation():
    text = PAGE.read_text(encoding="utf-8")
    assert "\n".join(permissions()) in text
    named = {cells[0] for cells in rows("permissions.md")}
    assert [
        f"`{m.upper()} {p.removeprefix('/api/v1')}`"
        for m, p, _n in OPERATIONS
        if f"`{m.upper()} {p.removeprefix('/api/v1')}`" not in named
    ] == []


@pytest.mark.long
def test_each_role_may_do_what_the_page_says(walk, hire, inbox):
    from careline.channels.models import Membership
    from careline.service.routing.models import Offer

    may: dict[str, dict[str, str]] = {}
    for number, role in enumerate(NAMES):
        agent = hire(f"Role{number} Tried", role=role)
        Membership.objects.create(agent=agent, inbox=inbox)
        Offer.objects.update(agent=agent)
        told = {name: answer.status for _m, _p, name, answer in walk(agent.as_actor((inbox.pk,)))}
        # What is not found was not tried.
        assert [name for name, status in told.items() if status == 404] == []
        may[role] = {name: NO if status == 403 else YES for name, status in told.items()}
    found = written(may)
    if WRITES:
        PAGE.write_text(found, encoding="utf-8")
    assert PAGE.read_text(encoding="utf-8") == found
