"""A queue is set up, somebody waits and is told so, an agent becomes ready, is offered the talk and takes it by key."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser


@pytest.fixture
def afterwards(firm):
    """Others share the house: nothing waits for anybody in particular any more."""
    yield
    for one in firm.owner.api("GET", "queues")["items"]:
        firm.owner.api("DELETE", f"queues/{one['id']}")


def test_whoever_waits_is_offered_to_whoever_is_ready(firm, window, house, afterwards):
    chat = firm.chat("Front desk", title="Harbor Goods", greeting="Hello!")
    bo = firm.hire("Bo Lindgren", chats=(chat,))
    lead = window(firm.owner)
    lead.goto(f"{house.url}/settings/queues/queue")
    lead.get_by_label("Name").fill("Everybody")
    lead.get_by_role("button", name="Keep the queue").click()
    lead.get_by_role("link", name="Everybody").wait_for()

    visitor = window()
    visitor.goto(f"{house.url}/chat/{chat.key}")
    visitor.get_by_text("We answer here.").wait_for()
    visitor.fill("#say-text", "Is my kettle on its way?")
    visitor.press("#say-text", "Enter")
    # Others share the house, and wait in this queue as well.
    visitor.get_by_text(re.compile("You are .+ in line")).wait_for()

    desk = window(bo)
    with desk.expect_websocket() as socket:
        desk.goto(f"{house.url}/desk")
    socket.value.wait_for_event("framereceived")
    desk.get_by_label("Your status").select_option("ready")
    offer = desk.locator(".offer")
    expect(offer).to_contain_text("Is my kettle on its way?")
    desk.locator("#rows").focus()
    desk.keyboard.press("a")
    desk.wait_for_url(re.compile(r"/desk/\d+$"))
    line = desk.locator("#messages .event").get_by_text("Everybody gave this to Bo Lindgren: waited")
    expect(line).to_contain_text("the only one free who can")
    expect(desk.locator(".offer")).to_have_count(0)
    visitor.get_by_text("We answer here.").wait_for()
