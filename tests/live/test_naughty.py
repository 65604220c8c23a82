"""Strings that break programs, said in the chat and told with the hello: kept byte for byte, or refused with a word."""

from __future__ import annotations

import itertools

import pytest

from tests.live.sockets import knock, visit
from tests.web.screens.naughty import EXTENT, strings

# A line may say so much at once.
AT_ONCE = 18


def pieces(words):
    given = iter(words)
    while piece := list(itertools.islice(given, AT_ONCE)):
        yield piece


@EXTENT
async def test_what_a_visitor_says_is_shown_as_it_was_written_or_refused_with_a_word(firm, chat, extent):
    kept: dict[str, str] = {}
    for part, piece in enumerate(pieces(strings(extent))):
        line = await visit(firm.house, chat.key)
        for number, word in enumerate(piece):
            client = f"{part}-{number}"
            await line.send(type="message", client_id=client, body=word)
            while (told := await line.next()).get("client_id") != client or told["type"] not in ("ack", "error"):
                pass
            if told["type"] == "ack":
                kept[told["id"]] = word
            else:
                assert told["error"], ascii(word[:60])
                assert not word.strip() or "\0" in word or len(word) > 50_000, (ascii(word[:60]), told["error"])
        await line.settled()
        for frame in line.frames:
            if frame["type"] == "message":
                assert frame["body"] == kept[frame["id"]], ascii(frame["body"][:60])
        conversation = next(frame["conversation"] for frame in line.frames if frame["type"] == "message")
        for message in firm.owner.api("GET", f"conversations/{conversation}/messages?limit=200")["items"]:
            assert message["body"] == kept[message["id"]]
        await line.leave()
    assert len(kept) >= len(strings(extent)) // 2


@EXTENT
async def test_whatever_stands_in_a_hello_is_no_fault(firm, chat, extent):
    # A NUL in a name is refused at once, and tried by itself.
    for word in (word for word in strings(extent) if "\0" not in word):
        page = {"url": f"https://shop.example/?utm_source={word}", "title": word, "referrer": word}
        line = await visit(firm.house, chat.key, page=page, identity={"name": word[:200]})
        await line.send(type="message", client_id="one", body="Hello")
        told = await line.until("ack", client_id="one")
        [found] = firm.owner.api("GET", f"conversations/{told['conversation']}/messages")["items"]
        assert found["body"] == "Hello"
        name = firm.owner.api("GET", f"conversations/{told['conversation']}")["customer"]["name"]
        assert name in (word[:200], ""), ascii(word)
        await line.leave()


async def test_a_name_that_cannot_be_kept_is_refused_at_the_hello(firm, chat):
    line = await knock(firm.house, chat.key)
    await line.send(type="hello", identity={"name": "A\0da"})
    assert (await line.until("error"))["error"]
    await line.send(type="hello", identity={"name": "Ada"})
    await line.until("welcome")
    await line.leave()


@pytest.mark.parametrize("raw", ["", "[]", "7", '"x"', "{", '{"type":5}', "\ufeff{}", '{"type":"hello","visitor":5}'])
async def test_a_frame_that_is_none_is_told_in_words(firm, chat, raw):
    line = await visit(firm.house, chat.key)
    await line.socket.send(raw)
    assert (await line.until("error"))["error"]
    await line.send(type="ping")
    await line.until("pong")
    await line.leave()
