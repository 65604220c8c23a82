"""A flow in a browser: begun, changed by its form, tried out, rehearsed and published."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

pytestmark = [pytest.mark.browser, pytest.mark.long]


def test_a_flow_is_begun_changed_tried_and_published(window, firm):
    page = window(firm.owner)
    page.goto(f"{firm.house.url}/bots/new")
    page.get_by_role("button", name="Begin with it").click()
    page.locator("#node-number").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#flow-step-word")).to_have_text("Step number")
    page.fill("#s-words-en", "I am a bot. Which order?")
    page.locator("#s-into").focus()
    expect(page.locator("#flow-text")).to_have_value(re.compile("Which order"))
    expect(page.locator("#flow-state")).to_contain_text("not kept yet")
    page.fill("#try-say", "4711")
    page.keyboard.press("Enter")
    page.get_by_role("button", name="It fails").click()
    page.get_by_role("button", name="A person", exact=True).click()
    page.fill("#try-name", "No such order, a person")
    page.get_by_role("button", name="Keep the rehearsal").click()
    expect(page.locator("#flow-faults")).to_contain_text("5 rehearsals go as they went")
    page.get_by_role("button", name="Keep and publish").click()
    expect(page.locator(".banner")).to_contain_text("Published")
