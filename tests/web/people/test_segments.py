"""The segment screens: a rule is written as a form, drawn again by its buttons, and kept as it was written."""

from __future__ import annotations

import re

import pytest

from careline.customers import actions
from careline.customers.models import Segment
from careline.touchpoints.kinds import KINDS
from careline.web.people import building

WAITING = {"0.about": "all", "0.count": "1", "0.0.about": "service:waiting", "0.0.test": "at_least", "0.0.times": "1"}


def test_a_rule_is_written_counted_and_kept(conversation, bo, browser_of):
    browser = browser_of(bo)
    drawn = browser.post("/customers/segments/draft", WAITING).content.decode()
    assert '<b class="num">1</b>' in drawn
    answer = browser.post("/customers/segments/new", WAITING | {"name": "Waiting"})
    segment = Segment.objects.get()
    assert answer["Location"] == f"/customers?segment={segment.pk}"
    assert segment.rule["conditions"][0]["what"] == "waiting"
    assert "Ada Moreau" in browser.get(answer["Location"]).content.decode()
    assert "Ada Moreau" in browser.get(f"{answer['Location']}&q=ada").content.decode()
    assert "Nobody of this segment" in browser.get(f"{answer['Location']}&q=zzz").content.decode()
    listed = browser.get("/customers/segments").content.decode()
    assert "Waiting" in listed
    assert "1 customer" in listed
    assert "Waiting" in browser.get(f"/customers/{conversation.person_id}").content.decode()
    browser.post(f"/customers/segments/{segment.pk}/removal")
    assert not Segment.objects.exists()


def test_how_long_is_written_in_hours_or_days_and_kept_in_hours(conversation, bo, browser_of):
    browser = browser_of(bo)
    long = WAITING | {"0.0.long": "3", "0.0.unit": "days"}
    drawn = browser.post("/customers/segments/draft", long).content.decode()
    assert '<b class="num">1</b>' in drawn, "it has waited since March"
    assert 'name="0.0.long" value="3"' in drawn
    assert '<option value="days" selected>' in drawn
    browser.post("/customers/segments/new", long | {"name": "Long"})
    assert Segment.objects.get().rule["conditions"][0]["hours"] == 72
    answer = browser.post("/customers/segments/new", WAITING | {"0.0.long": "-1", "name": "No"})
    assert answer.status_code == 422
    assert 'name="0.0.long"' not in browser.post(
        "/customers/segments/draft", WAITING | {"0.0.about": "service:open"}
    ).content.decode()  # fmt: skip


def test_buttons_add_and_drop_what_they_say(bo, browser_of):
    browser = browser_of(bo)
    more = browser.post("/customers/segments/draft", WAITING | {"do": "group:0"}).content.decode()
    assert 'name="0.1.0.about"' in more
    less = browser.post("/customers/segments/draft", WAITING | {"do": "drop:0.0"}).content.decode()
    assert 'name="0.0.about"' not in less
    assert "Say at least one thing in each group." in less
    assert browser.post("/customers/segments/new", WAITING | {"name": "", "do": ""}).status_code == 422


@pytest.mark.parametrize("do", ["drop:0.9", "add:0.0.0", "drop:0", "nonsense", "add:²"])
def test_a_button_of_another_page_changes_nothing_it_should_not(bo, browser_of, do):
    assert browser_of(bo).post("/customers/segments/draft", WAITING | {"do": do}).status_code == 200


def test_a_value_is_read_as_the_attribute_holds_it(boss):
    for name, type, choices in (("seats", "number", ()), ("vip", "boolean", ()), ("plan", "choice", ("gold", "free"))):
        actions.define_attribute(name, name, type, choices, actor=boss)
    form = {
        "0.about": "any", "0.count": "3", "0.0.about": "attribute:seats", "0.0.test": "is", "0.0.value": "7",
        "0.1.about": "attribute:vip", "0.1.test": "is", "0.1.value": "no:", "0.2.about": "attribute:plan",
        "0.2.test": "before", "0.2.value": "x",
    }  # fmt: skip
    words = building.Words(boss)
    tree = building.typed_by_definition(building.read(form), words)
    assert [(one["test"], one["value"]) for one in tree["conditions"]] == [("is", 7), ("is", False), ("is", "gold")]
    drawn = words.drawn(tree)
    assert [part["value"] for part in drawn["parts"]] == ["7", "no:", "gold"]


def test_moments_stand_as_words_and_not_as_codes(bo, browser_of):
    html = browser_of(bo).get("/customers/segments/new").content.decode()
    codes = [name for name, kind in KINDS.items() if kind.subject == "person" and not name.startswith("segment.")]
    options = dict(re.findall(r'<option value="happened:([^"]+)"[^>]*>([^<]+)</option>', html))
    assert set(options) == set(codes)
    assert options["order.placed"] == "Ordered"
    assert len(set(options.values())) == len(codes), "no two are called the same"
    for code, word in options.items():
        assert word[0].isupper(), f"{code} has no word of its own"


def test_effort_is_asked_for_as_a_number(conversation, bo, browser_of):
    form = {"0.about": "all", "0.count": "1", "0.0.about": "service:effort", "0.0.test": "at_most", "0.0.times": "0"}
    drawn = browser_of(bo).post("/customers/segments/draft", form).content.decode()
    assert '<option value="service:effort" selected>Effort of all conversations</option>' in drawn
    assert '<b class="num">1</b>' in drawn
