"""A site of somebody else, with our lines in its pages."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from tests.browser import PATIENCE
from tests.house import House
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

    def __init__(self, firm: Firm, chat: str = "") -> None:
        made = firm.owner.must("/settings/sources", what="create", name="Page", side="client")
        self.address = made.headers["location"]
        self.firm, self.more, self.chat = firm, "", chat
        self.key = firm.owner.browser.get(self.address).text.split('id="write-key"')[1].split(">")[1].split("<")[0]
        site = self

        class Door(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                html = PAGE.format(src=f"{firm.house.url}/careline.js", key=site.key, more=site.more)
                if site.chat:
                    html += f'<script src="{firm.house.url}/widget.js" data-inbox="{site.chat}" async></script>'
                self.send_response(200)
                self.send_header("Content-Type", "text/html; charset=utf-8")
                self.end_headers()
                self.wfile.write(html.encode())

            def log_message(self, *_said: Any) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Door)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"

    def told(self) -> str:
        """The list of last events, as the owner sees it."""
        return str(self.firm.owner.browser.get(self.address).text.split('id="sightings"')[1])

    def wait_for(self, words: str, patience: float = 60.0) -> None:
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
    context.set_default_timeout(PATIENCE)
    yield context.new_page()
    context.close()
