"""A survey in the chat: asked where it was resolved, tapped once, gone on with, and on the customer's line."""

from __future__ import annotations

from tests.live.sockets import say, visit

FORM = {
    "languages": ["en"], "title": {"en": "About our talk"}, "thanks": {"en": "Thank you for the time."},
    "questions": [{
        "key": "csat", "type": "csat", "words": {"en": "How was it?"}, "required": True,
        "low": {"en": "Bad"}, "high": {"en": "Good"}, "comment": {"en": "What made it so?"},
    }],
}  # fmt: skip


async def test_a_tap_answers_once_and_words_follow(firm, chat):
    survey = firm.owner.api("POST", "surveys", {"name": f"Chat {chat.id}", "form": FORM})["id"]
    firm.owner.api("PUT", f"surveys/{survey}/publication")
    line = await visit(firm.house, chat.key)
    talk = (await say(line, "Where is my parcel?", "1"))["conversation"]
    wanted = {"conversation_id": talk, "send": "conversation"}
    refused = firm.owner.api("POST", f"surveys/{survey}/invitations", wanted, expect=409)
    assert "conversation" in refused["detail"]
    firm.owner.api("PUT", f"conversations/{talk}/closure")
    firm.owner.api("POST", f"surveys/{survey}/invitations", wanted)
    asked = await line.until("message", kind="asked")
    assert [one["value"] for one in asked["asks"]["choices"]] == ["1", "2", "3", "4", "5"]
    assert (asked["body"], asked["asks"]["low"], asked["seq"]) == ("How was it?", "Bad", 2)
    for client in ("tap", "tap again"):
        await line.send(type="answer", client_id=client, message=asked["id"], value="4")
        await line.until("ack", client_id=client)
    why = next(one for one in line.frames if one["type"] == "message" and one["body"] == "4")
    assert (why["kind"], why["client_id"]) == ("incoming", "tap")
    while not (heard := [one for one in line.frames if one.get("body") == "What made it so?"]):
        await line.next()
    assert heard[0]["asks"]["words"]
    await say(line, "Quick, and friendly", "why")
    await line.until("message", body="Thank you for the time.")
    shown = firm.owner.api("GET", f"conversations/{talk}")
    assert shown["state"] == "resolved"
    [given] = firm.owner.api("GET", f"surveys/{survey}/responses")["items"]
    assert (given["state"], given["answers"]["csat"]["value"], given["channel"]) == ("complete", 4, "webchat")
    told = firm.owner.api("GET", f"customers/{shown['customer']['id']}/touchpoints")["items"]
    [score] = [one for one in told if one["kind"] == "survey.answered"]
    assert (score["facts"]["score"], score["facts"]["text"]) == (4, "Quick, and friendly")
    # Drawn from scratch it is the same: nothing is left to tap.
    await line.leave()
    back = await visit(firm.house, chat.key, visitor=line.frames[0]["visitor"])
    await back.send(type="resume", cursor="0.0")
    await back.until("resumed")
    bodies = [one["body"] for one in back.frames if one["type"] == "message"]
    assert bodies == [
        "Where is my parcel?", "How was it?", "4", "What made it so?", "Quick, and friendly",
        "Thank you for the time.",
    ]  # fmt: skip
    assert all(one.get("asks") is None for one in back.frames)
    await back.leave()


async def test_a_strangers_tap_changes_nothing(firm, chat):
    survey = firm.owner.api("POST", "surveys", {"name": f"Theirs {chat.id}", "form": FORM})["id"]
    firm.owner.api("PUT", f"surveys/{survey}/publication")
    line, stranger = await visit(firm.house, chat.key), await visit(firm.house, chat.key)
    talk = (await say(line, "Hello", "1"))["conversation"]
    await say(stranger, "Hello, too", "1")
    firm.owner.api("PUT", f"conversations/{talk}/closure")
    firm.owner.api("POST", f"surveys/{survey}/invitations", {"conversation_id": talk, "send": "conversation"})
    asked = await line.until("message", kind="asked")
    await stranger.send(type="answer", client_id="t", message=asked["id"], value="1")
    await stranger.until("ack", client_id="t")
    assert not [one for one in stranger.frames if one.get("body") == "How was it?"]
    assert firm.owner.api("GET", f"surveys/{survey}/responses")["items"] == []
    await line.leave()
    await stranger.leave()
