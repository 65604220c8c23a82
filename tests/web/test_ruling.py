"""The pages of rules: written with and without a script, tried, switched on, put in order."""

from __future__ import annotations

import pytest

from careline.customers.models import AttributeDefinition
from careline.service.rules import actions, queries
from careline.service.rules.models import Rule
from tests.web.settings.forms import form

pytestmark = pytest.mark.django_db
LIST, ONE = "/settings/automation", "/settings/automation/rule"
FORM = {
    "name": "Money first", "when": "kind:conversation.opened", "if.how": "all", "if.count": "1",
    "if.0.field": "text", "if.0.op": "contains", "if.0.value": "money",
    "steps": "2", "step.0.do": "tag", "step.0.tags": "refund, money ,", "step.1.do": "wait", "step.1.number": "2",
    "step.1.unit": "days",
}  # fmt: skip


def written(answer) -> dict[str, str]:
    """What a browser would send of a rule's form."""
    found = form(answer.content.decode(), "keep")
    return {name: values[-1] for name, values in found.items() if name not in ("what", "do")}


@pytest.fixture
def page(browser_of, boss):
    return browser_of(boss)


def test_a_rule_is_written_tried_and_switched_on(page, boss, conversation):
    refused = page.post(ONE, FORM | {"what": "keep"})
    assert refused.status_code == 422
    assert "Nothing follows the wait" in refused.content.decode()
    whole = FORM | {
        "steps": "3",
        "step.2.do": "state",
        "step.2.state": "snoozed",
        "step.2.number": "3",
        "step.2.unit": "minutes",
    }
    tried = page.post(ONE, whole | {"what": "try"})
    assert tried.status_code == 200
    assert not Rule.objects.exists()
    assert page.post(ONE, whole | {"what": "keep"}).status_code == 302
    rule = Rule.objects.get()
    assert rule.content["then"] == [
        {"do": "tag", "tags": ["refund", "money"]}, {"do": "wait", "minutes": 2880},
        {"do": "state", "state": "snoozed", "minutes": 3},
    ]  # fmt: skip
    shown = page.get(f"{ONE}?rule={rule.pk}").content.decode()
    assert 'value="refund, money"' in shown
    page.post(LIST, {"what": "on", "rule": rule.pk})
    listed = page.get(LIST).content.decode()
    assert "What the customer wrote contains “money”" in listed
    assert "wait 2 days" in listed
    assert queries.rule(boss, rule.pk).is_on


def test_every_step_comes_back_as_it_was_written(page, boss, inbox):
    AttributeDefinition.objects.create(name="urgent", of="conversation", label="Urgent", type="boolean")
    then = [
        {"do": "tag", "tags": ["a"]}, {"do": "untag", "tags": ["b", "c"]}, {"do": "priority", "priority": 0},
        {"do": "assign", "agent_id": str(boss.agent_id)}, {"do": "note", "words": "One\ntwo"},
        {"do": "reply", "words": {"en": "Hi {{customer}}", "ar": "مرحبًا", "xx": "kept"}},
        {"do": "field", "name": "urgent", "value": False}, {"do": "state", "state": "snoozed", "minutes": 90},
        {"do": "thread", "next_words": "join"}, {"do": "wait", "minutes": 1440}, {"do": "state", "state": "resolved"},
    ]  # fmt: skip
    asked = {
        "any": [
            {"field": "inbox", "op": "is", "value": str(inbox.pk)}, {"field": "silence", "op": "at_least", "value": 90},
            {"all": [{"field": "attribute:urgent", "op": "is", "value": True}, {"field": "team", "op": "not_set"}]},
            {"field": "trait:risk", "op": "at_least", "value": 0.5}, {"field": "priority", "op": "is", "value": 4},
        ]
    }  # fmt: skip
    rule = actions.keep("All", {"since": "opened", "minutes": 120}, asked, then, actor=boss)
    before = rule.content
    address = f"{ONE}?rule={rule.pk}"
    assert page.post(address, written(page.get(address)) | {"what": "keep"}).status_code == 302
    rule.refresh_from_db()
    assert (rule.content, rule.version) == (before, 1)


def test_buttons_work_without_a_script(page):
    more = page.post(ONE, FORM | {"do": "step-add"}).content.decode()
    assert 'name="step.2.do"' in more
    fewer = page.post(ONE, FORM | {"do": "step-drop:0"}).content.decode()
    assert 'name="step.1.do"' not in fewer
    assert 'name="if.0.field"' not in page.post(ONE, FORM | {"do": "drop:if.0"}).content.decode()
    assert 'name="if.1.count"' in page.post(ONE, FORM | {"do": "group:if"}).content.decode()
    assert 'name="if.1.field"' in page.post("/conditions/draft", FORM | {"do": "add:if"}).content.decode()
    assert 'name="step.1.tags"' in page.post("/settings/automation/draft", FORM | {"do": "step-up:1"}).content.decode()
    assert not Rule.objects.exists()


def test_ready_rules_are_added_ordered_and_programs_told(page, boss):
    for name in ("closing", "closed"):
        page.post(LIST, {"what": "ready", "name": name})
    first, second = queries.rules(boss)
    page.post(LIST, {"what": "up", "rule": second.pk})
    assert [one.pk for one in queries.rules(boss)] == [second.pk, first.pk]
    made = page.post(LIST, {"what": "program", "name": "Shop", "url": "https://shop.example/hook"}).content.decode()
    assert "whsec_" in made
    assert "whsec_" not in page.get(LIST).content.decode()
    assert page.post(LIST, {"what": "program", "name": "Shop", "url": "ftp://x"}).status_code == 422
