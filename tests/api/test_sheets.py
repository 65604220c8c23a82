"""Customers as files by the API."""

from __future__ import annotations

from django.test import Client


def test_a_file_is_looked_at_and_taken(program, bo):
    knocking = program(bo)
    given = {"text": "Name,Mail\nBea,bea@example.com\nCal,nothing\n", "dry_run": True}
    looked = knocking.post("imports/customers", given).json
    assert (looked["new"], looked["columns"], looked["refused"][0]["row"]) == (1, ["name", "email"], 3)
    assert knocking.get("customers").json["items"] == []
    assert knocking.post("imports/customers", given | {"dry_run": False}).json["new"] == 1
    assert knocking.post("imports/customers", given | {"dry_run": False}).json["known"] == 1
    assert knocking.post("imports/customers", {"text": "x", "format": "vcard"}).told[0] == 422


def test_the_list_comes_out_as_a_file_for_who_may_export(token_of, boss, bo, ada):
    def asked(actor, query: str):
        return Client().get(f"/api/v1/exports/customers{query}", headers={"Authorization": f"Bearer {token_of(actor)}"})

    answer = asked(boss, "?q=ada")
    assert "'+442071838750" in b"".join(answer.streaming_content).decode()
    card = asked(boss, "?format=vcard-3.0")
    assert card["Content-Type"].startswith("text/vcard")
    assert b"VERSION:3.0" in b"".join(card.streaming_content)
    assert asked(bo, "").status_code == 403
    assert asked(boss, "?format=doc").status_code == 422
    assert asked(boss, "?segment_id=9").status_code == 404
