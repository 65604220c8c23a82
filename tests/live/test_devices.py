"""The device whose pages were tracked says who a visitor may be, and opens nothing."""

from __future__ import annotations

import asyncio

from tests.house import PLAIN
from tests.live.sockets import knock, say, visit
from tests.live.test_visitor import of, proof


async def test_a_device_of_somebody_else_opens_nobodys_thread(firm, chat):
    """Whoever knows Adas device, or says they are her, stands on her line; what she wrote stays hers to read."""
    device, number = f"device-of-ada-{chat.id}", f"ada-{chat.id}"
    ada = await visit(firm.house, chat.key, device=device)
    said = await say(ada, "Adas secret", "a")
    await ada.settled()
    claims = [
        {"device": device},
        {"device": device, "identity": {"identifier": "eve", "identifier_hash": proof(chat.secret, "eve")}},
    ]
    source = await asyncio.to_thread(
        firm.owner.must, "/settings/sources", what="create", name=f"Site {chat.id}", side="client"
    )
    page = await asyncio.to_thread(firm.owner.browser.get, source.headers["location"])
    key = page.text.split('id="write-key"')[1].split(">")[1].split("<")[0]
    for n, claim in enumerate(claims):
        eve = await visit(firm.house, chat.key, **claim)
        own = await say(eve, f"Eves words {n}", f"e{n}")
        await eve.settled()
        assert own["conversation"] != said["conversation"]
        # And once more, when she says by the open key of a page that she is Ada.
        for anonymous in (device, f"device-of-eve-{chat.id}-{n}"):
            told = {"type": "identify", "userId": number, "anonymousId": anonymous, "traits": {}}
            answer = await asyncio.to_thread(
                PLAIN.post, f"{firm.house.url}/v1/batch", json={"writeKey": key, "batch": [told]}
            )
            assert answer.status_code == 200
        again = await visit(firm.house, chat.key, **{"visitor": eve.frames[0]["visitor"], **claim})
        await again.send(type="resume", cursor=f"{said['conversation']}.0")
        await again.until("resumed")
        await again.send(type="message", client_id=f"f{n}", body="And mine")
        await again.until("ack", client_id=f"f{n}")
        await again.settled()
        assert "Adas secret" not in str(eve.frames) + str(again.frames)
        assert {f["conversation"] for f in of(again, "message")} == {own["conversation"]}
        await eve.leave()
        await again.leave()
    # She herself is where she was, and the device is known as hers.
    back = await visit(firm.house, chat.key, visitor=ada.frames[0]["visitor"])
    await back.send(type="resume", cursor="0.0")
    await back.until("resumed")
    assert [f["body"] for f in of(back, "message")] == ["Adas secret"]
    found = await asyncio.to_thread(firm.owner.api, "GET", f"customers?q={device}")
    mine = await asyncio.to_thread(firm.owner.api, "GET", f"conversations/{said['conversation']}")
    assert [one["id"] for one in found["items"]] == [mine["customer"]["id"]]
    await ada.leave()
    await back.leave()


async def test_a_device_that_is_none_is_left_out(firm, chat):
    for n, device in enumerate(("", " ", "x" * 301, "a\x00b", "\u202e")):
        line = await visit(firm.house, chat.key, device=device)
        await say(line, "Hello", f"{n}")
        await line.settled()
        assert not of(line, "error"), device
        await line.leave()
    odd = await knock(firm.house, chat.key)
    await odd.send(type="hello", device=7)
    assert (await odd.until("error"))["error"]
    await odd.leave()
