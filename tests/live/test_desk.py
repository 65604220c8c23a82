"""The desk's socket: who may listen, and what ends it."""

from __future__ import annotations

import re

import pytest

from tests.live.sockets import desk, say, visit


@pytest.fixture
def bo(firm, chat):
    return firm.hire("Bo Lindgren", chats=(chat,))


async def test_a_session_of_the_same_origin_or_a_token_may_listen(firm):
    for way in ({}, {"origin": None}, {"token": firm.owner.token}, {"token": firm.owner.token, "origin": None}):
        line = await desk(firm.owner, **way)
        welcome = await line.until("welcome")
        assert welcome["agent"] == str(firm.owner.id)
        await line.leave()


async def test_a_stranger_and_another_sites_page_may_not(firm):
    for way in (
        {"session": ""}, {"session": "made-up"}, {"token": "cl_made-up"}, {"token": "\xe9"},
        {"origin": "https://evil.example"}, {"origin": "null"}, {"origin": firm.house.url + ".evil.example"},
    ):  # fmt: skip
        line = await desk(firm.owner, **way)
        assert await line.ended() == (4401, "Sign in first.")
        assert line.frames == []


async def test_an_agent_hears_of_their_own_inboxes_only(firm, chat, bo):
    other = firm.chat("Not theirs")
    line, all_seeing = await desk(bo), await desk(firm.owner)
    await line.until("welcome")
    await all_seeing.until("welcome")
    hidden = firm.written(other, "Hidden words")
    shown = firm.written(chat, "Shown words")
    await line.until("conversation", conversation=shown["id"])
    await all_seeing.until("conversation", conversation=shown["id"])
    assert "Hidden" not in str(line.frames)
    assert hidden["id"] not in str([frame["conversation"] for frame in line.frames if "conversation" in frame])
    assert "Hidden words" in str(all_seeing.frames)
    await line.send(type="watch", conversation=hidden["id"])
    firm.owner.api("POST", f"conversations/{hidden['id']}/messages", {"body": "Hidden too", "kind": "reply"})
    await all_seeing.until("conversation", conversation=hidden["id"], seq=2)
    assert "Hidden" not in str(await line.settled())
    await line.leave()
    await all_seeing.leave()


async def test_whose_role_ends_at_a_team_hears_of_its_conversations_alone(firm, chat):
    """And loses sight of one that is handed on: the window drops its row."""
    names = f"Ours{chat.id}", f"Theirs{chat.id}"
    for name in names:
        firm.owner.must("/settings/teams", what="create", name=name)
    known = {one["name"]: one["id"] for one in firm.owner.api("GET", "teams?limit=100")["items"]}
    ours, theirs = (known[name] for name in names)
    allowed = {"name": f"ends{chat.id}", "permissions": ["conversations.view", "conversations.reply"]}
    role = firm.owner.api("POST", "roles", allowed)
    firm.owner.api("PUT", f"roles/{role['id']}/limits", {"team_ids": [ours]})
    eli = firm.hire("Eli Brandt", role=allowed["name"], chats=(chat,))
    line, all_seeing = await desk(eli), await desk(firm.owner)
    for one in (line, all_seeing):
        await one.until("welcome")
    made = firm.written(chat, "Hidden words")
    handed = f"conversations/{made['id']}/assignment"
    firm.owner.api("PUT", handed, {"team_id": theirs})
    await all_seeing.until("conversation", conversation=made["id"], seq=2)
    assert [one for one in await line.settled() if one["type"] == "conversation"] == []
    firm.owner.api("PUT", handed, {"team_id": ours})
    shown = await line.until("conversation", conversation=made["id"], seq=3)
    firm.owner.api("PUT", handed, {"team_id": theirs})
    await line.until("resumed", gone=[made["id"]])
    before = len(line.frames)
    firm.owner.api("POST", f"conversations/{made['id']}/messages", {"body": "Hidden too", "kind": "reply"})
    eli.api("GET", f"conversations/{made['id']}", expect=404)
    await line.send(type="watch", conversation=made["id"])
    await line.send(type="resume", cursor=shown["cursor"], unread=[made["id"]], seq=1)
    while made["id"] not in (await line.until("resumed"))["gone"]:
        pass
    await line.settled()
    assert [one for one in line.frames[before:] if one["type"] == "conversation"] == []
    assert "Hidden too" not in str(line.frames)
    await line.leave()
    await all_seeing.leave()


async def test_a_row_is_told_again_when_the_line_it_shows_has_grown(firm, chat, bo):
    line = await desk(bo)
    await line.until("welcome")
    made = firm.written(chat, "Hello")
    while True:
        told = await line.until("conversation", conversation=made["id"])
        # A segment of another test may have taken them in, which is a moment too.
        if re.search(r"(1 moment, felt|moments: now) neutral", told["html"]):
            break
    await line.leave()


async def test_two_windows_of_one_agent_hear_the_same(firm, chat, bo):
    one, two = await desk(bo), await desk(bo, token=bo.token)
    for line in (one, two):
        await line.until("welcome")
    made = firm.written(chat, "Hello")
    bo.api("POST", f"conversations/{made['id']}/messages", {"body": "Good day", "kind": "reply"})
    for line in (one, two):
        told = await line.until("conversation", conversation=made["id"], seq=2)
        assert "Good day" in told["html"]
    await one.leave()
    await two.leave()


