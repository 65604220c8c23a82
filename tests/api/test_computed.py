"""Computed traits by the API."""

from __future__ import annotations

import pytest

from careline import touchpoints
from careline.accounts.actor import SYSTEM
from careline.insights.computed import keeping
from careline.insights.segments import verbs as segments

SPENT = {"how": "sum", "kind": "order.placed", "fact": "total_minor", "currency": "EUR", "days": 90}


@pytest.fixture
def bought(ada):
    touchpoints.record(
        "order.placed", person=ada.pk, actor=SYSTEM, source="test", order="A-1", total_minor=1250, currency="EUR"
    )


def test_a_trait_is_looked_at_made_read_listed_and_taken_away(program, boss, bo, ada, bought):
    knocking = program(boss)
    seen = knocking.post("previews/computed-traits", {"formula": SPENT}).json
    assert (seen["count"], seen["of"], seen["type"], seen["median"]) == (1, 1, "number", 12.5)
    made = knocking.put("computed-traits/spent", {"label": "Spent", "formula": SPENT})
    assert (made.status, made.json["count"], made.json["inbox_ids"]) == (200, 1, [])
    assert [one["name"] for one in knocking.get("computed-traits").json["items"]] == ["spent"]
    [value] = program(bo).get(f"customers/{ada.pk}/computed-traits").json["items"]
    assert (value["value"], value["moments"], value["label"]) == (12.5, 1, "Spent")
    told = program(bo).get(f"customers/{ada.pk}/provenance").json["items"]
    assert [(one["value"], one["source"]) for one in told if one["field"] == "computed:spent"] == [(12.5, "computed")]
    assert knocking.delete("computed-traits/spent").status == 200
    assert knocking.get("computed-traits/spent").told[0] == 404


def test_the_age_is_that_of_the_last_look(program, boss, ada, bought):
    knocking = program(boss)
    knocking.put("computed-traits/spent", {"label": "Spent", "formula": SPENT})
    first = knocking.get(f"customers/{ada.pk}/computed-traits").json["items"][0]
    keeping.everybody()
    second = knocking.get(f"customers/{ada.pk}/computed-traits").json["items"][0]
    assert second["since"] == first["since"]
    assert second["at"] > first["at"]


def test_a_file_of_customers_has_a_column_of_each(program, boss, bought):
    knocking = program(boss)
    knocking.put("computed-traits/spent", {"label": "Spent", "formula": SPENT})
    heads, row = knocking.get("exports/customers").body.decode().splitlines()
    assert dict(zip(heads.split(","), row.split(","), strict=True))["computed:spent"] == "12.5"


def test_what_cannot_be_worked_out_is_refused(program, boss, bo):
    knocking = program(boss)
    for at, body in (("x", {"label": "", "formula": SPENT}), ("X y", {"label": "X", "formula": SPENT}),
                     ("x", {"label": "X", "formula": {"how": "sum", "kind": "order.placed"}})):  # fmt: skip
        assert knocking.put(f"computed-traits/{at}", body).told[0] == 422
    assert program(bo).put("computed-traits/x", {"label": "X", "formula": SPENT}).told[0] == 403
    knocking.put("computed-traits/spent", {"label": "Spent", "formula": SPENT})
    segments.save("Spends", {"of": "computed", "name": "spent", "test": "set"}, actor=boss)
    assert knocking.delete("computed-traits/spent").told[0] == 409
