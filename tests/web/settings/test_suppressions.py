"""Addresses nothing is sent to are seen, looked for and lifted by whoever may change customers."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from careline.contact import queries
from careline.contact.models import Suppression

PAGE = "/settings/suppressions"
pytestmark = pytest.mark.django_db


@pytest.fixture
def browser(boss, browser_of):
    return browser_of(boss)


def suppressed(address: str, *, minutes: int = 0) -> Suppression:
    return Suppression.objects.create(
        key=queries.key_of(address),
        address=address,
        reason="user_unknown",
        code="5.1.1",
        words="<b>No such user</b>",
        at=datetime(2026, 3, 2, tzinfo=UTC) - timedelta(minutes=minutes),
    )


def test_an_address_is_found_however_it_is_written_and_lifted(browser):
    one = suppressed("gone@shop.example")
    suppressed("else@shop.example")
    html = browser.get(PAGE, {"address": " Gone@Shop.EXAMPLE "}).content.decode()
    assert "gone@shop.example" in html
    assert "nobody there has this name" in html
    assert "5.1.1 &lt;b&gt;No such user&lt;/b&gt;" in html
    assert "else@shop.example" not in html
    assert browser.post(PAGE, {"what": "lift", "suppression": one.pk}).status_code == 302
    assert [left.address for left in Suppression.objects.all()] == ["else@shop.example"]
    assert "This address is not suppressed." in browser.get(PAGE, {"address": one.address}).content.decode()
    assert browser.post(PAGE, {"what": "lift", "suppression": one.pk}).status_code == 404


def test_pages_follow_each_other_without_a_gap(browser, monkeypatch):
    import re

    from careline.web.settings import suppressions

    monkeypatch.setattr(suppressions, "PAGE", 2)
    for number in range(5):
        suppressed(f"a{number}@shop.example", minutes=number)
    found, at = [], PAGE
    while at:
        html = browser.get(at).content.decode()
        found += re.findall(r"<bdi[^>]*>(a\d)@", html)
        older = re.search(r'href="([^"]+)" rel="next"', html)
        at = PAGE + older[1] if older else ""
    assert found == ["a0", "a1", "a2", "a3", "a4"]
    assert "No address is suppressed" not in html


def test_none_is_said_and_whoever_may_not_change_customers_lifts_nothing(browser, hire, browser_of):
    assert "No address is suppressed." in browser.get(PAGE).content.decode()
    one = suppressed("gone@shop.example")
    looking = browser_of(hire("Nia Looks", role="analyst").as_actor())
    answer = looking.get(PAGE)
    assert answer.status_code in (200, 403)
    assert "Lift" not in answer.content.decode()
    assert looking.post(PAGE, {"what": "lift", "suppression": one.pk}).status_code == 403
