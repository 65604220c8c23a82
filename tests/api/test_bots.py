"""Bots by program: written, talked to, rehearsed, published; where they answer, and how well."""

from __future__ import annotations

from uuid import uuid4

import pytest

FLOW = """name = "Where is it?"
start = "number"
intents = ["late"]

[steps.number]
do = "ask"
words = { en = "Which order?" }
check = "number"
into = "order"
next = "tell"

[steps.tell]
do = "end"
words = { en = "Order {order} is on its way." }
"""


@pytest.fixture
def house(program, boss):
    return program(boss)


def test_a_bot_is_written_tried_rehearsed_and_published(house):
    made = house.post("bots", {"text": FLOW})
    assert (made.status, made.json["version"], made.json["draft"], made.json["steps"]) == (201, 0, True, 2)
    at = f"bots/{made.json['id']}"
    assert house.put(f"{at}/publication", {}).told[0] == 422  # no rehearsal yet
    said = [{"heard": "1042"}]
    tried = house.post(f"{at}/trial", {"events": said}).json
    assert [one["words"].get("en") for turn in tried["turns"] for one in turn["wants"]] == [
        "Which order?", "Order 1042 is on its way.", None,
    ]  # fmt: skip
    assert (tried["awaits"], tried["values"], tried["turns"][1]["way"]) == (
        "nothing", {"order": 1042}, [{"step": "number", "exit": "next"}],
    )  # fmt: skip
    assert house.post(f"{at}/rehearsals", {"name": "By number", "events": said}).status == 201
    live = house.put(f"{at}/publication", {}).json
    assert (live["version"], live["draft"], live["missed"]) == (1, False, [{"step": "number", "exit": "otherwise"}])
    assert house.put(f"{at}/publication", {}).told[0] == 409
    assert [(one["number"], one["taken"], one["ways"]) for one in house.get(f"{at}/versions").json["items"]] == [
        (1, 1, 2)
    ]
    assert house.get("bots").json["items"][0]["name"] == "Where is it?"
    assert house.delete(at).json["id"] == made.json["id"]
    assert house.get(at).told[0] == 404


def test_a_draft_that_leaves_its_way_is_told_where_and_may_be_meant_so(house):
    at = f"bots/{house.post('bots', {'text': FLOW}).json['id']}"
    kept = house.post(f"{at}/rehearsals", {"name": "By number", "events": [{"heard": "1042"}]}).json
    other = FLOW.replace('do = "end"', 'do = "hand_over"')
    assert house.put(at, {"text": other}).json["failing"] == ["By number"]
    (found,) = house.get(f"{at}/rehearsals").json["items"]
    assert (found["passes"], found["differs"]["turn"], found["events"][0]["heard"]) == (False, 2, "1042")
    assert house.put(f"{at}/publication", {}).told[0] == 422
    assert house.put(f"{at}/rehearsals/{kept['id']}/way", {}).json["passes"]
    assert house.put(f"{at}/publication", {}).status == 200
    assert house.delete(f"{at}/rehearsals/{kept['id']}").json["name"] == "By number"
    assert house.get(f"{at}/rehearsals").json["items"] == []


def test_who_wrote_meanwhile_is_not_written_over_and_what_is_no_flow_is_refused(house):
    made = house.post("bots", {"text": FLOW}).json
    at, read = f"bots/{made['id']}", made["changed_at"]
    assert house.put(at, {"text": FLOW + "\n# One\n", "changed_at": read}).status == 200
    assert house.put(at, {"text": FLOW + "\n# Two\n", "changed_at": read}).told[0] == 409
    lost = house.put(at, {"text": FLOW.replace('next = "tell"', 'next = "tel"')})
    assert lost.told[0] == 422
    assert lost.json["detail"].startswith("Line ")
    assert house.post("bots", {}).told == (422, "Give a template or a text.")
    assert house.post("bots", {"text": FLOW}).told[0] == 409  # its name is taken
    assert house.post(f"{at}/trial", {"events": [{"heard": "Hi", "woken": True}]}).json["field"] == "events"
    assert house.post("bots", {"template": "nothing"}).told[0] == 404


