"""A conversation is split by hand in one window, another window shows it, and it is taken back."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser
SHOTS = os.environ.get("CARELINE_SHOTS")


@pytest.fixture
def opened(firm):
    found = firm.written(firm.chat("Arranging chat"), "My order is late.", name="Ada Meyer")["id"]
    for body in ("And my lamp is broken.", "It was the green lamp."):
        firm.owner.api("POST", f"conversations/{found}/messages", {"body": body, "author": "customer"})
    return found


def shot(page, name):
    if SHOTS:
        Path(SHOTS).mkdir(exist_ok=True)
        page.screenshot(path=f"{SHOTS}/{name}.png")


def test_a_thread_is_split_at_a_message_and_put_together_again(window, firm, house, opened):
    page, other = window(firm.owner), window(firm.owner)
    for one in (page, other):
        with one.expect_websocket() as socket:
            one.goto(f"{house.url}/desk/{opened}?view=all")
        socket.value.wait_for_event("framereceived")
    lamp = page.locator("#messages .message", has_text="And my lamp is broken.")
    lamp.hover()
    lamp.get_by_role("link", name="Split or move…").click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text(f"2 messages of #{opened} become a conversation of their own.")
    shot(page, "arranging")
    dialog.get_by_label("Only this message").check()
    expect(dialog).to_contain_text(f"A message of #{opened} becomes a conversation of its own.")
    dialog.get_by_label("Only this message").uncheck()
    dialog.get_by_role("button", name="Move them").click()
    expect(page.locator(".toast")).to_contain_text("2 messages stand in")
    for one in (page, other):
        expect(one.locator("#messages")).not_to_contain_text("green lamp")
        expect(one.locator("#messages .event a")).to_have_count(1)
    shot(page, "arranged")
    other.locator("#messages .event a").click()
    expect(other.locator("#messages")).to_contain_text("green lamp")
    page.locator(".toast button").click()
    expect(page.locator("#messages")).to_contain_text("green lamp")
    said = page.locator("#messages .message .body").all_inner_texts()
    assert said == ["My order is late.", "And my lamp is broken.", "It was the green lamp."]
    expect(other.locator("#messages")).not_to_contain_text("green lamp")


@pytest.mark.long
def test_by_keys_alone_and_a_wrong_number_is_said_in_words(window, firm, house, opened):
    page = window(firm.owner)
    page.goto(f"{house.url}/desk/{opened}?view=all")
    page.locator("#messages .message").first.wait_for()
    page.keyboard.press("m")
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("A message of")
    dialog.get_by_label("Its number").fill("999999")
    expect(dialog.get_by_label("Another conversation of this inbox")).to_be_checked()
    expect(dialog).to_contain_text("No conversation of that number")
    page.keyboard.press("Enter")
    expect(dialog.get_by_role("alert")).to_contain_text("There is no such conversation.")
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    page.trouble.clear()  # of the browser, that it was refused
