"""A customer's line as a story: visits and talks in one piece, the parts of one thing, and the way back up."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from careline import touchpoints
from careline.accounts.actor import SYSTEM, Actor
from careline.touchpoints.models import Touchpoint

NOON = datetime(2020, 3, 10, 12, tzinfo=UTC)


@pytest.fixture
def record(ada):
    def record(minutes: float, kind: str, *, source: str = "source:1", actor: Actor = SYSTEM, **facts: object) -> None:
        touchpoints.record(
            kind, person=ada.pk, actor=actor, source=source, occurred_at=NOON + timedelta(minutes=minutes), **facts
        )

    return record


@pytest.fixture
def page(ada, bo, browser_of, db):
    browser = browser_of(bo)

    def page(query: str = "") -> tuple[list[str], str]:
        html = browser.get(f"/customers/{ada.pk}{query}").content.decode()
        heads = re.findall(r'<p class="line-head">(.*?)</p>', html)
        return [re.sub(r"<[^>]+>", "", one) for one in heads], html

    return page


def test_a_visit_is_one_moment_told_by_its_most_telling_step(record, page):
    for minute in range(3):
        record(minute, "page.viewed", title=f"Guide {minute}")
    record(3, "product.added", product="Kettle")
    record(120, "page.viewed", title="Returns")
    heads, html = page()
    assert heads == ["Read a page", "Put Kettle into the cart"]
    assert "4 steps" in html
    assert "Step by step" in html
    assert "Guide 1" in html


def test_a_talk_stays_one_moment_while_somebody_reads_on(ada, record, page):
    customer = Actor.customer(ada.pk, 1)
    talk = {"source": "conversation:77", "conversation": 77}
    record(0, "conversation.opened", actor=customer, channel="email", subject="Where is it?", **talk)
    for minute in (1, 5, 9):
        record(minute, "message.received", actor=customer, channel="email", message=uuid4(), seq=minute, first=False,
               preview=f"Words {minute}", **talk)  # fmt: skip
        record(minute + 1, "page.viewed", title="Delivery")
    record(9, "message.weighed", channel="email", message=uuid4(), score=-0.7, by="vader-3.3.2", **talk)
    record(9, "effort.counted", effort=3, contacts=1, waits=2, **talk)
    heads, html = page()
    assert heads == ["Read 3 pages", "Where is it?"]
    assert "Words 9" in html
    assert "bad, by the words" in html
    assert "came 1 more time" in html
    assert "waited long 2 times" in html
    heads, html = page("?about=conversation:77")
    assert heads == ["Wrote to us", "Wrote to us", "Wrote to us", "The conversation began"]
    assert page("?about=conversation:78")[0] == []


def test_product_order_talk_and_answer_stand_on_one_line(record, page):
    customer, talk = Actor.customer(1, 1), {"source": "conversation:77", "conversation": 77}
    record(0, "product.viewed", product="Kettle")
    record(90, "order.placed", order="A-1", total_minor=100, currency="EUR")
    record(180, "conversation.opened", actor=customer, channel="email", subject="Where is it?", **talk)
    record(270, "survey.answered", survey="help", metric="csat", score=2, scale_min=1, scale_max=5, text="Too late.")
    heads, html = page()
    assert len(heads) == 4
    for words in ("Kettle", "A-1", "Where is it?", "Too late."):
        assert words in html, words


def test_nobody_said_and_the_words_do_not_tell_is_said_to_be_unknown(conversation, page):
    heads, html = page()
    assert heads == ["My order is late."]
    assert "not known how it felt" in html
    assert "which is weak" in html


def test_from_a_day_one_comes_up_again_to_the_newest(record, page, monkeypatch):
    monkeypatch.setattr("careline.web.people.story.MOMENTS", 2)
    for day in range(5):
        record(day * 24 * 60, "visit.checked-in", place=f"Shop {day}")
    heads, html = page("?day=2020-03-11")
    assert len(heads) == 2
    [up] = re.findall(r'href="/customers/\d+(\?after=[^"]+)"', html)
    heads, html = page(up.replace("&amp;", "&"))
    assert (len(heads), "Shop 2" in html, "Shop 3" in html) == (2, True, True)
    [up] = re.findall(r'href="/customers/\d+(\?after=[^"]+)"', html)
    _heads, html = page(up.replace("&amp;", "&"))
    assert "Shop 4" in html
    assert 'rel="prev"' not in html, "there is nothing newer"
    assert "/moments?" in html, "and what comes now is told"


def test_a_moment_is_added_on_the_page_in_the_viewers_zone(ada, bo, browser_of):
    browser = browser_of(bo)
    form = {"what": "moment", "way": "meeting", "words": "At the fair <b>", "at": "2024-05-01T10:30"}
    assert browser.post(f"/customers/{ada.pk}/change", form).status_code == 302
    found = Touchpoint.objects.get(kind="moment.added")
    assert found.occurred_at == datetime(2024, 5, 1, 10, 30, tzinfo=UTC)
    html = browser.get(f"/customers/{ada.pk}").content.decode()
    assert "At the fair &lt;b&gt;" in html
    assert f"added by {bo.name}" in html
    answer = browser.post(f"/customers/{ada.pk}/change", form | {"words": "", "at": ""})
    assert answer.status_code == 422
    assert '<details class="adding" id="adding" open>' in answer.content.decode()


def test_a_drawn_line_needs_two_moments(record, page):
    record(0, "visit.checked-in", place="Mill Street")
    assert 'class="curve"' not in page()[1]
    record(60 * 24 * 20, "order.placed", order="A", total_minor=1, currency="EUR")
    html = page()[1]
    assert 'class="curve"' in html
    assert 'class="stroke quiet"' in html
    assert 'class="curve"' not in page("?day=2020-03-11")[1], "it ends now"
