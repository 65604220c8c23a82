"""Sources of events and the rules for them, as somebody in charge sets them up."""

from __future__ import annotations

import msgspec
import pytest

from careline.accounts.actor import SYSTEM
from careline.kit import clock
from careline.touchpoints.models import Touchpoint
from careline.tracking import actions, hot, reading
from careline.tracking.models import Rule, Sighting, Source
from tests.web.settings.forms import form

SOURCES, RULES = "/settings/sources", "/settings/rules"
ORDER = {
    "userId": "u-1", "event": "Plan bought", "properties": {"contract": "C-7", "price": "19.90", "currency": "eur"},
}  # fmt: skip


@pytest.fixture
def browser(boss, browser_of):
    return browser_of(boss)


@pytest.fixture
def source(organization):
    return actions.create_source("Shop site", "client", actor=SYSTEM)


@pytest.fixture
def track(source):
    def track(**event) -> None:
        found = hot.source_of(source.key)
        hot.take(
            found, reading.opened(msgspec.json.encode(event), is_batch=False), type="track", received_at=clock.now()
        )

    return track


def test_a_source_is_made_and_opens_with_its_key(browser):
    answer = browser.post(SOURCES, {"what": "create", "name": "Shop", "side": "server"}, follow=True)
    made = Source.objects.get()
    assert answer.redirect_chain == [(f"{SOURCES}/{made.pk}", 302)]
    assert made.key in answer.content.decode()
    assert made.key.startswith("wk_")
    assert "Shop" in browser.get(SOURCES).content.decode()


def test_a_source_that_cannot_be_is_shown_again_as_it_was_written(browser):
    answer = browser.post(SOURCES, {"what": "create", "name": " ", "side": "server"})
    assert answer.status_code == 422
    shown = form(answer.content.decode(), "create")
    assert (shown["name"], shown["side"]) == ([" "], ["server"])
    assert not Source.objects.exists()


def test_a_source_is_renamed_archived_and_taken_up_again(browser, source):
    page = f"{SOURCES}/{source.pk}"
    browser.post(page, {"what": "rename", "name": "Shop in Oslo"})
    browser.post(page, {"what": "archive"})
    assert "archived" in browser.get(SOURCES).content.decode()
    assert hot.source_of(source.key) is None
    browser.post(page, {"what": "restore"})
    source.refresh_from_db()
    assert (source.name, source.archived_at) == ("Shop in Oslo", None)
    assert browser.post(page, {"what": "restore"}).status_code == 409


def test_the_debugger_shows_what_came_and_what_was_wrong(browser, source, track):
    track(userId="u-1", event="Hello <b>there</b>")
    track(event="Nobody's")
    html = browser.get(f"{SOURCES}/{source.pk}").content.decode()
    assert "Hello &lt;b&gt;there" in html
    assert "and anonymousId are both missing" in html
    assert "Hello" not in browser.get(f"{SOURCES}/{source.pk}?only=refused").content.decode()


def test_the_debugger_is_told_only_what_is_new(browser, source, track):
    track(userId="u-1", event="First")
    newest = Sighting.objects.latest("pk").pk
    asked = f"{SOURCES}/{source.pk}/events?after={newest}"
    assert browser.get(asked).status_code == 204
    track(userId="u-1", event="Second")
    html = browser.get(asked).content.decode()
    assert "Second" in html
    assert "First" not in html
    assert f"after={Sighting.objects.latest('pk').pk}" in html


def test_a_rule_is_previewed_before_it_holds(browser, track):
    track(**ORDER)
    given = {
        "event": "plan_bought", "kind": "order.placed", "journey": "contract", "journey_property": "contract",
        "stage": "buy", "value_property": "price",
    }  # fmt: skip
    html = browser.post(RULES, {"what": "preview", **given}).content.decode()
    assert "contract:C-7" in html
    assert "€19.90" in html
    assert '<bdi>Ordered</bdi> <code class="tiny soft">order.placed</code>' in html
    assert "Ordered (\u2068order.placed\u2069)</option>" in html
    assert not Rule.objects.exists()
    browser.post(RULES, {"what": "save", **given})
    track(**ORDER | {"messageId": "again"})
    came = Touchpoint.objects.filter(source__startswith="source:")
    assert [one.kind for one in came.order_by("id")] == ["event.tracked", "order.placed"]
    moment = came.latest("id")
    assert (moment.journey, moment.facts) == (
        "contract:C-7", {"order": "C-7", "total_minor": 1990, "currency": "EUR", "stage": "buy"},
    )  # fmt: skip
    rule = Rule.objects.get()
    browser.post(RULES, {"what": "drop", "rule": rule.pk})
    assert not Rule.objects.exists()


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"event": " "}, "event must not be empty"),
        ({"kind": "conversation.opened"}, "No event can become a touchpoint"),
        ({"journey": "conversation", "journey_property": "id"}, "A journey is named by a word"),
        ({"journey": "order"}, "A journey needs its name and the property"),
    ],
)
def test_a_rule_that_cannot_be_is_said_so(browser, wrong, told):
    given = {"event": "Bought", "kind": "event.tracked", "journey": "", "journey_property": ""}
    for what in ("save", "preview"):
        answer = browser.post(RULES, {"what": what, **given, **wrong})
        if what == "preview" and "event" in wrong:
            continue
        assert answer.status_code == 422
        assert told in answer.content.decode()
    assert not Rule.objects.exists()
