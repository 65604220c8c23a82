"""docs/api.md says what there is, and its examples work as they stand."""

from __future__ import annotations

import re
from pathlib import Path

import msgspec
import pytest

from careline.api.document import document
from careline.tracking import actions as tracking
from tests.api.mailed import by_mail

PAGE = (Path(__file__).parents[2] / "docs" / "api.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"```\n(POST|PUT|PATCH|DELETE) /api/v1/(\S+)\n(.*?)```", PAGE, re.DOTALL)


def test_every_operation_has_its_row():
    rows = set(re.findall(r"^\| `([A-Z]+ /api/v1/\S+)` \|", PAGE, re.MULTILINE))
    assert rows == {f"{method.upper()} {path}" for path, methods in document()["paths"].items() for method in methods}


@pytest.mark.parametrize(("method", "path", "body"), EXAMPLES)
def test_an_example_works_as_it_stands(method, path, body, bos, bo, boss, program, inbox, conversation):
    asked = msgspec.json.decode(body)
    there = {"inbox_id": str(inbox.pk), "agent_id": str(bo.agent_id)}
    asked.update({name: there[name] for name in asked.keys() & there.keys()})
    path = path.replace("1042", str(conversation.pk))
    if "to" in asked or path.endswith("/copies"):
        by_mail(inbox, conversation)
    if path.startswith("imports/"):
        orders = b"email,paid_at,total\nada@example.com,2026-03-01,5\n"
        rows = b"customer_id,plan,ltv\n7,gold,12.5\n" if "profiles" in body else orders
        path = re.sub(r"(?<=^imports/)\d+", str(tracking.upload([rows], name="rows.csv", actor=boss).pk), path)
        bos = program(boss)
    answer = bos.ask(method, path, asked)
    assert answer.status in (200, 201), answer.body
