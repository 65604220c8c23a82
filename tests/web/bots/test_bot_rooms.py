"""Where flows are written, rehearsed and published, and where it is said how well bots do."""

from __future__ import annotations

import re
import uuid
from typing import Any

import pytest

from careline.service.bots import beginnings, sketching
from careline.service.bots.core import text
from careline.service.bots.core.recording import covered
from careline.service.bots.models import Answering, Bot, Judged, Secret, Sketch
from careline.service.intents.models import Phrasing
from careline.web.bots import playing
from tests.service.bots.flows import ORDER
from tests.service.test_joined_talks import GUEST


def page(answer: Any) -> str:
    return str(answer.content.decode())


def form(bot: Any, **given: str) -> dict[str, str]:
    return {"text": bot.text, "begun_from": bot.changed_at.isoformat(), "s.step": "", **given}


@pytest.mark.parametrize("name", beginnings.NAMES)
def test_every_beginning_is_made_with_its_rehearsals_and_goes_through_what_is_drawn(name: str, cy: Any) -> None:
    first, second = beginnings.begin(name, actor=cy), beginnings.begin(name, actor=cy)
    assert (second.name, second.rehearsals.count()) == (f"{first.name} 2", len(beginnings.one(name).talks))
    if name != "blank":
        flow = first.draft
        missed = covered(flow, [one.recording for one in first.rehearsals.all()]).missed
        # What is left are ways to a person for whoever does not answer.
        assert {way for _step, way in missed} == {"otherwise"}


def test_from_a_beginning_to_a_version(desk: Any) -> None:
    made = desk.post("/bots/new", {"what": "begin", "beginning": "returns", "name": "Back to us"})
    bot = Bot.objects.get(name="Back to us")
    assert made["Location"] == f"/bots/{bot.pk}?done=made"
    drawn = page(desk.get(f"/bots/{bot.pk}?step=reason"))
    assert 'id="node-number"' in drawn
    assert "Step reason" in drawn
    assert desk.post(f"/bots/{bot.pk}", form(bot, what="publish"))["Location"].endswith("done=publish")
    bot.refresh_from_db()
    assert bot.version == 1
    assert "version 1" in page(desk.get("/bots"))


def test_what_is_not_kept_is_there_when_one_comes_back(desk: Any, browser_of: Any, boss: Any, bot: Any) -> None:
    words = bot.text.replace("Have a good day.", "See you.")
    parts = desk.post(f"/bots/{bot.pk}/draft", form(bot, text=words), headers={"HX-Request": "true"})
    assert "not kept yet" in page(parts)
    assert "See you." in page(desk.get(f"/bots/{bot.pk}"))
    other = page(browser_of(boss).get(f"/bots/{bot.pk}"))
    assert "See you." not in other
    assert re.search(r"Cy[^<]* is writing too", other)
    desk.post(f"/bots/{bot.pk}/draft", form(bot, text="half = "))
    assert "half = " in page(desk.get(f"/bots/{bot.pk}"))
    desk.post(f"/bots/{bot.pk}", form(bot, what="discard"))
    assert not Sketch.objects.exists()


def test_whoever_keeps_second_sees_both_and_loses_nothing(desk: Any, browser_of: Any, boss: Any, bot: Any) -> None:
    mine, theirs = bot.text.replace("Anything else?", "More?"), bot.text.replace("Anything else?", "And now?")
    assert browser_of(boss).post(f"/bots/{bot.pk}", form(bot, what="keep", text=theirs)).status_code == 302
    late = desk.post(f"/bots/{bot.pk}", form(bot, what="keep", text=mine))
    assert late.status_code == 409
    assert "<del>" in page(late)
    assert "More?" in page(late)
    assert sketching.Clashed.status == 409
    bot.refresh_from_db()
    assert bot.text == theirs
    # Meant so: what is now there was seen.
    assert desk.post(f"/bots/{bot.pk}", form(bot, what="keep", text=mine)).status_code == 302
    bot.refresh_from_db()
    assert bot.text == mine


