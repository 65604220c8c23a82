"""A customer's open page hears that something has happened on the line it shows, and of no other."""

from __future__ import annotations

import pytest

from tests.live.sockets import desk


@pytest.fixture
def bo(firm, chat):
    return firm.hire("Bo Lindgren", chats=(chat,))


async def test_who_looks_at_a_line_hears_of_it_and_of_no_other(firm, chat, bo):
    ada, grace = (firm.written(chat, "Hello", name=name)["customer"]["id"] for name in ("Ada", "Grace"))
    adas, graces = await desk(bo), await desk(bo)
    for line, customer in ((adas, ada), (graces, grace)):
        await line.until("welcome")
        await line.send(type="watch", customer=customer)
        await line.until("watching")
    bo.api("POST", f"customers/{ada}/touchpoints", {"way": "call", "words": "Called back"})
    await adas.until("line")
    await adas.send(type="watch", customer=None)
    await adas.until("watching")
    bo.api("POST", f"customers/{ada}/touchpoints", {"way": "call", "words": "And again"})
    bo.api("POST", f"customers/{grace}/touchpoints", {"way": "visit", "words": "Came by"})
    await graces.until("line")
    assert [frame for frame in await adas.settled() if frame["type"] == "line"] == []
    for line in (adas, graces):
        await line.leave()


@pytest.mark.parametrize("customer", ["999999", "x", -1, "9" * 30, {}])
async def test_who_is_not_there_is_not_watched(bo, customer):
    line = await desk(bo)
    await line.until("welcome")
    await line.send(type="watch", customer=customer)
    await line.until("watching")
    await line.leave()
