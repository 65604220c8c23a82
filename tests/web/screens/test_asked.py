"""A resolved conversation brings a survey to the chat window: a tap, a sentence, and it is on the customer's line."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.live.test_asked import FORM

pytestmark = pytest.mark.browser


@pytest.fixture
def visitor(window, house, chat):
    page = window()
    page.goto(f"{house.url}/chat/{chat.key}")
    page.get_by_text("We answer here.").wait_for()
    return page


def test_from_the_chat_to_the_line(visitor, window, firm, chat, house):
    survey = firm.owner.api("POST", "surveys", {"name": f"Shown {chat.id}", "form": FORM})["id"]
    firm.owner.api("PUT", f"surveys/{survey}/publication")
    visitor.fill("#say-text", "Where is my parcel?")
    visitor.press("#say-text", "Enter")
    visitor.locator(".message.incoming:not(.is-waiting)").wait_for()
    [talk] = [
        one for one in firm.owner.api("GET", "conversations")["items"] if one["inbox_id"] == str(chat.id)
    ]  # fmt: skip
    firm.owner.api("PUT", f"conversations/{talk['id']}/closure")
    firm.owner.api("POST", f"surveys/{survey}/invitations", {"conversation_id": talk["id"], "send": "conversation"})
    # By keyboard: the group says what is asked, a step says where the scale leads, and what comes next can be typed.
    group = visitor.get_by_role("group", name="How was it?")
    expect(group.get_by_role("button")).to_have_count(5)
    expect(group.get_by_role("button", name="1, Bad")).to_be_visible()
    group.get_by_role("button", name="2").focus()
    visitor.keyboard.press("Enter")
    expect(visitor.locator("#say-text")).to_be_focused()
    visitor.get_by_text("What made it so?").wait_for()
    expect(group.locator("[aria-pressed=true]")).to_have_text("2")
    expect(group.locator("button:enabled")).to_have_count(0)
    visitor.keyboard.type("Three days for one answer")
    visitor.keyboard.press("Enter")
    visitor.get_by_text("Thank you for the time.").wait_for()
    visitor.reload()
    visitor.get_by_text("Thank you for the time.").wait_for()
    expect(visitor.locator(".message.incoming")).to_have_count(3)
    page = window(firm.owner)
    page.goto(f"{house.url}/customers/{talk['customer']['id']}")
    expect(page.locator("main .line").get_by_text("Three days for one answer").first).to_be_visible()
    page.goto(f"{house.url}/desk/{talk['id']}")
    expect(page.locator("#messages").get_by_text("Sent to them: How was it?")).to_be_visible()