def test_what_reads_as_no_flow_is_told_by_line_and_not_kept(desk: Any, bot: Any) -> None:
    broken = bot.text.replace('next = "find"', 'next = "fnd"')
    parts = page(desk.post(f"/bots/{bot.pk}/draft", form(bot, text=broken), headers={"HX-Request": "true"}))
    assert "Line 5: Step “number”" in parts
    assert "It can be tried once it reads" in page(desk.get(f"/bots/{bot.pk}"))
    refused = desk.post(f"/bots/{bot.pk}", form(bot, what="keep", text=broken))
    assert (refused.status_code, "fnd" in page(refused)) == (422, True)
    huge = 'name="a"\nstart="s0"\n' + "".join(f'[steps.s{n}]\ndo="end"\n' for n in range(10_000))
    told = page(desk.post(f"/bots/{bot.pk}", form(bot, what="keep", text=huge)))
    assert "at most 500 steps; this one has 10000" in told


def test_a_talk_tried_out_guards_the_next_version(desk: Any, bot: Any) -> None:
    path, said = f"/bots/{bot.pk}", {"text": bot.text}
    talk = desk.post(f"{path}/try", said | {"say": "4711"}, headers={"HX-Request": "true"})
    assert "It asks what “find” brings." in page(talk)
    played = playing.written(playing.further(playing.read(""), {"say": "4711"}))
    kept = desk.post(f"{path}/try", said | {"played": played, "act": "rehearse", "name": "Only asked"})
    assert "Kept as a rehearsal" in page(kept)
    assert bot.rehearsals.filter(name="Only asked").exists()
    assert "4711" in page(desk.get(f"{path}?play=Only asked"))
    # What is tried and not kept yet is kept with its rehearsal.
    words = bot.text.replace("Have a good day.", "See you.")
    desk.post(f"{path}/try", {"text": words, "played": played, "act": "rehearse", "name": "Asked again"})
    bot.refresh_from_db()
    assert bot.text == words


def test_a_rehearsal_that_leaves_its_way_stops_the_version_and_says_where(desk: Any, bot: Any) -> None:
    path = f"/bots/{bot.pk}"
    desk.post(path, form(bot, what="keep", text=bot.text.replace('than = "delivered"', 'than = "late"')))
    bot.refresh_from_db()
    refused = desk.post(path, form(bot, what="publish"))
    assert refused.status_code == 422
    assert "goes another way from turn 3 on" in page(refused)
    listed = page(desk.get(f"{path}/rehearsals"))
    assert 'says <b dir="ltr">delivered</b>' in listed
    for name in ("Delivered and there", "Delivered and not there"):
        desk.post(f"{path}/rehearsals", {"what": "again", "name": name})
    assert "goes another way" not in page(desk.get(f"{path}/rehearsals"))
    assert desk.post(path, form(bot, what="publish")).status_code == 302


def test_a_version_is_compared_and_written_again(desk: Any, bot: Any) -> None:
    path = f"/bots/{bot.pk}"
    first = bot.text
    desk.post(path, form(bot, what="publish"))
    bot.refresh_from_db()
    desk.post(path, form(bot, what="keep", text=bot.text.replace("Anything else?", "More?")))
    shown = page(desk.get(f"{path}/versions?version=1"))
    assert "<del>words = { en = &#34;Anything else?" in shown
    desk.post(f"{path}/versions", {"version": "1"})
    assert Sketch.objects.get().text == first


def test_a_conversation_becomes_a_rehearsal_without_who_they_are(desk: Any, inbox: Any, cy: Any, bot: Any) -> None:
    from careline.accounts.actor import Actor
    from careline.service.conversations import actions

    said = actions.receive(
        actor=Actor.customer(0, inbox.pk), inbox_id=inbox.pk, person=GUEST, client_id="g1",
        body="It is ana@shop.example, or call +1 202 555 0142",
    )  # fmt: skip
    made = desk.post(f"/bots/{bot.pk}/rehearsals", {"what": "from", "conversation": str(said.conversation_id)})
    assert made.status_code == 302
    shown = page(desk.get(made["Location"].split("#")[0]))
    assert "It is customer1@example.com, or call +1 202 555 0101" in shown
    assert "ana@shop" not in shown
    assert "It asks what “find” brings." in shown
    nobody = desk.post(f"/bots/{bot.pk}/rehearsals", {"what": "from", "conversation": "99999"})
    assert nobody.status_code == 422


