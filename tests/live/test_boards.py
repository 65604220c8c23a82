"""The live board's push: the whole at first, then what has changed, each as far as its viewer sees."""

from __future__ import annotations

import time

import pytest

from tests.live.sockets import desk


@pytest.fixture(scope="module")
def queue(firm):
    made = firm.owner.api("POST", "queues", {"name": "Everybody"}, expect=201)
    yield made
    firm.owner.api("DELETE", f"queues/{made['id']}")


def number(frame, queue):
    html = frame["parts"][f"board-queue-{queue['id']}"]
    return int(html.partition("<b>")[2].partition("</b>")[0])


async def told(line, queue, wanted):
    """Frames until that many wait."""
    while True:
        frame = await line.until("board")
        if f"board-queue-{queue['id']}" in frame["parts"] and number(frame, queue) == wanted:
            return frame


async def test_a_board_is_pushed_whole_and_then_what_changed_and_only_what_is_seen(firm, chat, queue):
    lead, other = firm.hire("Cy Okafor", role="lead"), firm.hire("Bo Lindgren", chats=(chat,))
    line, agent = await desk(lead), await desk(other)
    await line.until("welcome")
    await line.send(type="watch", board=True)
    whole = await line.until("board")
    assert {"board-sums", "board-feeling", "board-arrivals"} < set(whole["parts"])
    before = number(whole, queue)
    began = time.monotonic()
    firm.written(chat, "Is anybody there?")
    frame = await told(line, queue, before + 1)
    # Two seconds where nothing else is going on; here it is only told.
    print(f"told after {time.monotonic() - began:.2f} s")
    assert f"board-queue-{queue['id']}" in frame["board-queues"]
    await agent.until("welcome")
    await agent.send(type="watch", board=True)
    assert "see the live board" in (await agent.until("error"))["error"]
    for one in (line, agent):
        await one.leave()


async def test_two_windows_get_the_same_and_a_later_one_begins_with_the_whole(firm, chat, queue):
    lead = firm.hire("Cy Okafor", role="lead")
    one = await desk(lead)
    await one.until("welcome")
    await one.send(type="watch", board=True)
    before = number(await one.until("board"), queue)
    two = await desk(lead, token=lead.token)
    await two.until("welcome")
    await two.send(type="watch", board=True)
    assert number(await two.until("board"), queue) == before
    firm.written(chat, "Hello?")
    first, second = await told(one, queue, before + 1), await told(two, queue, before + 1)
    assert first["parts"][f"board-queue-{queue['id']}"] == second["parts"][f"board-queue-{queue['id']}"]
    for line in (one, two):
        await line.leave()
