"""Companies by the API."""

from __future__ import annotations


def test_a_company_is_made_described_joined_left_and_taken_away(program, bo, ada):
    knocking = program(bo)
    made = knocking.post("companies", {"name": "Acme", "external_id": "acme", "traits": {"plan": "gold"}})
    assert made.status == 201
    assert knocking.post("companies", {"external_id": "acme"}).status == 200
    at = f"companies/{made.json['id']}"
    assert made.json["traits"]["plan"]["value"] == "gold"
    assert made.json["traits"]["plan"]["source"].startswith("token:")
    changed = knocking.patch(at, {"name": "Acme Ltd", "traits": {"plan": None, "seats": 4}}).json
    assert (changed["name"], sorted(changed["traits"])) == ("Acme Ltd", ["name", "seats"])
    mine = f"customers/{ada.pk}/companies"
    joined = knocking.put(f"{mine}/{made.json['id']}", None).json
    assert [one["name"] for one in joined["items"]] == ["Acme Ltd"]
    assert [one["id"] for one in knocking.get(f"{at}/customers").json["items"]] == [str(ada.pk)]
    assert knocking.get("companies?q=acm").json["items"][0]["customers"] == 1
    assert knocking.delete(f"{mine}/{made.json['id']}").json["items"] == []
    assert knocking.delete(at).status == 200
    assert knocking.get(at).status == 404


def test_a_company_that_cannot_be_is_refused(program, bo):
    knocking = program(bo)
    assert knocking.post("companies", {}).told[0] == 422
    assert knocking.post("companies", {"name": "x", "traits": {"a": "b\0"}}).told[0] == 422
    assert knocking.patch("companies/1", {}).told[0] == 422
    assert knocking.put("customers/1/companies/999", None).told[0] == 404
