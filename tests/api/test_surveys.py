"""Surveys by program: written, published, answered elsewhere, asked by links of one's own, read and taken away."""

from __future__ import annotations

import pytest

CSAT = {"key": "csat", "type": "csat", "words": {"en": "Satisfied?"}, "required": True, "comment": {"en": "Why?"}}
NPS = {"key": "nps", "type": "nps", "words": {"en": "Recommend?"}}
FORM = {"languages": ["en"], "title": {"en": "Help"}, "questions": [CSAT, NPS]}


@pytest.fixture
def house(program, boss):
    return program(boss)


@pytest.fixture
def survey(house):
    made = house.post("surveys", {"name": "Help", "form": FORM}).json
    return house.put(f"surveys/{made['id']}/publication").json


def test_a_survey_is_written_published_and_closed(house):
    made = house.post("surveys", {"name": "Help", "beginning": "effort"})
    assert (made.status, made.json["state"], made.json["url"], made.json["version"]) == (201, "draft", None, None)
    path = f"surveys/{made.json['id']}"
    assert house.put(path, {"form": FORM, "revision": 9}).told[0] == 409
    assert house.put(path, {"form": FORM}).json["form"]["title"] == {"en": "Help"}
    live = house.put(f"{path}/publication").json
    assert (live["state"], live["version"], live["has_changes"]) == ("live", 1, False)
    assert live["url"].startswith("http")
    assert house.delete(f"{path}/publication").json["state"] == "closed"
    assert house.delete(path).told[0] == 409
    assert [one["id"] for one in house.get("surveys").json["items"]] == [made.json["id"]]


def test_what_does_not_fit_a_form_is_named(house):
    for wrong, field in (
        ({"questions": [{**CSAT, "type": "stars"}]}, "form.questions"), ({"neon": 1}, "form"),
        ({"fields": ["a b"]}, "form.fields"),
    ):  # fmt: skip
        answer = house.post("surveys", {"name": "Help", "form": FORM | wrong})
        assert answer.told[0] == 422
        assert field in answer.json["detail"]
    assert house.post("surveys", {"name": "Help", "beginning": "nothing"}).told[0] == 422


def test_an_answer_from_elsewhere_stands_on_the_line(house, survey, ada, conversation):
    given = {"csat": {"value": 2, "words": "Slow"}, "nps": {"value": 0}}
    body = {"answers": given, "conversation_id": str(conversation.pk), "external_id": "7"}
    kept = house.post(f"surveys/{survey['id']}/responses", body)
    assert (kept.status, kept.json["state"], kept.json["customer_id"]) == (201, "complete", str(ada.pk))
    assert kept.json["answers"]["nps"]["value"] == 0
    assert house.post(f"surveys/{survey['id']}/responses", body).json["id"] == kept.json["id"]
    line = house.get(f"customers/{ada.pk}/touchpoints?kind=survey.answered").json["items"]
    assert {one["facts"]["metric"]: (one["facts"]["score"], one["facts"]["response"]) for one in line} == {
        "csat": (2, kept.json["id"]), "nps": (0, kept.json["id"]),
    }  # fmt: skip
    assert house.get(f"surveys/{survey['id']}/responses/{kept.json['id']}").json == kept.json
    assert house.get(f"surveys/999/responses/{kept.json['id']}").told[0] == 404


def test_a_link_of_ones_own_is_made_and_waits(house, survey, ada):
    made = house.post(f"surveys/{survey['id']}/invitations", {"customer_id": str(ada.pk)})
    assert (made.status, made.json["response"]["state"]) == (201, "invited")
    assert "/s/r" in made.json["url"]
    waiting = house.get(f"surveys/{survey['id']}/responses?state=invited").json["items"]
    assert [one["id"] for one in waiting] == [made.json["response"]["id"]]
    assert house.get(f"surveys/{survey['id']}/responses").json["items"] == []


def test_results_add_up_and_the_file_holds_them(house, survey):
    for score in (0, 0, 10):
        given = {"csat": {"value": 5}, "nps": {"value": score}}
        house.post(f"surveys/{survey['id']}/responses", {"answers": given})
    house.post(f"surveys/{survey['id']}/responses", {"answers": {"csat": {"value": 1}}, "complete": False})
    found = house.get(f"surveys/{survey['id']}/results").json
    nps = found["questions"][1]
    assert (found["n"], nps["asked"], nps["answered"], nps["skipped"], nps["left"]) == (4, 4, 3, 0, 1)
    assert {one["value"]: one["count"] for one in nps["distribution"] if one["count"]} == {"0": 2, "10": 1}
    rows = house.get(f"exports/surveys/{survey['id']}").body.decode().splitlines()
    assert len(rows) == 5
    assert rows[0].endswith(",csat,csat.words,nps")


def test_every_answer_is_told_once_page_by_page(house, survey):
    for _n in range(5):
        house.post(f"surveys/{survey['id']}/responses", {"answers": {"csat": {"value": 4}}})
    told, cursor = [], ""
    while cursor is not None:
        page = house.get(f"surveys/{survey['id']}/responses?limit=2&cursor={cursor}").json
        told += [one["id"] for one in page["items"]]
        cursor = page["next"]
    assert len(told) == len(set(told)) == 5


def test_a_plan_is_made_switched_on_foretold_and_taken_away(house, survey, ada):
    path = f"surveys/{survey['id']}/plans"
    given = {
        "name": "After orders", "kind": "after", "moment": "order.placed", "share": 50, "ways": ["email"],
        "facts": [{"fact": "total_minor", "test": "at_least", "value": "5000"}],
    }  # fmt: skip
    made = house.post(path, given)
    assert (made.status, made.json["active"], made.json["plan"]["share"]) == (201, False, 50)
    one = f"{path}/{made.json['id']}"
    assert house.put(f"{one}/activation").json["active"] is True
    assert house.put(one, given | {"share": 20}).json["plan"]["share"] == 20
    assert house.get(f"{one}/forecast").json == {"moments": 0, "people": 0, "drawn": 0, "whole": True}
    assert house.get(f"{one}/invitations?of=eligible").json == {"items": [], "next": None}
    assert house.get(f"{one}/invitations?of=everybody").told[0] == 422
    assert [plan["id"] for plan in house.get(path).json["items"]] == [made.json["id"]]
    assert house.delete(f"{one}/activation").json["active"] is False
    assert house.delete(one).status == 200
    assert house.get(one).told[0] == 404


def test_what_is_no_plan_is_named(house, survey):
    path = f"surveys/{survey['id']}/plans"
    for wrong, word in (
        ({"share": 101}, "share"), ({"moment": "message.received"}, "moment"), ({"kind": "wave"}, "begins_on"),
        ({"segment_id": "999", "kind": "wave", "begins_on": "2026-03-02"}, "segment"),
    ):  # fmt: skip
        answer = house.post(path, {"name": "x", "kind": "after"} | wrong)
        assert answer.told[0] in (404, 422)
        assert word in f"{answer.json}", wrong
