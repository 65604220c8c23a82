"""The pages of topics: figures that open, and what whoever reads them may change."""

from __future__ import annotations

import pytest

from careline.insights.models import Finding, Membership, Topic
from careline.kit import clock
from careline.service.conversations import actions as talks
from careline.service.conversations.hot import words

pytestmark = pytest.mark.django_db


@pytest.fixture
def found(inbox, boss):
    """Two topics, of the first twelve conversations."""
    made = [
        Topic.objects.create(name=name, words=[name], center=b"", model_id="none", language="en")
        for name in ("parcel", "card")
    ]
    for at in range(12):
        said = talks.open_with(
            actor=boss, inbox_id=inbox.pk, person=words.who(name="Mara", email=f"m{at}@example.com"),
            body=f"Where is <b>my</b> parcel {at}?", client_id=f"m{at}",
        )  # fmt: skip
        Membership.objects.create(
            topic=made[0], conversation_id=said.conversation_id, said_at=clock.now(), language="en",
            mood="negative" if at < 4 else "neutral",
        )  # fmt: skip
    Finding.objects.create(ended_at=clock.now(), done=12, whole=12, since=clock.now(), by_letters=["ar"])
    return made


def test_a_figure_opens_the_words_behind_it(found, boss, browser_of):
    browser = browser_of(boss)
    page = browser.get("/topics").content.decode()
    assert "العربيّة" in page or "العربية" in page, "where meanings are not understood it is said"
    assert "33 %" in page
    address = f"/topics/{found[0].pk}?which=negative&amp;days=28"
    assert address in page
    opened = browser.get(address.replace("&amp;", "&")).content.decode()
    assert opened.count("/desk/") >= 4
    assert opened.count("<q>") == 4
    assert "<b>my</b>" not in opened


def test_named_merged_taken_apart_and_put_away(found, boss, browser_of):
    browser, (parcel, card) = browser_of(boss), found
    assert browser.post(f"/topics/{parcel.pk}", {"what": "name", "name": ""}).status_code == 422
    browser.post(f"/topics/{parcel.pk}", {"what": "name", "name": "Late <i>parcels</i>"})
    page = browser.get("/topics").content.decode()
    assert "Late &lt;i&gt;parcels" in page
    answer = browser.post(f"/topics/{parcel.pk}", {"what": "merge", "into": str(card.pk)})
    assert answer["Location"].startswith(f"/topics/{card.pk}")
    assert browser.get(f"/topics/{card.pk}").content.decode().count("<q>") == 12
    browser.post(f"/topics/{card.pk}", {"what": "part", "part": str(parcel.pk)})
    assert browser.get(f"/topics/{card.pk}").content.decode().count("<q>") == 0
    browser.post(f"/topics/{parcel.pk}", {"what": "away"})
    assert f"/topics/{parcel.pk}?" not in browser.get("/topics").content.decode()
    assert f"/topics/{parcel.pk}?" in browser.get("/topics?away=1").content.decode()


def test_a_search_tells_how_far_it_is(found, boss, browser_of):
    browser = browser_of(boss)
    browser.post("/topics")
    Finding.objects.filter(ended_at=None).update(began_at=clock.now(), done=3, whole=12)
    assert "3 of 12 texts read" in browser.get("/topics").content.decode()
    Finding.objects.filter(ended_at=None).update(ended_at=clock.now())
    assert browser.get("/topics", headers={"HX-Request": "true"})["HX-Refresh"] == "true"
