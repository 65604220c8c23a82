"""careline.js on a page of another site, in a real browser."""

from __future__ import annotations

import gzip

from tests.house import PLAIN
from tests.tracking.site import firm, site, window

__all__ = ["firm", "site", "window"]


def test_the_script_is_small_and_may_be_kept(firm):
    answer = PLAIN.get(f"{firm.house.url}/careline.js")
    assert answer.status_code == 200
    assert answer.headers["cross-origin-resource-policy"] == "cross-origin"
    assert len(gzip.compress(answer.content)) < 6000


def test_the_chats_line_is_smaller_still(firm):
    answer = PLAIN.get(f"{firm.house.url}/widget.js")
    assert answer.status_code == 200
    assert len(gzip.compress(answer.content)) < 3000


def test_nothing_is_stored_or_sent_before_consent(site, window):
    sent: list[str] = []
    window.on("request", lambda asked: sent.append(asked.url) if "/v1/" in asked.url else None)
    window.goto(site.url)
    window.evaluate("careline.track('Early')")
    window.click("#buy")
    window.wait_for_timeout(2500)
    assert sent == []
    assert window.evaluate("[Object.keys(localStorage).length, document.cookie]") == [0, ""]
    window.evaluate("careline.consent(true); careline.track('Agreed', { n: 1 })")
    site.wait_for("Agreed")
    assert "Early" not in site.told()
    # The next page begins by itself, as the same device.
    device = window.evaluate("localStorage['careline.id']")
    window.goto(f"{site.url}/next")
    assert window.evaluate("localStorage['careline.id']") == device
    window.evaluate("careline.consent(false); careline.track('Late')")
    assert window.evaluate("Object.keys(localStorage).filter((name) => name !== 'careline.consent')") == []
    window.wait_for_timeout(2500)
    assert "Late" not in site.told()


def test_what_is_said_while_a_page_closes_arrives_once(site, window):
    site.more = ' data-consent="given"'
    window.goto(site.url)
    window.wait_for_function("window.careline")
    window.evaluate("careline.track('Last words')")
    window.goto(f"{site.url}/next")
    site.wait_for("Last words")
    window.wait_for_timeout(2500)
    rows = [row for row in site.told().split("<li ") if "Last words" in row.split("</summary>")[0]]
    assert sum('data-outcome="accepted"' in row for row in rows) == 1


def test_clicks_in_rage_and_in_vain_are_told(site, window):
    site.more = ' data-consent="given"'
    window.goto(site.url)
    window.wait_for_function("window.careline?.watches")
    window.click("#buy")
    window.wait_for_timeout(1500)
    window.locator("#dead").dispatch_event("click")
    site.wait_for("Dead Click")
    assert "button#buy" not in site.told()
    window.click("#buy", click_count=3)
    site.wait_for("Rage Click")


def test_pages_that_change_without_loading_are_pages(site, window):
    site.more = ' data-consent="given"'
    window.goto(site.url)
    window.wait_for_function("window.careline")
    window.evaluate("history.pushState({}, '', '/kettles/7')")
    site.wait_for("/kettles/7")
