"""`make screenshots`: a demo company of its own, every screen in light and dark, wide and narrow, in screenshots/.

With `--readme` only the README's picture is taken, into docs/images.
"""

from __future__ import annotations

import json
import shutil
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from playwright.sync_api import sync_playwright

from tests.browser import FLAGS, find_chromium
from tests.house import House

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

ROOT = Path(__file__).parents[1]
FOLDER = ROOT / "screenshots"
PICTURE = ROOT / "docs" / "images" / "desk.png"
SIZES = {"wide": (1280, 800), "narrow": (390, 844)}
THEMES = ("light", "dark")
SETTINGS = (
    "own",
    "organization",
    "teams",
    "roles",
    "agents",
    "tokens",
    "audit",
    "analysis",
    "retention",
    "inboxes",
    "suppressions",
    "contact",
)
# Screens of somebody who is signed in.
SCREENS = {"desk": "/desk", "customers": "/customers"} | {f"settings-{name}": f"/settings/{name}" for name in SETTINGS}


def demo(house: House) -> dict[str, Any]:
    filled = house.run("demo", "--json", timeout=600)
    if filled.returncode:
        sys.exit(filled.stderr)
    found: dict[str, Any] = json.loads(filled.stdout.splitlines()[-1])
    return found


def visits(browser: Browser, house: House, theme: str, size: str) -> Iterator[Page]:
    width, height = SIZES[size]
    context = browser.new_context(
        viewport={"width": width, "height": height}, color_scheme=theme, timezone_id="UTC", base_url=house.url
    )
    try:
        yield context.new_page()
    finally:
        context.close()


def sign_in(page: Page, agent: dict[str, str]) -> None:
    page.goto("/sign-in")
    page.fill("[name=email]", agent["email"])
    page.fill("[name=password]", agent["password"])
    page.press("[name=password]", "Enter")
    page.wait_for_url("**/desk**")


def take(page: Page, name: str, path: str) -> None:
    page.goto(path)
    page.wait_for_load_state("load")
    page.screenshot(path=FOLDER / f"{name}.png")


def all_screens(browser: Browser, house: House, company: dict[str, Any]) -> None:
    FOLDER.mkdir(exist_ok=True)
    chat = next(inbox["key"] for inbox in company["inboxes"] if inbox["kind"] == "webchat")
    for theme in THEMES:
        for size in SIZES:
            for page in visits(browser, house, theme, size):
                take(page, f"sign-in-{theme}-{size}", "/sign-in")
                take(page, f"chat-{theme}-{size}", f"/chat/{chat}")
                sign_in(page, company["agents"][0])
                for name, path in SCREENS.items():
                    take(page, f"{name}-{theme}-{size}", path)
                page.goto("/desk")
                page.locator("a[href^='/desk/']").first.click()
                page.wait_for_url("**/desk/*")
                page.wait_for_load_state("load")
                page.screenshot(path=FOLDER / f"conversation-{theme}-{size}.png")


def readme(browser: Browser, house: House, company: dict[str, Any]) -> None:
    PICTURE.parent.mkdir(parents=True, exist_ok=True)
    for page in visits(browser, house, "light", "wide"):
        sign_in(page, company["agents"][0])
        page.goto("/desk")
        page.locator("a[href^='/desk/']").first.click()
        page.wait_for_url("**/desk/*")
        page.wait_for_load_state("load")
        page.screenshot(path=PICTURE)


def main() -> None:
    chromium = find_chromium()
    if chromium is None:
        sys.exit("Screenshots need a Chromium on PATH.")
    folder = Path(tempfile.mkdtemp(prefix="careline-screens-"))
    folder.chmod(0o711)
    house = House(folder, None)
    try:
        house.up()
        company = demo(house)
        with sync_playwright() as driver:
            browser = driver.chromium.launch(executable_path=chromium, args=FLAGS)
            (readme if "--readme" in sys.argv else all_screens)(browser, house, company)
    finally:
        house.stop()
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
