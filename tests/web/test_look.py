"""The parts in a real browser: no part breaks a rule of access or of the content policy, in any theme or direction."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from django.test import override_settings
from playwright.sync_api import expect

from tests.web import samples
from tests.web.gallery import FAULTS, SCREENS, Gallery

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page, Route

pytestmark = pytest.mark.browser

AXE = (Path(__file__).parents[1] / "vendor" / "axe.min.js").read_text()
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
# Screenshots for a person to look at: CARELINE_SHOTS=FOLDER pytest tests/web/test_look.py
SHOTS = os.environ.get("CARELINE_SHOTS")

# A few openings of each screen in each direction; the long suite crosses all themes and widths.
FEW = {"en": [("light", 1440), ("contrast", 390)], "ar": [("contrast", 1440), ("dark", 390)]}
# The parts on their own, and what no screen of the house can be brought to show; of the others the long suite looks.
FIRST = {"kit", "desk_broken"}
EVERY = [(theme, width) for theme in ("light", "dark", "contrast") for width in (390, 768, 1280, 1920)]


@pytest.fixture(scope="module")
def gallery() -> Iterator[Gallery]:
    with override_settings(ROOT_URLCONF="tests.web.doors"):
        room = Gallery()
        yield room
        room.close()


@pytest.fixture(scope="module")
def glass(chromium: Browser) -> Page:
    """The page of everybody who asks for nothing special: a browser spends longer on a new one than on a screen."""
    page = chromium.new_context(reduced_motion="reduce", locale="en-GB").new_page()
    page.clock.set_fixed_time(samples.NOW)
    return page


@pytest.fixture
def shown(chromium: Browser, glass: Page) -> Iterator[Any]:
    opened = []
    trouble: list[str] = []
    notes = {
        "console": lambda said: trouble.append(said.text) if said.type == "error" else None,
        "pageerror": lambda error: trouble.append(str(error)),
        "requestfailed": lambda request: trouble.append(f"failed: {request.url}"),
    }

    def show(address: str, width: int = 1440, **options: Any) -> tuple[Page, list[str]]:
        page = glass
        if options:
            options = {"reduced_motion": "reduce", "locale": "en-GB"} | options
            opened.append(chromium.new_context(**options))
            page = opened[-1].new_page()
            page.clock.set_fixed_time(samples.NOW)
        page.set_viewport_size({"width": width, "height": 844 if width < 500 else 900})
        for name, note in notes.items():
            page.on(name, note)  # type: ignore[call-overload]
        page.goto(address)
        page.evaluate("document.fonts.ready")
        return page, trouble

    yield show
    for name, note in notes.items():
        with suppress(KeyError):
            glass.remove_listener(name, note)
    glass.unroute_all()
    if glass.url.startswith("http"):
        glass.evaluate("localStorage.clear()")
    for context in opened:
        context.close()


def violations(page: Page) -> list[str]:
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE)
    # No rule of these asks for the sheets' sources, which would be fetched again.
    options = {"runOnly": TAGS, "resultTypes": ["violations"], "preload": False}
    found = page.evaluate(f"axe.run(document, {json.dumps(options)})")
    return [
        f"{rule['id']}: {node['html'][:160]} ({node['failureSummary'].splitlines()[-1].strip()})"
        for rule in found["violations"]
        for node in rule["nodes"]
    ]


def look(page: Page, screen: str, language: str, theme: str, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 844 if width < 500 else 900})
    page.evaluate(f"document.documentElement.dataset.theme = '{theme}'")
    if SHOTS:
        Path(SHOTS).mkdir(parents=True, exist_ok=True)
        name = f"{screen.replace('/', '-')}-{width}-{theme}-{language}.png"
        page.screenshot(path=Path(SHOTS) / name, full_page=not screen.startswith("desk"))
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), f"scrolls sideways at {width}"
    assert violations(page) == [], (theme, width)


# Each screen of the house is looked at in every run (screens/test_access.py): here that is the parts alone, in one
# language.
@pytest.mark.parametrize("language", ["en", *(pytest.param(one, marks=pytest.mark.long) for one in FEW if one != "en")])
@pytest.mark.parametrize(
    "screen", [one if one in FIRST else pytest.param(one, marks=pytest.mark.long) for one in SCREENS]
)
def test_a_screen_of_parts_breaks_no_rule(gallery, shown, screen, language):
    page, trouble = shown(gallery.hang(screen, language=language, theme="light"))
    for theme, width in FEW[language]:
        look(page, screen, language, theme, width)
    assert page.locator("h1").count() == 1
    assert trouble == []


@pytest.mark.long
@pytest.mark.parametrize("language", FEW)
@pytest.mark.parametrize("screen", SCREENS + FAULTS)
def test_a_screen_of_parts_breaks_no_rule_at_any_size(gallery, shown, screen, language):
    page, trouble = shown(gallery.hang(screen, language=language, theme="light"))
    for theme, width in EVERY:
        look(page, screen, language, theme, width)
    assert trouble == []


def test_a_dialog_opens_takes_the_focus_and_closes(gallery, shown):
    page, trouble = shown(gallery.hang("kit", language="en", theme="light"))
    page.get_by_role("button", name="Remove…").click()
    dialog = page.locator("#sure")
    assert dialog.is_visible()
    assert page.evaluate("document.activeElement.closest('dialog').id") == "sure"
    assert violations(page) == []
    page.get_by_role("button", name="Leave signed in").last.click()
    assert not dialog.is_visible()
    assert trouble == []


def test_the_viewers_menu_opens_by_key_beside_its_face(gallery, shown):
    page, _ = shown(gallery.hang("people", language="en", theme="light"))
    page.locator(".rail-me").focus()
    page.keyboard.press("Enter")
    menu = page.locator("#me-menu")
    assert menu.get_by_role("button", name="Sign out").is_visible()
    box = menu.bounding_box()
    assert box["x"] >= 48
    assert box["y"] + box["height"] <= 900
    assert violations(page) == []


def test_times_follow_the_viewers_zone_language_and_the_page_as_it_grows(gallery, shown):
    page, _ = shown(gallery.hang("desk", language="en", theme="light"))
    assert page.locator(".row-when").first.inner_text() == "2 min ago"
    assert page.locator(".row-when").nth(2).inner_text() == "12:29"
    assert page.locator(".row-when").nth(7).inner_text() == "26 Jul 2025"
    assert page.locator(".row-when").first.get_attribute("title").startswith("Friday, 22 May 2026")
    page.evaluate("""document.querySelector('.messages').insertAdjacentHTML('beforeend',
        '<p id=new><time datetime="2026-05-22T14:03:00Z" data-when="clock">2026-05-22</time></p>')""")
    expect(page.locator("#new time")).to_have_text("14:03")


def answer(status: int, route: Route) -> None:
    route.fulfill(status=status, body=f"<p>said {status}</p><script>document.title = 'run'</script>")


def test_an_answer_to_mend_is_shown_and_a_fault_leaves_the_page_as_it_is(gallery, shown):
    page, _ = shown(gallery.hang("desk_empty", language="en", theme="light"))
    for status in (200, 409, 422, 403, 404, 500):
        page.route(f"**/answer-{status}", partial(answer, status))
    page.evaluate("document.querySelector('.inbox-empty').id = 'place'")
    seen = {}
    for status in (200, 409, 422, 403, 404, 500):
        page.evaluate("document.getElementById('place').textContent = 'as it was'")
        page.evaluate(f"htmx.ajax('GET', '/answer-{status}', '#place').catch(() => null)")
        page.wait_for_timeout(150)
        if status in (200, 409, 422):
            expect(page.locator("#place")).to_have_text(f"said {status}")
        seen[status] = page.locator("#place").inner_text()
    assert seen == {200: "said 200", 409: "said 409", 422: "said 422"} | dict.fromkeys((403, 404, 500), "as it was")
    assert page.title() != "run"


def test_a_toast_waits_while_it_is_read_and_undoes(gallery, shown):
    # A page of its own: its clock stays the test's.
    page, _ = shown(gallery.hang("people", language="en", theme="light"), locale="en-GB")
    page.clock.install()
    page.evaluate("""document.dispatchEvent(new CustomEvent('careline:toast',
        {detail: {words: 'Resolved', act: 'Undo', undo: () => { document.title = 'undone' }}}))""")
    toast = page.locator(".toast")
    assert toast.inner_text().startswith("Resolved")
    toast.hover()
    page.clock.run_for(60_000)
    assert toast.is_visible()
    toast.get_by_role("button").click()
    assert page.title() == "undone"
    assert toast.count() == 0
    page.evaluate("document.dispatchEvent(new CustomEvent('careline:toast', {detail: {words: 'Snoozed'}}))")
    page.mouse.move(5, 5)
    page.clock.run_for(11_000)
    assert toast.count() == 0


def test_the_line_is_still_drawn_where_colors_are_forced(gallery, shown):
    page, _ = shown(gallery.hang("customer", language="en", theme="light"), forced_colors="active")
    stroke = page.locator(".line-run path").first.evaluate("path => getComputedStyle(path).stroke")
    assert stroke == page.evaluate("getComputedStyle(document.body).color")


@pytest.mark.parametrize(
    "screen", ["kit", "desk", *(pytest.param(one, marks=pytest.mark.long) for one in ("settings", "chat", "door"))]
)
def test_nothing_is_lost_at_320_pixels_and_at_twice_the_text(gallery, shown, screen):
    address = gallery.hang(screen, language="en", theme="light")
    # A page of its own: the size of its letters stays.
    page, _ = shown(address, 320, locale="en-GB")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.set_viewport_size({"width": 1280, "height": 900})
    page.context.new_cdp_session(page).send("Page.setFontSizes", {"fontSizes": {"standard": 32}})
    page.reload()
    assert page.evaluate("parseFloat(getComputedStyle(document.documentElement).fontSize)") == 32
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
