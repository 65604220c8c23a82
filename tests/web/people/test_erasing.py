"""The page that erases: what goes is said before, how far the disk is clean after."""

from __future__ import annotations

import json

import pytest

from careline.customers.models import Person
from careline.privacy.models import Cleansing

pytestmark = pytest.mark.django_db


@pytest.fixture
def page(ada):
    return f"/customers/{ada.pk}/erasure"


def test_what_goes_and_what_stays_is_said_with_numbers(boss, ada, conversation, browser_of, page):
    browser = browser_of(boss)
    assert f'href="{page}"' in browser.get(f"/customers/{ada.pk}").content.decode()
    shown = browser.get(page).content.decode()
    assert '<th scope="row">Addresses and numbers</th><td class="n">2</td>' in shown
    assert "Moments, emptied, under a random number" in shown
    assert Person.objects.get(pk=ada.pk).erased_at is None


def test_nobody_is_erased_by_a_slip(boss, ada, browser_of, page):
    browser = browser_of(boss)
    for number in ("", "1234567"):
        answer = browser.post(page, {"number": number})
        assert answer.status_code == 422
        assert f"Type the customer&#39;s number, which is {ada.pk}." in answer.content.decode()
    assert Person.objects.get(pk=ada.pk).erased_at is None


def test_erased_the_page_says_by_when_the_disk_is_clean_and_since_when(boss, ada, conversation, browser_of, page):
    browser = browser_of(boss)
    answer = browser.post(page, {"number": str(ada.pk)})
    assert (answer.status_code, answer["Location"]) == (302, page)
    assert Person.objects.get(pk=ada.pk).erased_at is not None
    shown = browser.get(page).content.decode()
    assert "Clean by" in shown
    assert "Clean the disk now" in shown
    assert "hx-get" in shown, "it follows"
    assert browser.post(page, {"now": "on"}).status_code == 302
    assert Cleansing.objects.filter(urgent=True).exists()
    Cleansing.objects.update(clean_at="2030-01-01T00:00:00Z", left=["elsewhere"])
    shown = browser.get(page).content.decode()
    assert "Clean since" in shown
    assert "to an archive or to other servers" in shown
    assert "hx-get" not in shown
    assert "Ada" not in shown


def test_who_may_not_erase_is_not_shown_the_way(bo, ada, conversation, browser_of, page):
    browser = browser_of(bo)
    assert (browser.get(page).status_code, browser.post(page, {"number": str(ada.pk)}).status_code) == (403, 403)
    shown = browser.get(f"/customers/{ada.pk}").content.decode()
    assert "/erasure" not in shown
    assert "/export" not in shown
    assert browser.get(f"/customers/{ada.pk}/export").status_code == 403


def test_the_export_is_a_file(boss, ada, conversation, browser_of):
    answer = browser_of(boss).get(f"/customers/{ada.pk}/export")
    assert answer["Content-Disposition"] == f'attachment; filename="customer-{ada.pk}.json"'
    assert answer["Cache-Control"] == "no-store"
    assert json.loads(answer.content)["rows"]["customers.Person"][0]["name"] == "Ada Moreau"
