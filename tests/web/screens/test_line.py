"""A customer's page in a browser: what happens comes in, and what is being read stays where it is."""

from __future__ import annotations

import pytest


@pytest.fixture
def customer(firm):
    chat = firm.chat("Line chat")
    found = firm.written(chat, "Where is my lamp?", name="Ada Meyer")["customer"]["id"]
    for n in range(30):
        day = f"2026-0{1 + n // 10}-{10 + n % 10}T09:00:00Z"
        firm.owner.api("POST", f"customers/{found}/touchpoints", {"way": "visit", "words": f"Came by {n}", "at": day})
    return found


def test_a_new_moment_arrives_and_the_reader_keeps_the_place(window, firm, house, customer):
    page = window(firm.owner)
    page.goto(f"{house.url}/customers/{customer}")
    page.wait_for_selector("#moments ol.line > li")
    page.wait_for_timeout(300)
    read = page.locator("#moments li", has_text="“Came by 15”").first
    read.scroll_into_view_if_needed()
    page.evaluate("document.querySelector('main').scrollTop += 1")
    before = read.bounding_box()["y"]
    began = page.evaluate("performance.now()")
    firm.owner.api("POST", f"customers/{customer}/touchpoints", {"way": "call", "words": "Rang just now"})
    page.wait_for_selector("#moments >> text=Rang just now")
    took = page.evaluate("performance.now()") - began
    assert took < 5000
    assert abs(read.bounding_box()["y"] - before) < 3
    # By key: down the line, to the day, and to the words of what is added by hand.
    page.keyboard.press("j")
    assert "Rang just now" in page.evaluate("document.activeElement.textContent")
    page.keyboard.press("d")
    assert page.evaluate("document.activeElement.id") == "day"