async def test_lines_come_for_the_watched_conversation_alone(firm, chat, bo):
    line = await desk(bo)
    await line.until("welcome")
    watched, other = firm.written(chat, "Watched"), firm.written(chat, "Not watched")
    await line.send(type="watch", conversation=watched["id"])
    await line.settled()
    for one in (watched, other):
        firm.owner.api("POST", f"conversations/{one['id']}/messages", {"body": "A note", "kind": "note"})
    assert "A note" in (await line.until("conversation", conversation=watched["id"], seq=2))["line"]
    assert (await line.until("conversation", conversation=other["id"], seq=2))["line"] is None
    await line.leave()


async def test_who_leaves_an_inbox_hears_no_more_of_it_and_is_told_to_load_afresh(firm, chat, bo):
    made = firm.written(chat, "Hello")
    line = await desk(bo)
    cursor = (await line.until("welcome"))["cursor"]
    firm.leave(chat, bo)
    await line.until("reload")
    firm.owner.api("POST", f"conversations/{made['id']}/messages", {"body": "Behind their back", "kind": "reply"})
    await line.send(type="resume", cursor=cursor)
    resumed = await line.until("resumed")
    assert made["id"] in resumed["gone"]
    assert "Behind" not in str(line.frames)
    assert f"conversation-{made['id']}" not in bo.browser.get("/desk/rows?view=all").text
    firm.join(chat, bo)
    await line.until("reload")
    await line.send(type="resume", cursor=cursor)
    await line.until("resumed")
    assert "Behind their back" in str(line.frames)
    await line.leave()


async def test_a_window_that_slept_is_told_what_was_read_and_how_far_its_thread_has_come(firm, chat, bo):
    read, unread, open_ = (firm.written(chat, f"Matter {n}")["id"] for n in range(3))
    firm.owner.api("POST", f"conversations/{open_}/messages", {"body": "A note", "kind": "note"})
    bo.must(f"/desk/{read}/seen", seq=1)
    line = await desk(bo)
    # A cursor after all of it: what is told now is found by what the window says it shows.
    cursor = (await line.until("welcome"))["cursor"]
    await line.send(type="watch", conversation=open_)
    await line.send(type="resume", cursor=cursor, unread=[read, unread], seq=1)
    # Where another transaction of the server is still open, the cursor is older and other rows are told of as well.
    assert not {read, unread, open_} & set((await line.until("resumed"))["gone"])
    told = {f["conversation"]: f for f in line.frames if f["type"] == "conversation" and f.get("replayed")}
    assert {read, open_} <= set(told)
    assert told[read]["unread"] is False
    assert told[open_]["seq"] == 2
    for nonsense in ("x", 7, None, ["²", None, "9" * 30], {"a": 1}):
        await line.send(type="resume", cursor=cursor, unread=nonsense, seq=nonsense)
        await line.until("resumed")
    await line.leave()


async def test_signing_out_ends_the_line(firm, chat, bo):
    line, program = await desk(bo), await desk(bo, token=bo.token)
    await line.until("welcome")
    await program.until("welcome")
    bo.must("/sign-out")
    assert await line.ended() == (4401, "Sign in first.")
    await program.settled()
    await program.leave()


async def test_a_deactivated_agent_and_a_revoked_token_are_cut_off(firm, chat, bo):
    line, program = await desk(bo), await desk(bo, token=bo.token)
    await line.until("welcome")
    await program.until("welcome")
    firm.owner.must("/settings/agents", what="deactivate", agent=bo.id)
    assert (await line.ended())[0] == 4401
    assert (await program.ended())[0] == 4401


async def test_frames_that_make_no_sense_are_answered_in_words(firm):
    line = await desk(firm.owner)
    await line.until("welcome")
    for raw in ("", "{", "[]", "7", '{"type": 7}', "null", '{"type":"nonsense"}', "x" * 300_000):
        await line.socket.send(raw)
        assert (await line.until("error"))["error"]
    for cursor in ("", "x", None, 7, "-1", "²", "9" * 30, "9" * 19):
        await line.send(type="resume", cursor=cursor)
        await line.until("reload")
    for conversation in (None, 7, "x", "²", "9" * 400, "-1", {}):
        await line.send(type="watch", conversation=conversation)
    await line.settled()
    await line.leave()


async def test_a_chat_is_told_of_an_answer_given_while_it_was_away(firm, chat, bo):
    visitor = await visit(firm.house, chat.key)
    said = await say(visitor, "Hello?", "1")
    await visitor.drop()
    bo.api("POST", f"conversations/{said['conversation']}/messages", {"body": "Here we are", "kind": "reply"})
    back = await visit(firm.house, chat.key, visitor=visitor.frames[0]["visitor"])
    await back.send(type="resume", cursor="0.0")
    assert (await back.until("message", kind="reply"))["body"] == "Here we are"
    await back.leave()


async def test_a_line_said_between_the_drawing_of_a_thread_and_its_watching_is_told_of(firm, chat, bo):
    """Its frame came without its words, since nobody watched: the window hears how far the thread goes."""
    line = await desk(bo)
    await line.until("welcome")
    made = firm.written(chat, "Hello")
    firm.owner.api("POST", f"conversations/{made['id']}/messages", {"body": "Hello yourself", "kind": "reply"})
    unwatched = await line.until("conversation", conversation=made["id"], seq=2)
    assert unwatched["line"] is None
    await line.send(type="watch", conversation=made["id"], seq=1)
    assert (await line.until("behind", conversation=made["id"]))["seq"] >= 2
    await line.send(type="watch", conversation=made["id"], seq=99)
    assert [one for one in await line.settled() if one["type"] == "behind"] == []
    await line.leave()
