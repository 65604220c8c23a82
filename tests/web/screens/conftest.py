"""A firm in a running house, looked at by a real browser."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import pytest

from tests.house import House
from tests.live.firm import Chat, Firm, Staff

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page


@pytest.fixture(scope="module")
def firm(house: House) -> Firm:
    return Firm(house)


@pytest.fixture
def chat(firm: Firm) -> Chat:
    return firm.chat()


@pytest.fixture
def window(chromium: Browser, house: House) -> Iterator[Callable[..., Page]]:
    """`window(staff)` is a browser that is signed in, `window()` a stranger's; none may hear of trouble."""
    opened, trouble = [], []

    def window(staff: Staff | None = None, **options: Any) -> Page:
        options = {"viewport": {"width": 1280, "height": 800}, "locale": "en-GB", "timezone_id": "UTC"} | options
        context = chromium.new_context(**options)
        context.set_default_timeout(15_000)
        opened.append(context)
        if staff is not None:
            context.add_cookies([{"name": "careline_session", "value": staff.session, "url": house.url}])
        page = context.new_page()
        page.on("console", lambda said: trouble.append(said.text) if said.type == "error" else None)
        page.on("pageerror", lambda error: trouble.append(str(error)))
        page.on("dialog", lambda dialog: (trouble.append(f"dialog: {dialog.message}"), dialog.dismiss()))
        page.trouble = trouble
        return page

    yield window
    for context in opened:
        context.close()
    assert trouble == []
