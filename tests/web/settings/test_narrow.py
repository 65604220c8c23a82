"""On a telephone nothing of the settings has to be scrolled sideways."""

from __future__ import annotations

import pytest

from tests.live.firm import Firm

AREAS = (
    "organization", "agents", "teams", "roles", "inboxes", "tokens", "sources", "rules", "audit", "analysis", "own",
)  # fmt: skip
WIDER = """() => [...document.querySelectorAll("html, .scroller")]
  .filter((one) => one.scrollWidth > one.clientWidth + 1).map((one) => one.getAttribute("aria-label") || one.tagName)"""


@pytest.fixture(scope="module")
def firm(house) -> Firm:
    return Firm(house)


@pytest.mark.browser
@pytest.mark.parametrize("language", ["en-GB", pytest.param("ar", marks=pytest.mark.long)])
def test_every_table_fits_a_telephone(chromium, firm, language):
    firm.hire("Maximiliane Featherstonehaugh-Cholmondeley")
    firm.owner.send("/settings/agents", what="invite", email=f"a.rather.long.name{language}@harbor.example", role="1")
    context = chromium.new_context(viewport={"width": 390, "height": 844}, locale=language)
    context.add_cookies([{"name": "careline_session", "value": firm.owner.session, "url": firm.house.url}])
    page = context.new_page()
    wide = {}
    for area in AREAS:
        page.goto(f"{firm.house.url}/settings/{area}")
        if found := page.evaluate(WIDER):
            wide[area] = found
    context.close()
    assert wide == {}
