"""An agent answers with what is suggested: taken by a key, held against the house's voice, and never sent by itself."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.web.test_look import violations

pytestmark = pytest.mark.browser
WORDS = "Hello {customer}, sorry that the parcel is late. We asked the courier."


@pytest.fixture
def waiting(firm):
    """A customer whose parcel is late, and two replies that are saved; by name, since the house is shared."""
    chat = firm.chat("Parcel chat")
    for name, body in ((f"Late parcel {chat.id}", WORDS), (f"Lost parcel {chat.id}", "The parcel may be lost.")):
        firm.owner.must(
            "/settings/replies", what="keep", reply="", name=name, body=body, language="en", inbox=str(chat.id)
        )
    return firm.written(chat, "Where is my parcel? It is late.", name="Mara Ellingsworth")["id"]


def test_a_saved_reply_is_looked_for_and_put_in_by_keys(window, firm, house, waiting):
    page = window(firm.owner)
    page.goto(f"{house.url}/desk/{waiting}")
    page.focus("#reply-text")
    page.keyboard.type("/")
    search = page.locator("#replies-search")
    expect(search).to_be_focused()
    page.keyboard.type("may be lost")
    expect(page.locator("#replies-list li:visible")).to_have_count(1)
    assert violations(page) == []
    page.keyboard.press("Enter")
    expect(page.locator("#replies")).to_be_hidden()
    expect(page.locator("#reply-text")).to_have_value("The parcel may be lost.")
    expect(page.locator("#reply [name=put]")).to_have_count(1)
    # In a reply that has words it is a stroke like any other.
    page.keyboard.type("/")
    expect(page.locator("#reply-text")).to_have_value("The parcel may be lost./")


def test_a_suggestion_is_taken_by_key_and_sent_by_hand(window, firm, house, waiting):
    page = window(firm.owner)
    page.goto(f"{house.url}/desk/{waiting}")
    first = page.locator(".suggestion").first
    expect(first).to_contain_text("Late parcel")
    page.focus("#reply-text")
    page.keyboard.press("Tab")
    expect(page.locator("#reply-text")).to_have_value(WORDS.replace("{customer}", "Mara"))
    expect(page.locator("#reply-text")).to_be_focused()
    page.keyboard.type(" We guarantee it.")
    mark = page.locator(".voice-mark")
    expect(mark).to_contain_text("We guarantee")
    expect(page.locator(".voice-under mark")).to_have_text("We guarantee")
    assert violations(page) == []
    expect(page.locator("#messages .message")).to_have_count(1)
    # Once there are words, Tab moves on as it always does.
    page.keyboard.press("Tab")
    expect(page.locator("#reply-text")).not_to_be_focused()
    page.focus("#reply-text")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#messages .message")).to_have_count(2)
    expect(page.locator("#reply-text")).to_have_value("")
    expect(page.locator("#reply [name=put]")).to_have_count(0)
    expect(mark).to_have_count(0)
    # Answered: there is nothing more to suggest.
    expect(page.locator(".suggestion")).to_have_count(0)
