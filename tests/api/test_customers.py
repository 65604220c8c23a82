"""Customers and their line through the API."""

from __future__ import annotations

from urllib.parse import urlencode
from uuid import uuid4

import pytest

from careline import touchpoints
from careline.accounts.actor import SYSTEM


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


def test_a_moment_is_added_by_hand_and_says_who(bos, ada):
    path = f"customers/{ada.pk}/touchpoints"
    given = {"way": "call", "words": "Asked about the lid", "at": "2026-01-05T10:00:00+02:00"}
    made = bos.post(path, given)
    assert made.status == 201
    assert (made.json["kind"], made.json["at"]) == ("moment.added", "2026-01-05T08:00:00Z")
    assert made.json["facts"]["words"] == "Asked about the lid"
    assert made.json["facts"]["author"].startswith("Bo")
    assert made.json["id"] in [one["id"] for one in bos.get(path).json["items"]]
    assert bos.post(path, given | {"at": "2999-01-01T00:00:00Z"}).told[0] == 422
    assert bos.post(path, given | {"way": "dream"}).told[0] == 422
    assert bos.post("customers/999999/touchpoints", given).told[0] == 404


def test_moments_say_how_they_felt_and_what_they_cost(bos, ada):
    source = {"person": ada.pk, "actor": SYSTEM, "source": "conversation:7", "conversation": 7}
    touchpoints.record("message.weighed", **source, message=uuid4(), channel="email", score=-0.7, by="vader-3.3.2")
    touchpoints.record("effort.counted", **source, effort=3, waits=2, switches=1)
    touchpoints.record(
        "survey.answered",
        person=ada.pk,
        actor=SYSTEM,
        source="survey:1",
        survey="1",
        metric="csat",
        score=5,
        scale_max=5,
    )
    path = f"customers/{ada.pk}/touchpoints"
    found = {
        one["kind"]: one for one in bos.get(f"{path}?kind=message.weighed,effort.counted,survey.answered").json["items"]
    }
    assert found["message.weighed"]["felt"] == {"level": -2, "by": "words"}
    assert found["survey.answered"]["felt"] == {"level": 2, "by": "answer"}
    assert found["effort.counted"]["felt"] is None
    assert found["effort.counted"]["effort"] == {
        "level": 2, "by": "behavior", "total": 3,
        "parts": {"contacts": 0, "waits": 2, "transfers": 0, "switches": 1},
    }  # fmt: skip
    of_talk = bos.get(f"{path}?journey=conversation:7").json["items"]
    assert {one["kind"] for one in of_talk} == {"message.weighed", "effort.counted"}
    ada.scrap, ada.efforts = [0, -2, 1], [0, 3, 0]
    ada.save()
    shown = bos.get(f"customers/{ada.pk}").json
    assert (shown["feelings"], shown["efforts"]) == ([0, -2, 1], [0, 3, 0])
