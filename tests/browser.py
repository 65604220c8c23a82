"""A real Chromium that is already on the machine; nothing is downloaded."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
# What must come, on a machine that has other work to do; milliseconds.
PATIENCE = 60_000
FLAGS = [
    "--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu", "--force-color-profile=srgb",
    # A process kept ready for the next site costs as much as a page, and the next site is always the same.
    "--disable-features=SpareRendererForSitePerProcess",
]  # fmt: skip


def find_chromium() -> str | None:
    return next((path for name in NAMES if (path := shutil.which(name))), None)


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """One browser a module: its driver keeps an event loop in this thread, so the module holds no async tests."""
    path = find_chromium()
    if path is None:
        word = f"No Chromium on this machine (looked for {', '.join(NAMES)} on PATH)."
        if os.environ.get("CI") == "true":
            pytest.fail(word)
        pytest.skip(word)
    from playwright.sync_api import expect, sync_playwright

    expect.set_options(timeout=PATIENCE)
    with pytest.MonkeyPatch.context() as patch, sync_playwright() as driver:
        # Django takes the driver's loop for an asynchronous caller.
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        browser = driver.chromium.launch(executable_path=path, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def page(chromium: Browser) -> Iterator[Page]:
    """A fresh visitor with an empty cookie jar, at the size of a small laptop."""
    context = chromium.new_context(viewport={"width": 1280, "height": 800}, locale="en-GB", timezone_id="UTC")
    context.set_default_timeout(PATIENCE)
    yield context.new_page()
    context.close()
