"""A tablet on the counter loses its line: people go on answering, and what they said comes when it is back."""

from __future__ import annotations

import time

import pytest
from playwright.sync_api import expect

from tests.browser import PATIENCE
from tests.live.test_asked import FORM

pytestmark = [pytest.mark.browser, pytest.mark.long]


def test_answers_wait_on_the_tablet_until_the_line_is_back(window, firm):
    number = firm.owner.api("POST", "surveys", {"name": "Counter", "form": FORM})["id"]
    link = firm.owner.api("PUT", f"surveys/{number}/publication")["url"]
    tablet = window()
    tablet.clock.install()
    tablet.goto(f"{link}?at=counter")
    for step in ("2", "5"):
        tablet.context.set_offline(True)
        tablet.get_by_role("radio", name=step).check()
        tablet.get_by_role("button", name="Send answer").click()
        tablet.get_by_text("Thank you.").wait_for()
        tablet.clock.fast_forward(9_000)
        tablet.get_by_role("button", name="Send answer").wait_for()
        expect(tablet.get_by_role("radio", checked=True)).to_have_count(0)
    tablet.context.set_offline(False)
    deadline = time.monotonic() + PATIENCE / 1000
    while tablet.evaluate("localStorage.getItem('careline.counter')") != "[]" and time.monotonic() < deadline:
        tablet.wait_for_timeout(100)
    kept = firm.owner.api("GET", f"surveys/{number}/responses")["items"]
    assert sorted(one["answers"]["csat"]["value"] for one in kept) == [2, 5]
    assert {one["channel"] for one in kept} == {"counter"}
    # Online again: sent, thanked for, and begun anew by itself.
    tablet.get_by_role("radio", name="4").check()
    tablet.get_by_role("button", name="Send answer").click()
    tablet.get_by_text("Thank you for the time.").wait_for()
    tablet.clock.fast_forward(9_000)
    tablet.get_by_role("button", name="Send answer").wait_for()
    assert len(firm.owner.api("GET", f"surveys/{number}/responses")["items"]) == 3
    # That the line was away is what the browser may say, and nothing else.
    tablet.trouble[:] = [one for one in tablet.trouble if "ERR_INTERNET_DISCONNECTED" not in one]
