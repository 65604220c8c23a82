"""Customers and their line through the API."""

from __future__ import annotations

from urllib.parse import urlencode

import pytest


def test_a_customer_is_made_known_and_found_by_every_name(bos, organization):
    made = bos.post(
        "customers",
        {
            "name": "Zoë Åkesson", "email": "Zoe@Example.com", "phone": "020 7183 8799", "external_id": "z-1",
            "language": "sv", "zone": "Europe/Stockholm",
        },
    )  # fmt: skip
    assert made.status == 201
    customer = made.json
    assert [customer[name] for name in ("email", "phone", "external_id")] == ["zoe@example.com", "+442071838799", "z-1"]
    assert [one["kind"] for one in customer["identities"] if one["verified"]] == ["external"]
    for q in ("zoe", "AKES", "zoe@example.com", "+44 20 7183 8799", "z-1"):
        found = bos.get(f"customers?q={q.replace('+', '%2B').replace(' ', '%20')}").json["items"]
        assert [one["id"] for one in found] == [customer["id"]], q
    assert bos.get(f"customers/{customer['id']}").json == customer
    again = bos.post("customers", {"email": "ZOE@example.COM"})
    assert (again.status, again.json["id"]) == (200, customer["id"])


def test_what_is_given_changes_and_nothing_else(bos, boss, ada):
    from careline.customers import actions

    actions.define_attribute("shoe_size", "Shoe size", "number", actor=boss)
    address = f"customers/{ada.pk}"
    before = bos.get(address).json
    after = bos.patch(address, {"name": "Ada M.", "attributes": {"shoe_size": 39}}).json
    assert after == before | {"name": "Ada M.", "attributes": {"shoe_size": 39}}
    assert bos.patch(address, {"attributes": {"shoe_size": None}}).json["attributes"] == {}
    assert bos.patch(address, {"blocked": True}).json["blocked"] is True
    lives = bos.patch(address, {"blocked": False, "zone": "Europe/Paris", "language": "fr"}).json
    assert (lives["blocked"], lives["zone"], lives["language"]) == (False, "Europe/Paris", "fr")


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({}, None),
        ({"name": 5}, "name"),
        ({"name": None}, "name"),
        ({"name": "a\0"}, "name"),
        ({"zone": "Mars/Olympus"}, "zone"),
        ({"language": "no language"}, "language"),
        ({"attributes": {"unknown": 1}}, "unknown"),
        ({"attributes": {"a\0": 1}}, "attributes"),
        ({"blocked": "yes"}, "blocked"),
    ],
)
def test_what_cannot_be_is_refused_and_named(bos, ada, changes, field):
    answer = bos.patch(f"customers/{ada.pk}", changes)
    assert answer.told[0] == 422
    assert answer.json.get("field") == field


def test_identities_are_added_and_taken_away(bos, ada):
    address = f"customers/{ada.pk}/identities"
    added = bos.post(address, {"kind": "email", "value": "Ada.M@Example.org"})
    assert added.status == 201
    [one] = [one for one in added.json["identities"] if one["value"] == "ada.m@example.org"]
    assert (one["original"], one["verified"]) == ("Ada.M@Example.org", False)
    removed = bos.delete(f"{address}/{one['id']}").json
    assert "ada.m@example.org" not in [one["value"] for one in removed["identities"]]
    assert bos.delete(f"{address}/{one['id']}").told[0] == 404
    assert bos.post(address, {"kind": "visitor", "value": "x"}).told[0] == 422
    assert bos.post(address, {"kind": "email", "value": "nonsense"}).told[0] == 422


def test_an_identity_of_somebody_else_is_a_conflict(bos, ada):
    other = bos.post("customers", {"email": "other@example.com"}).json
    answer = bos.post(f"customers/{other['id']}/identities", {"kind": "email", "value": "ada@example.com"})
    assert answer.told[0] == 409


def test_the_line_is_told_newest_first(bos, conversation, ada):
    bos.post(f"conversations/{conversation.pk}/messages", {"body": "We look into it."})
    moments = bos.get(f"customers/{ada.pk}/touchpoints").json["items"]
    assert [one["kind"] for one in moments] == ["message.sent", "message.received", "conversation.opened"]
    assert moments[0]["journey"] == f"conversation:{conversation.pk}"
    assert moments[0]["facts"]["conversation"] == str(conversation.pk)
    assert moments[0]["actor"]["kind"] == "token"


def test_of_the_line_a_part_may_be_asked_for(bos, conversation, ada):
    bos.post(f"conversations/{conversation.pk}/messages", {"body": "We look into it."})
    path = f"customers/{ada.pk}/touchpoints"

    def kinds(**wanted: str) -> list[str]:
        return [one["kind"] for one in bos.get(f"{path}?{urlencode(wanted)}").json["items"]]

    whole = kinds()
    assert kinds(kind="message.sent,message.received") == ["message.sent", "message.received"]
    assert kinds(kind="order.placed") == []
    assert kinds(channel="webchat") == whole
    assert kinds(channel="email") == []
    newest = bos.get(path).json["items"][0]["at"]
    assert kinds(until=newest) == whole
    assert kinds(until="2001-01-01T00:00:00+02:00") == []
    first = bos.get(f"{path}?kind=message.sent,message.received&limit=1").json
    rest = bos.get(f"{path}?kind=message.sent,message.received&cursor={first['next']}").json
    assert [one["kind"] for one in rest["items"]] == ["message.received"]
    silly = [
        "kind=order.eaten", "until=yesterday", "until=2026-05-01T09:00:00", "channel=%00",
        "until=0001-01-01T00:00:00%2B05:00",
    ]  # fmt: skip
    for query in silly:
        assert bos.get(f"{path}?{query}").told[0] == 422, query


def test_the_line_keeps_moments_of_inboxes_one_does_not_see(program, dee, conversation, ada):
    assert program(dee).get(f"customers/{ada.pk}/touchpoints").json["items"] == []


def test_there_is_no_customer_that_is_not_there(bos):
    for path in ("customers/999999", "customers/999999/touchpoints", "customers/x", "customers/99999999999999999999"):
        assert bos.get(path).told[0] == 404
