"""When a survey is sent: plans on the page, a plan as a form, and whom it would ask."""

from __future__ import annotations

import pytest

from careline.experience.surveys import actions, beginnings
from careline.experience.surveys.sending import planning, queries
from careline.experience.surveys.sending.shapes import FactTest, Planned

AFTER = {
    "name": "After orders", "kind": "after", "moment": "order.placed", "delay": "2", "span": "hours", "share": "30",
    "ways": "email conversation", "reminders": "1", "remind_days": "4", "ends_days": "9", "purpose": "surveys",
    "fact": ["total_minor", ""], "test": ["at_least", "is"], "value": ["5000", ""],
}  # fmt: skip


@pytest.fixture
def survey(boss):
    made = actions.create("Help", beginnings.form(beginnings.named("help"), "en"), actor=boss)
    actions.publish(made.pk, actor=boss)
    return made


def test_a_form_becomes_a_plan_and_stands_in_the_form_again(browser_of, boss, survey, inbox):
    browser = browser_of(boss)
    answer = browser.post(f"/surveys/{survey.pk}/when/new", AFTER | {"inboxes": [str(inbox.pk)], "then": "on"})
    assert (answer.status_code, answer["Location"]) == (302, f"/surveys/{survey.pk}/when")
    [kept] = queries.plans(boss, survey.pk)
    assert kept.is_on
    assert kept.planned == Planned(
        name="After orders", kind="after", moment="order.placed", delay_minutes=120, share=30, inbox_ids=[inbox.pk],
        ways=["email", "conversation"], reminders=1, remind_days=4, ends_days=9,
        facts=[FactTest("total_minor", "at_least", "5000")],
    )  # fmt: skip
    page = browser.get(f"/surveys/{survey.pk}/when/{kept.pk}").content.decode()
    for shown in ('value="After orders"', 'value="total_minor"', '<option value="hours" selected>', 'value="30"'):
        assert shown in page
    listed = browser.get(f"/surveys/{survey.pk}/when").content.decode()
    assert "30 percent of them" in listed
    assert browser.post(f"/surveys/{survey.pk}/when/{kept.pk}/activation", {"to": "off"}).status_code == 302
    assert not queries.plan(boss, survey.pk, kept.pk).is_on


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"share": "101"}, "Give 0 to 100 percent."), ({"share": "many"}, "Give a whole number."),
        ({"delay": "9999"}, "Ask at most 90 days later."), ({"moment": "page.viewed"}, "Nobody is asked after this."),
        ({"name": " "}, "Name"), ({"kind": "wave", "every": "1", "unit": "months", "hour": "9"}, "Say on which day"),
    ],
)  # fmt: skip
def test_what_cannot_be_kept_is_said_and_shown_again(browser_of, boss, survey, wrong, sentence):
    answer = browser_of(boss).post(f"/surveys/{survey.pk}/when/new", AFTER | wrong)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert sentence in page
    assert 'value="4"' in page or "kind" in wrong
    assert queries.plans(boss, survey.pk) == []


def test_it_is_counted_before_it_is_kept(browser_of, boss, survey, conversation):
    said = AFTER | {"moment": "conversation.opened", "share": "100", "fact": [], "test": [], "value": []}
    answer = browser_of(boss).post(f"/surveys/{survey.pk}/when/forecast", said, headers={"HX-Request": "true"})
    assert (answer.status_code, queries.plans(boss, survey.pk)) == (200, [])


def test_each_figure_opens(browser_of, boss, survey):
    made = planning.make_plan(survey.pk, Planned(name="Help", kind="after"), actor=boss)
    browser = browser_of(boss)
    for sort in queries.SORTS:
        assert browser.get(f"/surveys/{survey.pk}/when/{made.pk}/asked?of={sort}").status_code == 200
    assert browser.post(f"/surveys/{survey.pk}/when/{made.pk}/removal").status_code == 302
    assert browser.get(f"/surveys/{survey.pk}/when/{made.pk}").status_code == 404
