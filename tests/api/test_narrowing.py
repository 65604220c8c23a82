"""Attributes of conversations, the narrowed list of customers and trees of companies, by the API."""

from __future__ import annotations

import pytest

from careline.customers import actions as customers


@pytest.fixture
def defined(boss) -> None:
    customers.define_attribute("plan", "Plan", "choice", ["gold", "free"], actor=boss)
    customers.define_attribute("order", "Order", "text", of="conversation", actor=boss)


def test_attributes_of_a_conversation_are_written_and_read(program, conversation, bo, boss, defined):
    knocking, at = program(bo), f"conversations/{conversation.pk}"
    assert knocking.get(at).json["attributes"] == {}
    changed = knocking.patch(at, {"attributes": {"order": "A-17"}, "priority": 3})
    assert (changed.json["attributes"], changed.json["priority"]) == ({"order": "A-17"}, 3)
    assert knocking.get("conversations").json["items"][0]["attributes"] == {"order": "A-17"}
    refused = knocking.patch(at, {"attributes": {"plan": "gold"}, "priority": 1})
    assert refused.told == (422, "There is no attribute “plan”.")
    assert knocking.get(at).json["priority"] == 3
    assert knocking.patch(at, {"attributes": {"order": None}}).json["attributes"] == {}
    kinds = {one["name"]: one["of"] for one in knocking.get("attributes").json["items"]}
    assert kinds == {"plan": "customer", "order": "conversation"}
    house = program(boss)
    assert house.put("attributes/order", {"label": "Order", "type": "text"}).told[0] == 409
    made = house.put("attributes/lot", {"label": "Lot", "type": "text", "of": "conversation"}).json["items"]
    assert [one["of"] for one in made if one["name"] == "lot"] == ["conversation"]
    knocking.patch(at, {"attributes": {"lot": "7"}})
    house.delete("attributes/lot")
    assert knocking.get(at).json["attributes"] == {}


def test_customers_are_narrowed_by_attributes_page_by_page(program, ada, bo, boss, defined):
    knocking = program(bo)
    for n in range(3):
        knocking.post("customers", {"name": f"Cem {n}", "attributes": {"plan": "gold"}})
    first = knocking.get("customers?where=plan:is:gold&q=cem&limit=2").json
    rest = knocking.get(f"customers?where=plan:is:gold&q=cem&limit=2&cursor={first['next']}").json
    assert [one["name"] for one in first["items"] + rest["items"]] == ["Cem 2", "Cem 1", "Cem 0"]
    assert rest["next"] is None
    assert [one["name"] for one in knocking.get("customers?where=plan:unset").json["items"]] == ["Ada Moreau"]
    assert knocking.get("customers?where=plan:set&where=plan:unset").json["items"] == []
    assert knocking.get("customers?where=order:set").told == (422, "There is no attribute “order”.")
    assert knocking.get("customers?segment_id=999").told[0] == 404
    rows = program(boss).get("exports/customers?where=plan:set").body
    assert rows.count(b"\r\n") == 4


def test_companies_stand_in_companies(program, ada, bo):
    knocking = program(bo)
    group = knocking.post("companies", {"name": "Group"}).json["id"]
    part = knocking.post("companies", {"name": "North", "parent_id": group}).json
    assert part["parent_id"] == group
    knocking.put(f"customers/{ada.pk}/companies/{part['id']}", None)
    tree = knocking.get(f"companies/{group}/tree").json
    assert (tree["companies"], tree["customers"], tree["above"]) == (1, 1, [])
    assert [(one["id"], one["depth"], one["customers"]) for one in tree["below"]] == [(part["id"], 1, 1)]
    assert knocking.get(f"companies/{group}/customers").json["items"] == []
    assert len(knocking.get(f"companies/{group}/customers?below=true").json["items"]) == 1
    assert knocking.patch(f"companies/{group}", {"parent_id": part["id"]}).told[0] == 422
    assert knocking.patch(f"companies/{part['id']}", {"parent_id": None}).json["parent_id"] is None
    assert knocking.get("companies/999/tree").told[0] == 404
    assert knocking.post("companies", {"name": "Lost", "parent_id": "999"}).told[0] == 422
    assert knocking.get("companies?q=lost").json["items"] == []
