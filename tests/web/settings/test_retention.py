"""The page of periods: looked at first, then set; and what was cleaned from the disk."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import transaction

from careline import touchpoints
from careline.accounts.actor import SYSTEM
from careline.kit import clock
from careline.privacy import queries
from careline.privacy.models import Cleansing

pytestmark = pytest.mark.django_db
PAGE = "/settings/retention"


def test_what_would_go_is_shown_before_a_period_is_set(boss, ada, browser_of):
    with transaction.atomic():
        touchpoints.record(
            "page.viewed", person=ada.pk, actor=SYSTEM, source="source:1", occurred_at=clock.now() - timedelta(days=50)
        )
    browser = browser_of(boss)
    shown = browser.get(PAGE).content.decode()
    assert "Page and screen views" in shown
    assert "Nothing had to be cleaned from the disk yet." in shown
    looked = browser.get(f"{PAGE}?kind=pages&days=40").content.decode()
    assert "Kept for 40 days, this would go tonight:" in looked
    assert '<dt>Rows</dt><dd class="num">1</dd>' in looked
    assert "Counts of that time go with them." in looked
    assert queries.period(boss, "pages").days is None
    assert "nothing would go tonight" in browser.get(f"{PAGE}?kind=pages&days=60").content.decode()
    assert browser.post(PAGE, {"what": "period", "kind": "pages", "days": "40"}).status_code == 302
    assert queries.period(boss, "pages").days == 40
    assert "kept without end" in browser.get(f"{PAGE}?kind=pages&days=").content.decode()
    assert browser.post(PAGE, {"what": "period", "kind": "pages", "days": ""}).status_code == 302
    assert queries.period(boss, "pages").days is None


@pytest.mark.parametrize("days", ["0", "1", "-4", "x", "²", "99999", "1e9"])
def test_a_period_that_cannot_be_is_told_at_its_field(boss, browser_of, days):
    browser = browser_of(boss)
    for answer in (
        browser.get(PAGE, {"kind": "keys", "days": days}),
        browser.post(PAGE, {"what": "period", "kind": "keys", "days": days}),
    ):
        assert answer.status_code == 422
        shown = answer.content.decode()
        assert 'aria-invalid="true"' in shown
        assert 'class="error" id="e-keys"' in shown


def test_a_look_that_takes_too_long_says_so(boss, browser_of, monkeypatch):
    monkeypatch.setattr(queries, "LOOK", "1ms")
    slow = "SELECT count(*), 0, NULL, 0 FROM pg_sleep(1) WHERE %s > '2020-01-01'::timestamptz AND %s::text[] <> '{}'"
    monkeypatch.setattr("careline.touchpoints.ageing._GOING", slow)
    shown = browser_of(boss).get(f"{PAGE}?kind=pages&days=40").content.decode()
    assert "counting takes too long" in shown


def test_erasures_are_listed_with_what_is_left(boss, ada, browser_of):
    Cleansing.objects.create(cause="erasure", person_id=ada.pk, tables=[], left=["readers"])
    late = Cleansing.objects.create(cause="erasure", person_id=7, tables=[])
    Cleansing.objects.filter(pk=late.pk).update(at=clock.now() - timedelta(days=2))
    shown = browser_of(boss).get(PAGE).content.decode()
    assert f"Customer {ada.pk} was erased" in shown
    assert "An older transaction may still look at what is gone" in shown
    assert '<span class="chip stop">late</span>' in shown


def test_an_agent_is_not_shown_it(bo, browser_of):
    assert browser_of(bo).get(PAGE).status_code == 403
