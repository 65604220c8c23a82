"""The visitor's socket: welcomed, acknowledged once, shown their own thread and nothing else."""

from __future__ import annotations

import asyncio
import hashlib
import hmac

from tests.forging import forged
from tests.live.sockets import Line, desk, knock, say, visit


def proof(secret: str, identifier: str) -> str:
    return hmac.new(secret.encode(), identifier.encode(), hashlib.sha256).hexdigest()


def of(line: Line, kind: str) -> list[dict]:
    return [frame for frame in line.frames if frame["type"] == kind]


async def test_a_visitor_is_welcomed_acknowledged_and_answered(firm, chat):
    line = await visit(firm.house, chat.key)
    welcome = line.frames[0]
    assert set(welcome) >= {"type", "visitor", "cursor"}
    ack = await say(line, "My order is late.", "one")
    assert set(ack) >= {"client_id", "id"}
    await line.settled()
    heard = of(line, "message")[0]
    assert (heard["body"], heard["kind"], heard["seq"], heard["id"]) == ("My order is late.", "incoming", 1, ack["id"])
    number = heard["conversation"]
    firm.owner.api("POST", f"conversations/{number}/messages", {"body": "It leaves today.", "kind": "reply"})
    answer = await line.until("message", kind="reply")
    assert (answer["body"], answer["seq"], answer["author"]) == ("It leaves today.", 2, "Rosa Varga")
    await line.leave()


async def test_a_message_sent_twice_is_written_once(firm, chat):
    line = await visit(firm.house, chat.key)
    first = await say(line, "Hello?", "same")
    token = line.frames[0]["visitor"]
    await line.drop()
    again = await visit(firm.house, chat.key, visitor=token)
    second = await say(again, "Hello?", "same")
    assert first["id"] == second["id"]
    await again.settled()
    assert [frame["body"] for frame in of(again, "message")].count("Hello?") == 1
    kept = firm.owner.api("GET", f"conversations/{first['conversation']}/messages")["items"]
    assert len(kept) == 1
    await again.leave()


async def test_other_words_under_a_client_id_that_was_used_are_refused(firm, chat):
    line = await visit(firm.house, chat.key)
    for client in ("lost-1", "lost-2"):  # the words that open a conversation, and further ones
        ack = await say(line, f"first words {client}", client)
    for client in ("lost-1", "lost-2"):
        await line.send(type="message", client_id=client, body="edited words")
        assert "other words" in (await line.until("error", client_id=client))["error"]
    kept = firm.owner.api("GET", f"conversations/{ack['conversation']}/messages")["items"]
    assert [one["body"] for one in kept] == ["first words lost-1", "first words lost-2"]
    await line.leave()


async def test_a_visitor_who_comes_back_sees_the_thread_again(firm, chat):
    line = await visit(firm.house, chat.key)
    said = await say(line, "One", "1")
    await say(line, "Two", "2")
    await line.leave()
    firm.owner.api("POST", f"conversations/{said['conversation']}/messages", {"body": "Three", "kind": "reply"})
    back = await visit(firm.house, chat.key, visitor=line.frames[0]["visitor"])
    assert back.frames[0]["cursor"].startswith(said["conversation"])
    await back.send(type="resume", cursor="0.0")
    await back.until("resumed")
    assert [(f["seq"], f["body"]) for f in of(back, "message")] == [(1, "One"), (2, "Two"), (3, "Three")]
    await back.leave()


async def test_a_resume_tells_only_what_was_missed(firm, chat):
    line = await visit(firm.house, chat.key)
    said = await say(line, "One", "1")
    await line.settled()
    cursor = of(line, "message")[-1]["cursor"]
    await line.drop()
    firm.owner.api("POST", f"conversations/{said['conversation']}/messages", {"body": "Two", "kind": "reply"})
    back = await visit(firm.house, chat.key, visitor=line.frames[0]["visitor"])
    await back.send(type="resume", cursor=cursor)
    await back.until("resumed")
    assert [f["body"] for f in of(back, "message")] == ["Two"]
    await back.leave()


