"""One context over every channel there is: what a customer said in one stands beside the answer in the next."""

from __future__ import annotations

import asyncio
import re
import time
from html import unescape

from tests.channels.email.arriving import written
from tests.house import PLAIN
from tests.live.sockets import PATIENCE, say, visit
from tests.live.test_visitor import proof


async def talks(firm, customer: str, count: int) -> list[dict]:
    """Their conversations, the newest first, once there are so many."""
    deadline = time.monotonic() + PATIENCE
    while True:
        found = firm.owner.api("GET", f"conversations?customer_id={customer}")["items"]
        if len(found) >= count:
            return found
        assert time.monotonic() < deadline, found
        await asyncio.sleep(0.1)


def mailbox(firm) -> tuple[str, str]:
    """Key and secret of one with a public form."""
    made = firm.owner.api(
        "POST", "inboxes",
        {"kind": "email", "name": "Help", "settings": {"address": "help@one.example", "form": True}},
    )  # fmt: skip
    page = firm.owner.browser.get(f"/settings/inboxes/{made['id']}").text
    secret = unescape(re.search(r'id="secret"[^>]*>([^<]+)<', page)[1]).strip()
    return re.search(r"/channels/email/([\w-]+)", page)[1], secret


async def test_nobody_repeats_by_mail_or_form_what_was_said_in_the_chat(firm, chat):
    address = "ada-one@example.com"
    said = {"identifier": "one-77", "identifier_hash": proof(chat.secret, "one-77"), "email": address}
    line = await visit(firm.house, chat.key, identity=said | {"name": "Ada Moreau"})
    number = (await say(line, "My blue kettle leaks at the spout.", "one"))["conversation"]
    await line.leave()
    customer = firm.owner.api("GET", f"conversations/{number}")["customer"]["id"]
    # what the agent of the chat learned
    firm.owner.api("PUT", "attributes/one_model", {"label": "Her kettle", "type": "text"})
    firm.owner.api("PATCH", f"customers/{customer}", {"language": "id", "attributes": {"one_model": "K-17 blue"}})

    key, secret = mailbox(firm)
    raw = bytes(written("Is it repaired?", From=f"Ada <{address}>", To="help@one.example", Subject="Repair"))
    head = {"Authorization": f"Bearer {secret}", "Content-Type": "message/rfc822"}
    assert PLAIN.post(f"{firm.house.url}/channels/email/{key}", content=raw, headers=head).status_code == 200
    [mail, _chat] = await talks(firm, customer, 2)
    assert (mail["channel"], mail["subject"]) == ("email", "Repair")
    beside = firm.owner.browser.get(f"/desk/{mail['id']}").text.partition('id="pane"')[2]
    said_in_chat = "My blue kettle leaks at the spout."
    for known in ("Ada Moreau", said_in_chat, f'href="/desk/{number}"', "K-17 blue", "Indonesian"):
        assert known in beside, known

    form = f"{firm.house.url}/contact/{key}"
    page = re.search(r'name="page" value="([^"]+)"', PLAIN.get(form).text)[1]
    filled = {"name": "Ada", "address": address, "subject": "Spare lid", "text": "Do you sell lids?", "page": page}
    assert PLAIN.post(form, data=filled).status_code == 303
    [filled_in, *_before] = await talks(firm, customer, 3)
    beside = firm.owner.browser.get(f"/desk/{filled_in['id']}").text.partition('id="pane"')[2]
    for known in ("Repair", f'href="/desk/{mail["id"]}"', said_in_chat, "K-17 blue"):
        assert known in beside, known

    own = firm.owner.api("POST", "inboxes", {"kind": "api", "name": "App"})["id"]
    who = {"inbox_id": own, "customer": {"email": address}, "body": "From the app."}
    by_program = firm.owner.api("POST", "conversations", who)
    beside = firm.owner.browser.get(f"/desk/{by_program['id']}").text.partition('id="pane"')[2]
    assert said_in_chat in beside
    assert "Spare lid" in beside

    # and the other way round: whoever has the chat sees the mail
    back = firm.owner.browser.get(f"/desk/{number}").text.partition('id="pane"')[2]
    assert f'href="/desk/{mail["id"]}"' in back
    assert "Spare lid" in back


async def test_who_works_in_one_inbox_alone_sees_nothing_of_the_other(firm, chat):
    other = firm.chat("Other chat")
    hand = firm.hire("One Hand", chats=(other,))
    for place, words in ((chat, "Seen by few."), (other, "Seen by her.")):
        found = firm.written(place, words, name="Bea", email="bea-one@example.com")
    beside = hand.browser.get(f"/desk/{found['id']}").text.partition('id="pane"')[2]
    assert "Seen by her." in beside
    assert "Seen by few." not in beside
