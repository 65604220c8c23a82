"""Contact rules on screen: seen, changed as the form was drawn, refused at the field, and tried on a customer."""

from __future__ import annotations

from datetime import time

import pytest

from careline import contact
from careline.contact import ruling
from careline.contact.models import Decision, Scope
from careline.contact.scopes import Cap
from tests.web.settings.forms import form

PAGE, RULE = "/settings/contact", "/settings/contact/rule"
pytestmark = pytest.mark.django_db


@pytest.fixture
def browser(boss, browser_of):
    return browser_of(boss)


def kept(name: str) -> dict:
    return Scope.objects.filter(name=name).values("label", "caps", "quiet_from", "quiet_days", "talks").get()


def test_every_scope_is_told_with_what_holds_in_it(browser, boss):
    rules = ruling.Rules(
        label="<b>NPS</b>", quiet_from=time(21), quiet_to=time(8), quiet_days=[7],
        caps=[Cap(1, 90 * 24), Cap(2, 36, "email", "normal")],
    )  # fmt: skip
    ruling.keep_rules("surveys/nps", rules, actor=boss)
    html = browser.get(PAGE).content.decode()
    for told in (
        "Everything unasked", "at most 4 in 7 days (all channels), stops all but the important",
        "&lt;b&gt;NPS&lt;/b&gt;", "at most 1 in 90 days (all channels)", "at most 2 in 36 hours (Email)", "21:00–08:00",
        "Sunday", "an open conversation", 'href="/settings/contact/rule?name=surveys/nps"',
    ):  # fmt: skip
        assert told in html, told


def test_a_form_that_is_sent_as_it_was_drawn_changes_nothing(browser, boss):
    ruling.keep_rules("x", ruling.Rules(label="X", caps=[Cap(3, 36, "api", "low")], quiet_days=[6]), actor=boss)
    for name in ("any", "surveys", "conversation", "x"):
        before = kept(name)
        drawn = form(browser.get(RULE, {"name": name}).content.decode(), "keep")
        drawn.pop("csrfmiddlewaretoken", None)
        assert browser.post(f"{RULE}?name={name}", drawn | {"what": "keep"}).status_code == 302
        assert kept(name) == before


@pytest.mark.parametrize("language", ["id", "ar"])
def test_what_a_scope_came_with_is_kept_as_it_came_in_whatever_language_it_is_read(browser, boss, language):
    from careline.accounts.models import Agent

    Agent.objects.update(language=language)
    html = browser.get(RULE, {"name": "surveys"}).content.decode()
    drawn = form(html, "keep")
    assert drawn["label"] != ["Surveys"]
    browser.post(f"{RULE}?name=surveys", drawn | {"what": "keep"})
    assert kept("surveys")["label"] == "Surveys"


def test_a_scope_is_made_changed_and_taken_away(browser, ada):
    html = browser.get(RULE).content.decode()
    drawn = form(html, "keep") | {"what": "keep", "label": "NPS", "name": "surveys/nps", "quiet_days": ["6", "7"]}
    drawn |= {"most": ["1", ""], "span": ["90", ""], "talks": "ours"}
    assert browser.post(RULE, drawn).status_code == 302
    found = kept("surveys/nps")
    assert found["caps"] == [{"most": 1, "hours": 2160, "channel": "", "upto": "high"}]
    assert (found["quiet_from"], found["quiet_days"], found["talks"]) == (time(21), [6, 7], "ours")
    assert browser.post(f"{RULE}?name=surveys/nps", {"what": "drop"}).status_code == 302
    assert browser.get(f"{RULE}?name=surveys/nps").status_code == 404
    assert 'value="drop"' not in browser.get(f"{RULE}?name=any").content.decode()
    assert browser.post(f"{RULE}?name=any", {"what": "drop"}).status_code == 409


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"name": "No"}, "A scope is named by small letters"), ({"label": " "}, "must not be empty"),
        ({"most": ["x"]}, "Write whole numbers."), ({"most": ["0"]}, "A limit is 1 to 1,000"),
        ({"span": [""]}, "Write whole numbers."), ({"quiet_from": "soon"}, "Write times like 21:00."),
        ({"quiet_to": ""}, "a beginning and an end"), ({"quiet_days": list("1234567")}, "Leave at least one day"),
        ({"promise_days": "-1"}, "Write whole numbers."), ({"promise_days": "999"}, "Give 0 to 365 days."),
        ({"talks": "x"}, "Choose one from the list."),
    ],
)  # fmt: skip
def test_what_cannot_be_is_told_and_what_was_written_stays(browser, wrong, told):
    given = {
        "what": "keep", "label": "NPS", "name": "nps", "priority": "low", "talks": "ours", "promise_days": "3",
        "quiet_from": "22:00", "quiet_to": "07:00", "most": ["7"], "span": ["77"], "unit": ["days"], "channel": [""],
        "upto": ["low"],
    }  # fmt: skip
    answer = browser.post(RULE, given | wrong)
    html = answer.content.decode()
    assert answer.status_code == 422
    assert told in html
    assert not Scope.objects.filter(name="nps").exists()
    for name, value in (given | wrong).items():
        if name in ("label", "quiet_to", "promise_days") and value.strip():
            assert f'value="{value}"' in html, name


def test_the_rules_are_tried_on_a_customer_and_nothing_is_kept(browser, ada, boss):
    found = browser.get(PAGE, {"q": "moreau", "purpose": "surveys", "channel": "api"}).content.decode()
    assert f"customer={ada.pk}&amp;purpose=surveys&amp;channel=api#trial" in found
    assert "Nobody is found by that." in browser.get(PAGE, {"q": "zzzz"}).content.decode()
    asked = {"customer": ada.pk, "purpose": "surveys", "channel": "api"}
    assert "They would be written to now." in browser.get(PAGE, asked).content.decode()
    contact.hold(ada.pk, "Asked for silence", actor=boss)
    html = browser.get(PAGE, asked).content.decode()
    assert "They would not be written to now." in html
    assert "This person is not to be contacted for now." in html
    assert not Decision.objects.exists()
    assert browser.get(PAGE, asked | {"customer": 999_999}).status_code == 404
    assert browser.get(PAGE, asked | {"customer": "x"}).status_code == 422
    assert browser.get(PAGE, asked | {"purpose": "\0"}).status_code == 422


def test_an_agent_reads_why_on_the_customers_page_and_changes_no_rules(ada, bo, browser_of, conversation):
    browser = browser_of(bo)
    for at in (PAGE, f"{RULE}?name=surveys"):
        assert browser.get(at).status_code == 403
    asked = {"purpose": "surveys", "channel": "api"}
    page = browser.get(f"/customers/{ada.pk}", asked).content.decode()
    assert "They would not be written to now." in page
    contact.decide(ada.pk, "surveys", "api", "k")
    page = browser.get(f"/customers/{ada.pk}").content.decode()
    assert page.count("A conversation with this person is open.") == 2, "on the line and in the log"
    assert "Not written to: Surveys" in page