async def test_a_joined_visitor_is_answered_in_their_thread_and_comes_back_to_it(firm, chat):
    line = await visit(firm.house, chat.key)
    said = await say(line, "One", "1")
    guest = firm.owner.api("GET", f"conversations/{said['conversation']}")["customer"]["id"]
    known = firm.owner.api("POST", "customers", {"name": "Lin Okafor", "email": f"lin{chat.id}@example.com"})["id"]
    merge = firm.owner.api("POST", f"customers/{known}/merges", {"other_id": guest})
    firm.owner.api("POST", f"conversations/{said['conversation']}/messages", {"body": "Two", "kind": "reply"})
    await line.until("message", kind="reply")
    assert (await say(line, "Three", "3"))["conversation"] == said["conversation"]
    await line.leave()
    for undone in (False, True):
        if undone:
            firm.owner.api("DELETE", f"customers/{known}/merges/{merge['id']}")
        back = await visit(firm.house, chat.key, visitor=line.frames[0]["visitor"])
        await back.send(type="resume", cursor="0.0")
        await back.until("resumed")
        assert [f["body"] for f in of(back, "message")] == ["One", "Two", "Three"], undone
        await back.leave()


async def test_notes_and_changes_of_state_are_never_told_to_the_visitor(firm, chat):
    line = await visit(firm.house, chat.key)
    said = await say(line, "Hello", "1")
    path = f"conversations/{said['conversation']}"
    firm.owner.api("POST", f"{path}/messages", {"body": "Careful, a known liar.", "kind": "note"})
    firm.owner.api("PUT", f"{path}/assignment", {"agent_id": str(firm.owner.id)})
    firm.owner.api("PUT", f"{path}/closure")
    firm.owner.api("POST", f"{path}/messages", {"body": "Good day.", "kind": "reply"})
    await line.until("message", kind="reply")
    await line.send(type="resume", cursor="0.0")
    await line.until("resumed")
    assert "liar" not in str(line.frames)
    assert {f["kind"] for f in of(line, "message")} == {"incoming", "reply"}
    # Numbers of the shared thread have no gap that would betray a note.
    assert [f["seq"] for f in of(line, "message")][-2:] == [1, 2]
    await line.leave()


async def test_another_visitors_thread_is_never_shown(firm, chat):
    ada, eve = await visit(firm.house, chat.key), await visit(firm.house, chat.key)
    said = await say(ada, "Adas secret", "a")
    await say(eve, "Eves words", "e")
    for cursor in (f"{said['conversation']}.0", "0.0", f"{said['conversation']}.1"):
        await eve.send(type="resume", cursor=cursor)
        await eve.until("resumed")
    firm.owner.api("POST", f"conversations/{said['conversation']}/messages", {"body": "For Ada alone", "kind": "reply"})
    await ada.until("message", kind="reply")
    await eve.settled()
    assert "Ada" not in str(eve.frames)
    assert {"type": "gone", "conversation": said["conversation"]} in eve.frames
    await ada.leave()
    await eve.leave()


async def test_silly_cursors_are_answered_and_break_nothing(firm, chat):
    line = await visit(firm.house, chat.key)
    await say(line, "Hello", "1")
    for cursor in ("", "x", "1", "1.x", "-1.0", "²." + "1", None, 7, [], {"a": 1}, "9" * 400 + ".1", "1." + "9" * 400):
        await line.send(type="resume", cursor=cursor)
        frame = await line.next()
        while frame["type"] not in ("reload", "resumed", "error", "gone"):
            frame = await line.next()
    await line.settled()
    await line.leave()


async def test_a_forged_token_makes_a_stranger(firm, chat):
    ada = await visit(firm.house, chat.key)
    await say(ada, "Adas secret", "a")
    token = ada.frames[0]["visitor"]
    other = firm.chat("Other chat")
    for key, wrong in ((chat.key, forged(token)), (chat.key, "made-up"), (chat.key, "\x00é"), (other.key, token)):
        line = await visit(firm.house, key, visitor=wrong)
        await line.send(type="resume", cursor="0.0")
        await line.until("resumed")
        assert of(line, "message") == []
        assert line.frames[0]["visitor"] != token
        await line.leave()
    await ada.leave()


async def test_a_proven_identity_finds_its_thread_and_a_forged_one_is_refused(firm, chat):
    claim = {"identifier": "customer-7", "name": "Ada", "identifier_hash": proof(chat.secret, "customer-7")}
    phone = await visit(firm.house, chat.key, identity=claim)
    await say(phone, "From my telephone", "1")
    laptop = await visit(firm.house, chat.key, identity=claim)
    await laptop.send(type="resume", cursor="0.0")
    await laptop.until("resumed")
    assert [f["body"] for f in of(laptop, "message")] == ["From my telephone"]
    forged = await knock(firm.house, chat.key)
    await forged.send(type="hello", identity=claim | {"identifier_hash": "0" * 64})
    refusal = await forged.until("error")
    assert "proof" in refusal["error"]
    await forged.send(type="message", client_id="x", body="Let me in")
    assert "hello" in (await forged.until("error"))["error"]
    # They may still come as nobody in particular.
    await forged.send(type="hello")
    await forged.until("welcome")
    for line in (phone, laptop, forged):
        await line.leave()