def test_what_bots_begin_with_comes_with_its_rehearsals(house):
    names = [one["template"] for one in house.get("bot-templates").json["items"]]
    assert len(names) > 4
    made = house.post("bots", {"template": "order_status", "name": "Parcels"}).json
    assert (made["name"], made["failing"]) == ("Parcels", [])
    assert made["rehearsals"] > 0
    assert house.put(f"bots/{made['id']}/publication", {}).json["version"] == 1


def test_an_intent_takes_phrasings_and_says_which_it_refused(house):
    assert house.put("intents/late", {"name": "Late"}).json == {"code": "late", "name": "Late", "phrasings": 0}
    assert house.put("intents/No!", {"name": "Late"}).told[0] == 422
    texts = ["My order is late", "MY ORDER is late!", "?!", "Where is my parcel"]
    told = house.post("intents/late/phrasings", {"texts": texts, "language": "en"}).json
    assert (told["added"], told["known"], [one["row"] for one in told["refused"]]) == (2, 1, [3])
    first = house.get("intents/late/phrasings?limit=1").json
    rest = house.get(f"intents/late/phrasings?limit=1&cursor={first['next']}").json
    assert [one["text"] for one in first["items"] + rest["items"]] == ["Where is my parcel", "My order is late"]
    assert rest["next"] is None
    house.put("intents/other", {"name": "Other"})
    gone = first["items"][0]["id"]
    assert house.delete(f"intents/other/phrasings/{gone}").told[0] == 404
    assert house.delete(f"intents/late/phrasings/{gone}").json["id"] == gone
    assert [one["phrasings"] for one in house.get("intents").json["items"]] == [1, 0]
    assert house.delete("intents/late").json["code"] == "late"


def test_where_a_bot_answers_is_kept_and_its_secret_shown_to_nobody(house, inbox):
    at = f"inboxes/{inbox.pk}/answering"
    assert (house.get(at).json["on"], house.get(at).json["signed"]) == (False, False)
    assert house.put(at, {"on": True, "articles": False}).json["field"] == "flows"
    made = house.post("bots", {"text": FLOW}).json["id"]
    assert house.put(at, {"on": True, "bot_ids": [made], "name": "Harbor bot"}).json["bot_ids"] == [made]
    outside = {"on": True, "url": "https://bot.example.com/turn", "secret": "whsec_c2VjcmV0c2VjcmV0c2VjcmV0"}
    kept = house.put(at, outside)
    assert (kept.json["signed"], b"whsec_" in kept.body) == (True, False)
    assert house.put(at, {"on": False, "bot_ids": ["999"]}).told[0] == 404


def test_agents_say_whether_it_was_right_and_figures_follow(house, program, bo, inbox, conversation):
    from careline.service.bots.models import Judged

    said = conversation.messages.get().pk
    rows = [
        Judged(conversation=conversation, inbox_id=inbox.pk, message_id=one, band=band, ranked=[["late", 0.91]])
        for one, band in [(said, "run"), *((uuid4(), "refuse") for _row in range(11))]
    ]
    Judged.objects.bulk_create(rows)
    agent = program(bo)
    assert agent.get(f"messages/{said}/judgement").json["taken_for"] == [{"intent": "late", "likeness": 0.91}]
    house.put("intents/other", {"name": "Other"})
    told = agent.put(f"messages/{said}/judgement", {"right": False, "intent": "other"}).json
    assert (told["right"], told["intent"], told["did"]) == (False, "other", "run")
    assert agent.put(f"messages/{said}/judgement", {"right": False, "intent": "none"}).told[0] == 422
    assert agent.get(f"messages/{uuid4()}/judgement").told[0] == 404
    assert agent.get("bot-quality").told[0] == 403
    found = house.get("bot-quality?days=7").json
    assert (found["judged"], found["covered"]["percent"], found["right"]) == (
        12, 8.3, {"part": 0, "of": 1, "percent": None, "low": None, "high": None},
    )  # fmt: skip
    assert found["covered"]["low"] < 8.3 < found["covered"]["high"]
    assert house.get("bot-quality?days=0").json["field"] == "days"
