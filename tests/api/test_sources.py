"""Sources of events by the API."""

from __future__ import annotations

from careline.tracking import hot


def test_a_source_is_made_renamed_put_away_and_taken_up_again(program, boss):
    knocking = program(boss)
    made = knocking.post("sources", {"name": "Shop", "side": "server"})
    assert made.status == 201
    source = made.json
    assert hot.source_of(source["write_key"]) is not None
    assert [one["id"] for one in knocking.get("sources").json["items"]] == [source["id"]]
    at = f"sources/{source['id']}"
    assert knocking.patch(at, {"name": "Shop in Oslo", "archived": True}).json["archived"] is True
    assert hot.source_of(source["write_key"]) is None
    again = knocking.patch(at, {"archived": False}).json
    assert (again["name"], again["archived"]) == ("Shop in Oslo", False)
    assert knocking.patch(at, {"archived": False}).status == 200


def test_a_source_that_cannot_be_is_refused(program, boss):
    knocking = program(boss)
    assert knocking.post("sources", {"name": " ", "side": "server"}).told[0] == 422
    assert knocking.post("sources", {"name": "Shop", "side": "else"}).told[0] == 422
    assert knocking.patch("sources/999999", {"name": "x"}).told[0] == 404