async def test_a_claimed_address_opens_nobodys_thread(firm, chat):
    await asyncio.to_thread(firm.written, chat, "Adas secret", email="ada.claimed@example.com")
    line = await visit(firm.house, chat.key, identity={"email": "ada.claimed@example.com", "name": "Ada"})
    await line.send(type="resume", cursor="0.0")
    await line.until("resumed")
    assert of(line, "message") == []
    await line.leave()


async def test_frames_that_make_no_sense_are_answered_in_words(firm, chat):
    line = await knock(firm.house, chat.key)
    for raw in ("", "{", "[]", "7", '"hello"', '{"type": 7}', "null", '{"type":"message"}', '{"type":"nonsense"}'):
        await line.socket.send(raw)
        assert (await line.until("error"))["error"]
    await line.socket.send(b"\x00\xff")
    assert (await line.until("error"))["error"]
    for hello in ({"visitor": 7}, {"identity": "Ada"}, {"page": 3}):
        await line.send(type="hello", **hello)
        assert (await line.until("error"))["error"]
    await line.send(type="hello")
    await line.until("welcome")
    for message in ({}, {"client_id": "", "body": "x"}, {"client_id": 7, "body": "x"}, {"client_id": "c"}):
        await line.send(type="message", **message)
        assert (await line.until("error"))["error"]
    for number, body in enumerate(("", "   ", "with \x00 nothing", "long" * 40_000, "\ud800")):
        await line.send(type="message", client_id=f"bad-{number}", body=body)
        assert (await line.until("error"))["error"]
    await line.send(type="message", client_id="huge", body="x" * 300_000)
    assert "256 kB" in (await line.until("error"))["error"]
    await say(line, "And still here.", "good")
    await line.leave()


async def test_each_message_is_pushed_once_and_in_order(firm, chat):
    line = await visit(firm.house, chat.key)
    for number in range(19):
        await line.send(type="message", client_id=str(number), body=f"Message {number}")
    for number in range(19):
        await line.until("ack", client_id=str(number))
    # News comes in its order: with the last of it nothing earlier is still on its way.
    await say(line, "The last one.", "last")
    await line.settled()
    assert [frame["seq"] for frame in of(line, "message")] == list(range(1, 21))
    await line.leave()


async def test_too_many_messages_at_once_are_refused_with_a_word(firm, chat):
    line = await visit(firm.house, chat.key)
    for number in range(25):
        await line.send(type="message", client_id=str(number), body=f"Message {number}")
    await line.settled()
    assert len(of(line, "ack")) == 20
    assert all("wait" in frame["error"] for frame in of(line, "error"))
    await line.leave()


async def test_an_unknown_chat_and_a_foreign_site_are_turned_away(firm):
    line = await knock(firm.house, "no-such-chat")
    assert (await line.ended())[0] == 4404
    shut = firm.chat("For one site", origins="https://shop.example")
    assert (await (await knock(firm.house, shut.key, origin="https://evil.example")).ended())[0] == 4403
    welcome = await knock(firm.house, shut.key, origin="https://shop.example")
    await welcome.send(type="hello")
    await welcome.until("welcome")
    await welcome.leave()


async def test_a_visitor_is_refused_in_their_own_language(firm, chat):
    turned_away = await knock(firm.house, "no-such-chat", language="id")
    assert await turned_away.ended() == (4404, "Tidak ada obrolan seperti itu.")
    lines = {language: await knock(firm.house, chat.key, language=language) for language in ("ar", "id,en;q=0.5", "fr")}
    for line in lines.values():
        await line.send(type="message", client_id="1", body="Hello")
    told = {language: (await line.until("error"))["error"] for language, line in lines.items()}
    assert told == {
        "ar": "الإطار الأول هو hello.",
        "id,en;q=0.5": "Bingkai pertama adalah hello.",
        "fr": "The first frame is a hello.",
    }  # fmt: skip
    for line in lines.values():
        await line.leave()


async def test_words_of_a_visitor_are_on_an_open_desk_at_once(firm, chat):
    agent = await desk(firm.owner)
    await agent.until("welcome")
    line = await visit(firm.house, chat.key)
    said = await say(line, "Is anybody there?", "1")
    told = await agent.until("conversation", conversation=said["conversation"])
    assert told["seq"] == 1
    assert "Is anybody there?" in told["html"]
    await line.leave()
    await agent.leave()
