"""Winning somebody back at the desk: the mark in the row, the card in the thread, and the page of all of them."""

from __future__ import annotations

import pytest

from careline.accounts.models import Role
from careline.kit.money import Money
from careline.service.recovery import actions
from careline.service.recovery.models import Recovery, Rule
from tests.web.settings.forms import form

pytestmark = pytest.mark.django_db
PIECE = {"HX-Request": "true"}


@pytest.fixture
def recovery(conversation, bo) -> Recovery:
    return actions.begin(conversation.pk, actor=bo, words="She sounded <b>done</b> with us.")


def card(answer) -> str:
    return answer.content.decode().partition('id="recovery"')[2].partition("</section>")[0]


def test_the_row_and_the_thread_say_why_and_until_when(recovery, bo, cy, browser_of):
    browser = browser_of(bo)
    listed = browser.get("/desk?view=recovery").content.decode()
    assert "data-marked" in listed
    assert 'data-when="until"' in listed
    shown = card(browser.get(f"/desk/{recovery.conversation_id}", headers=PIECE))
    assert "She sounded &lt;b&gt;done&lt;/b&gt; with us." in shown
    assert shown.count('aria-pressed="false"') == 3
    assert "Give goodwill…" not in shown


def test_steps_goodwill_and_the_end(recovery, bo, boss, browser_of):
    actions.allow(Role.objects.get(name="agent").pk, 1250, actor=boss)
    browser, at = browser_of(bo), f"/desk/{recovery.conversation_id}/recovery"
    done = card(browser.put(f"{at}/steps/2", headers=PIECE))
    assert done.count('aria-pressed="true"') == 1
    assert "You may give €12.50 here." in done
    refused = browser.post(f"{at}/goodwill", {"amount": "13", "once": "a"}, headers=PIECE)
    assert refused.status_code == 422
    assert "€12.50 here at most" in card(refused)
    given = card(browser.post(f"{at}/goodwill", {"amount": "12,50", "words": "A pan", "once": "a"}, headers=PIECE))
    assert "€12.50" in given
    assert "Give goodwill…" not in given
    assert browser.post(f"{at}/outcome", {}, headers=PIECE).status_code == 422
    ended = browser.post(f"{at}/outcome", {"outcome": "reached", "resolved": "1"})
    assert (ended.status_code, ended["Location"]) == (302, f"/desk/{recovery.conversation_id}")
    thread = browser.get(f"/desk/{recovery.conversation_id}", headers=PIECE).content.decode()
    for words in (
        "Bo Lindgren began to win them back", "Bo Lindgren did: Call them back", "Bo Lindgren gave €12.50",
        "Winning back ended: reached, and it is right again", 'id="recovery" hidden',
    ):  # fmt: skip
        assert words in thread, words


def test_without_scripts_a_refused_form_is_a_page(recovery, bo, browser_of):
    answer = browser_of(bo).post(f"/desk/{recovery.conversation_id}/recovery/goodwill", {"amount": "x", "once": "a"})
    assert answer.status_code == 422
    assert "<html" in answer.content.decode()


def test_every_figure_opens_what_is_behind_it(recovery, bo, cy, browser_of):
    for path in ("/recoveries", "/recoveries?which=late", "/recoveries?which=reached_came_back&days=28"):
        assert browser_of(cy).get(path).status_code == 200
    shown = browser_of(cy).get("/recoveries").content.decode()
    assert f"/desk/{recovery.conversation_id}" in shown
    assert "?which=missed_bought&amp;days=all#list" in shown
    assert "What became of them" not in browser_of(bo).get("/recoveries").content.decode()


def test_rules_are_seen_and_kept_as_they_were_drawn(boss, browser_of):
    browser, page = browser_of(boss), "/settings/recovery"
    shown = browser.get(page).content.decode()
    for words in ("CSAT at most 2 of 5", "any promise broken", "opened again 2 times", "8 open hours"):
        assert words in shown, words
    for rule in Rule.objects.values():
        drawn = form(browser.get(f"{page}/rule?rule={rule['id']}").content.decode(), "keep")
        drawn.pop("csrfmiddlewaretoken", None)
        assert browser.post(f"{page}/rule?rule={rule['id']}", drawn | {"what": "keep"}).status_code == 302
        after = Rule.objects.values().get(pk=rule["id"])
        assert after | {"changed_at": rule["changed_at"]} == rule
    new = {"what": "keep", "cause": "answer", "metric": "nps", "at_most": "11", "owner": "agent", "hours": "4"}
    refused = browser.post(f"{page}/rule", new)
    assert refused.status_code == 422
    assert "Give a score from 0 to below 10." in refused.content.decode()
    assert browser.post(f"{page}/rule", new | {"at_most": "3", "step": "call", "words": ""}).status_code == 302
    rule = Rule.objects.latest("pk")
    assert (rule.at_most, rule.minutes, rule.play) == (3, 240, [{"kind": "call"}])
    assert browser.post(f"{page}/rule?rule={rule.pk}", {"what": "drop"}).status_code == 302
    agent = Role.objects.get(name="agent").pk
    assert browser.post(page, {"what": "allow", f"most.{agent}": "25"}).status_code == 302
    assert 'value="25.00"' in browser.get(page).content.decode()


@pytest.mark.parametrize(("written", "minor"), [("12.50", 1250), ("12,5", 1250), ("0", 0), (" 7 ", 700)])
def test_a_sum_is_read_as_it_is_written(written, minor):
    assert Money.written(written, "EUR").minor == minor


@pytest.mark.parametrize("written", ["", "x", "1.234", "1e30", "NaN", "inf", "1 2"])
def test_what_is_no_sum_is_none(written):
    with pytest.raises(ValueError):  # whatever its words
        Money.written(written, "EUR")
