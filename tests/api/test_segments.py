"""Segments by the API."""

from __future__ import annotations

OPEN = {"of": "service", "what": "open"}


def test_a_segment_is_counted_made_changed_listed_and_taken_away(program, bo, conversation):
    knocking = program(bo)
    counted = knocking.post("segments/count", {"rule": OPEN}).json
    assert (counted["count"], counted["of"]) == (1, 1)
    made = knocking.post("segments", {"name": "Open", "rule": OPEN})
    assert (made.status, made.json["count"]) == (201, 1)
    assert made.json["inbox_ids"] == [str(conversation.inbox_id)]
    at = f"segments/{made.json['id']}"
    people = knocking.get(f"{at}/customers").json["items"]
    assert [one["id"] for one in people] == [str(conversation.person_id)]
    changed = knocking.put(at, {"name": "Many", "rule": {**OPEN, "times": 2}}).json
    assert (changed["name"], changed["count"]) == ("Many", 0)
    assert [one["name"] for one in knocking.get("segments").json["items"]] == ["Many"]
    assert knocking.delete(at).status == 200
    assert knocking.get(at).status == 404


def test_what_cannot_be_a_segment_is_refused(program, bo, dee, conversation):
    knocking = program(bo)
    for body in ({"name": "", "rule": OPEN}, {"name": "x", "rule": {}}, {"name": "x", "rule": {"of": "none"}}):
        assert knocking.post("segments", body).told[0] == 422
    made = knocking.post("segments", {"name": "Open", "rule": OPEN}).json
    assert knocking.post("segments", {"name": "Open", "rule": OPEN}).told[0] == 409
    assert program(dee).get(f"segments/{made['id']}").told[0] == 404
