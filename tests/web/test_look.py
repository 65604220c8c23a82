"""The parts in a real browser: no part breaks a rule of access or of the content policy, in any theme or direction."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from django.test import override_settings

from tests.web import samples
from tests.web.gallery import SCREENS, Gallery

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.browser

AXE = (Path(__file__).parents[1] / "vendor" / "axe.min.js").read_text()
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
# Screenshots for a person to look at: CARELINE_SHOTS=FOLDER pytest tests/web/test_look.py
SHOTS = os.environ.get("CARELINE_SHOTS")

# Theme, width, language: every theme, both widths and both directions at least once with each other.
OPENINGS = [
    ("light", 1440, "en"), ("dark", 390, "en"), ("contrast", 1440, "en"), ("light", 390, "ar"), ("dark", 1440, "ar"),
]  # fmt: skip
EVERY = [(t, w, a) for t in ("light", "dark", "contrast") for w in (390, 768, 1280, 1920) for a in ("en", "ar")]


@pytest.fixture(scope="module")
def gallery() -> Iterator[Gallery]:
    with override_settings(ROOT_URLCONF="tests.web.doors"):
        room = Gallery()
        yield room
        room.close()


@pytest.fixture
def shown(chromium: Browser) -> Iterator[Any]:
    opened = []

    def show(address: str, width: int = 1440, **options: Any) -> tuple[Page, list[str]]:
        size = {"width": width, "height": 844 if width < 500 else 900}
        options = {"reduced_motion": "reduce", "locale": "en-GB"} | options
        context = chromium.new_context(viewport=size, **options)  # type: ignore[arg-type]
        opened.append(context)
        page, trouble = context.new_page(), []
        page.clock.set_fixed_time(samples.NOW)
        page.on("console", lambda said: trouble.append(said.text) if said.type == "error" else None)
        page.on("pageerror", lambda error: trouble.append(str(error)))
        page.on("requestfailed", lambda request: trouble.append(f"failed: {request.url}"))
        page.goto(address)
        page.evaluate("document.fonts.ready")
        return page, trouble

    yield show
    for context in opened:
        context.close()


def violations(page: Page) -> list[str]:
    page.evaluate(AXE)
    found = page.evaluate(f"axe.run(document, {{runOnly: {json.dumps(TAGS)}, resultTypes: ['violations']}})")
    return [
        f"{rule['id']}: {node['html'][:160]} ({node['failureSummary'].splitlines()[-1].strip()})"
        for rule in found["violations"]
        for node in rule["nodes"]
    ]


def look(gallery: Gallery, shown: Any, screen: str, theme: str, width: int, language: str) -> None:
    page, trouble = shown(gallery.hang(screen, language=language, theme=theme), width)
    if SHOTS:
        Path(SHOTS).mkdir(parents=True, exist_ok=True)
        name = f"{screen.replace('/', '-')}-{width}-{theme}-{language}.png"
        page.screenshot(path=Path(SHOTS) / name, full_page=not screen.startswith("desk"))
    assert trouble == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), "the page scrolls sideways"
    assert page.locator("h1").count() == 1
    assert violations(page) == []


@pytest.mark.parametrize("screen", SCREENS)
@pytest.mark.parametrize(("theme", "width", "language"), OPENINGS)
def test_a_screen_of_parts_breaks_no_rule(gallery, shown, screen, theme, width, language):
    look(gallery, shown, screen, theme, width, language)


@pytest.mark.long
@pytest.mark.parametrize("screen", SCREENS)
@pytest.mark.parametrize(("theme", "width", "language"), EVERY)
def test_a_screen_of_parts_breaks_no_rule_at_any_size(gallery, shown, screen, theme, width, language):
    look(gallery, shown, screen, theme, width, language)
