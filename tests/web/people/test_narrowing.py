"""A part of a customer's line: by kind, by channel, up to a day."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest

from careline import touchpoints
from careline.accounts.actor import SYSTEM
from careline.touchpoints.kinds import KINDS
from careline.web.people.narrowing import PARTS


@pytest.fixture
def page(ada, conversation, bo, browser_of):
    """Of Ada's page, the heads of the moments it shows."""
    noon = datetime(2020, 3, 10, 12, tzinfo=UTC)
    for day in range(3):
        touchpoints.record(
            "order.placed", person=ada.pk, actor=SYSTEM, source=f"order:{day}", journey=f"order:{day}",
            occurred_at=noon + timedelta(days=day), order=str(day), total_minor=100, currency="EUR",
            items=[{"name": f"pot {day}", "quantity": 1}],
        )  # fmt: skip
    browser = browser_of(bo)

    def page(query: str = "") -> tuple[int, list[str], str]:
        answer = browser.get(f"/customers/{ada.pk}{query}")
        html = answer.content.decode()
        heads = re.findall(r'<p class="line-head">(.*?)</p>', html)
        return answer.status_code, [re.sub(r"<[^>]+>", "", one) for one in heads], html

    return page


def test_a_kind_is_shown_alone(page):
    assert page()[1] == ["My order is late.", "Ordered pot 2", "Ordered pot 1", "Ordered pot 0"]
    assert page("?part=orders")[1] == ["Ordered pot 2", "Ordered pot 1", "Ordered pot 0"]
    assert page("?part=talks")[1] == ["My order is late."]
    status, heads, html = page("?part=answers")
    assert (status, heads) == (200, [])
    assert "Nothing here" in html


def test_what_customers_do_is_in_some_part():
    ours = {
        "agent", "consent", "contact", "customer", "delivery", "goodwill", "group", "incident", "offer", "outbound",
        "promise", "question", "queue", "recovery", "rule", "segment",
    }  # fmt: skip
    parts = [word for words in PARTS.values() for word in words]
    assert len(parts) == len(set(parts))
    assert {name.partition(".")[0] for name in KINDS} == ours | set(parts)


def test_a_day_is_gone_back_to(page):
    assert page("?day=2020-03-11")[1] == ["Ordered pot 1", "Ordered pot 0"]
    assert page("?day=2020-03-11&part=talks")[1] == []
    assert 'value="2020-03-11"' in page("?day=2020-03-11")[2]


def test_a_channel_is_shown_alone(page):
    assert page("?channel=webchat")[1] == ["My order is late."]
    assert page("?channel=email")[1] == []


def test_the_way_on_stays_in_the_part(page, ada, monkeypatch):
    monkeypatch.setattr("careline.web.people.story.MOMENTS", 2)
    _status, heads, html = page("?part=orders&day=2020-03-12")
    assert heads == ["Ordered pot 2", "Ordered pot 1"]
    [older] = re.findall(rf'href="/customers/{ada.pk}(\?[^"]+)" rel="next"', html)
    assert page(older.replace("&amp;", "&"))[1] == ["Ordered pot 0"]


@pytest.mark.parametrize("query", ["?part=lies", "?day=never", "?day=0001-01-01", "?day=9999-12-31", "?before=x"])
def test_what_cannot_be_is_said_in_words(page, query):
    status, heads, html = page(query)
    assert (status, heads) == (422, [])
    assert "load the page again" in html or "Choose a day." in html
