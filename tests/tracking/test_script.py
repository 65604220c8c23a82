"""careline.js on a page of another site, in a real browser."""

from __future__ import annotations

import gzip
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from tests.house import PLAIN, House
from tests.live.firm import Firm

PAGE = """<!doctype html><title>A shop</title><main><h1>Kettles</h1><button id="buy">Buy</button>
<button id="dead">Nothing</button><a href="/next">Next</a></main>
<script>document.getElementById("buy").onclick = () => document.querySelector("h1").append("!")</script>
<script src="{src}" data-key="{key}"{more} async></script>"""


@pytest.fixture(scope="module")
def firm(house: House) -> Firm:
    return Firm(house)


class Site:
    """Another site, with the line in its pages."""

    def __init__(self, firm: Firm) -> None:
        made = firm.owner.must("/settings/sources", what="create", name="Page", side="client")
        self.address = made.headers["location"]
        self.firm, self.more = firm, ""
        self.key = firm.owner.browser.get(self.address).text.split('id="write-key"')[1].split(">")[1].split("<")[0]
        site = self

        class Door(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                html = PAGE.format(src=f"{firm.house.url}/careline.js", key=site.key, more=site.more).encode()
                self.send_response(200)
                self.send_header("Content-Type", "text/html; charset=utf-8")
                self.end_headers()
                self.wfile.write(html)

            def log_message(self, *_said: Any) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Door)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"

    def told(self) -> str:
        """The list of last events, as the owner sees it."""
        return str(self.firm.owner.browser.get(self.address).text.split('id="sightings"')[1])

    def wait_for(self, words: str, patience: float = 15.0) -> None:
        deadline = time.monotonic() + patience
        while words not in self.told():
            assert time.monotonic() < deadline, self.told()[:2000]
            time.sleep(0.2)


@pytest.fixture
def site(firm: Firm) -> Iterator[Site]:
    found = Site(firm)
    yield found
    found.server.shutdown()


@pytest.fixture
def window(chromium: Any) -> Iterator[Any]:
    context = chromium.new_context()
    yield context.new_page()
    context.close()


def test_the_script_is_small_and_may_be_kept(firm):
    answer = PLAIN.get(f"{firm.house.url}/careline.js")
    assert answer.status_code == 200
    assert answer.headers["cross-origin-resource-policy"] == "cross-origin"
    assert len(gzip.compress(answer.content)) < 6000


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