def test_a_bot_is_switched_on_where_it_has_something_to_answer_by(desk: Any, inbox: Any, bot: Any) -> None:
    on = {"what": "answer", "inbox": str(inbox.pk), "is_on": "on", "name": "Helper"}
    assert "It has nothing to answer by" in page(desk.post("/bots/where", on))
    assert desk.post("/bots/where", on | {"flows": str(bot.pk)}).status_code == 302
    kept = Answering.objects.get()
    assert (kept.is_on, kept.name, [one.pk for one in kept.flows.all()]) == (True, "Helper", [bot.pk])
    secret = {"what": "secret", "secret_name": "shop", "host": "api.shop.example", "value": "s3cr3t-value"}
    desk.post("/bots/where", secret)
    shown = page(desk.get("/bots/where"))
    assert "api.shop.example" in shown
    assert "s3cr3t-value" not in shown
    desk.post("/bots/where", {"what": "drop", "secret_name": "shop"})
    assert not Secret.objects.exists()


def test_quality_is_counted_from_what_agents_said(desk: Any, conversation: Any, inbox: Any, cy: Any) -> None:
    from careline.service.conversations import actions as talks
    from careline.service.conversations.models import Message
    from careline.service.intents import actions

    actions.keep("returns", "Returns", actor=cy)
    message = Message.objects.get(conversation=conversation)
    Judged.objects.create(
        conversation=conversation, inbox_id=inbox.pk, message_id=message.pk, band="run", ranked=[["returns", 0.9]],
        score=0.9, threshold=0.7,
    )  # fmt: skip
    path = f"/desk/{conversation.pk}/meaning"
    assert "ran a flow" in page(desk.get(path))
    assert desk.post(path, {"what": "wrong", "message": str(message.pk), "intent": "returns"}).status_code == 302
    found = Judged.objects.get()
    assert (found.correction, found.right_intent) == ("wrong", "returns")
    shown = page(desk.get("/bots/quality?days=7&show=wrong"))
    assert "too few" in shown
    assert "about every second time" in shown
    assert f"/desk/{conversation.pk}/meaning" in shown
    added = desk.post(path, {"what": "phrase", "message": str(message.pk), "intent": "returns", "text": "It is late"})
    assert "It is a phrasing now" in page(added)
    assert Phrasing.objects.get().text == "It is late"
    here = f"/desk/{conversation.pk}/messages/{message.pk}/meaning"
    shown = page(desk.get(here))
    assert '<option value="returns" selected>' in shown
    assert "<html" not in shown
    assert "It was one already." in page(
        desk.post(here, {"what": "phrase", "message": str(message.pk), "intent": "returns", "text": "It is late"})
    )
    assert desk.get(f"/desk/{conversation.pk}/messages/{uuid.uuid4()}/meaning").status_code == 404
    # Also far up in a long thread.
    for _line in range(201):
        talks.note(conversation.pk, actor=cy, body="Looked into it.")
    assert desk.get(here).status_code == 200


def test_whoever_does_not_write_bots_sees_none_and_may_still_say_what_was_right(
    browser_of: Any, bo: Any, conversation: Any, bot: Any
) -> None:
    agent = browser_of(bo)
    for path in ("/bots", f"/bots/{bot.pk}", "/bots/where", "/bots/quality", "/intents"):
        assert agent.get(path).status_code == 403
    assert agent.post(f"/bots/{bot.pk}/try", {"say": "Hello"}).status_code == 403
    assert "Add this phrasing" not in page(agent.get(f"/desk/{conversation.pk}/meaning"))


def test_a_flow_from_text_is_kept_or_told_why_not(desk: Any) -> None:
    assert desk.post("/bots/new", {"what": "text", "text": ORDER}).status_code == 302
    again = desk.post("/bots/new", {"what": "text", "text": ORDER})
    assert (again.status_code, "has this name already" in page(again)) == (409, True)
    assert text.read(Bot.objects.get().text).name == "Where is my order?"
