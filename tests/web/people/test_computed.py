"""The screens of computed traits: a formula written as a form, counted while it is, kept, shown with its origin."""

from __future__ import annotations

import pytest

from careline import touchpoints
from careline.accounts.actor import SYSTEM
from careline.customers.models import ComputedTrait
from careline.web.people import building, figures

SPENT = {"how": "sum", "kind": "order.placed", "fact": "total_minor", "currency": "eur", "days": "90"}


@pytest.fixture
def bought(ada):
    for minor, stage in ((1000, "buy"), (250, "buy"), (700, "back")):
        touchpoints.record(
            "order.placed", person=ada.pk, actor=SYSTEM, source="test", order="A-1", total_minor=minor, currency="EUR",
            stage=stage,
        )  # fmt: skip


def test_a_formula_is_written_counted_kept_and_stands_on_the_customers_page(ada, bought, boss, bo, browser_of):
    browser = browser_of(boss)
    where = {"where.count": "1", "where.0.fact": "stage", "where.0.test": "is", "where.0.value": "buy"}
    drawn = browser.post("/customers/traits/draft", SPENT | where).content.decode()
    assert '<b class="num">1</b> of 1 customer has a value' in drawn
    assert "€12.50" in drawn
    answer = browser.post("/customers/traits/new", SPENT | where | {"label": "Spent", "name": "spent"})
    assert answer["Location"] == "/customers/traits"
    trait = ComputedTrait.objects.get()
    assert trait.formula["where"] == [{"fact": "stage", "test": "is", "value": "buy"}]
    listed = browser.get("/customers/traits").content.decode()
    assert "Spent" in listed
    assert "in the last 90 days" in listed
    page = browser_of(bo).get(f"/customers/{ada.pk}").content.decode()
    assert "€12.50" in page
    assert "Worked out from 2 moments" in page
    again = browser.post(f"/customers/traits/{trait.pk}", SPENT | {"label": "Spent in all"})
    assert again.status_code == 302
    assert "€19.50" in browser_of(bo).get(f"/customers/{ada.pk}").content.decode()
    browser.post(f"/customers/traits/{trait.pk}/removal")
    assert not ComputedTrait.objects.exists()


def test_buttons_add_and_drop_what_is_asked(boss, browser_of):
    browser = browser_of(boss)
    more = browser.post("/customers/traits/draft", SPENT | {"do": "add", "where.count": "0"}).content.decode()
    assert 'name="where.0.fact"' in more
    assert "Name one of the facts of this kind" in more
    asked = {"where.count": "1", "where.0.fact": "stage", "where.0.test": "set"}
    less = browser.post("/customers/traits/draft", SPENT | asked | {"do": "drop:0"}).content.decode()
    assert 'name="where.0.fact"' not in less


@pytest.mark.parametrize(
    "form",
    [
        {}, {"how": "sum", "kind": "order.placed"}, SPENT | {"days": "-1"}, SPENT | {"days": "²"},
        SPENT | {"currency": "XX"}, SPENT | {"do": "drop:²"}, SPENT | {"where.count": "9" * 9},
    ],
)  # fmt: skip
def test_what_cannot_be_is_said_and_shown_again(form, boss, browser_of):
    browser = browser_of(boss)
    assert browser.post("/customers/traits/draft", form).status_code == 200
    answer = browser.post("/customers/traits/new", form | {"label": "X", "name": "x", "do": ""})
    assert answer.status_code == 422 or ("do" in form and answer.status_code == 302) or "where.count" in form


def test_one_that_a_segment_asks_for_says_so(boss, browser_of):
    browser = browser_of(boss)
    browser.post("/customers/traits/new", SPENT | {"label": "Spent", "name": "spent"})
    rule = {
        "0.about": "all", "0.count": "1", "0.0.about": "computed:spent", "0.0.test": "at_least", "0.0.value": "10",
    }  # fmt: skip
    drawn = browser.post("/customers/segments/draft", rule).content.decode()
    assert '<option value="computed:spent" selected>Spent</option>' in drawn
    browser.post("/customers/segments/new", rule | {"name": "Spends"})
    answer = browser.post(f"/customers/traits/{ComputedTrait.objects.get().pk}/removal")
    assert answer.status_code == 409
    assert "1 segment asks for it" in answer.content.decode()


def test_a_condition_is_read_as_the_trait_is_typed(boss, browser_of):
    browser_of(boss).post("/customers/traits/new", SPENT | {"label": "Spent", "name": "spent"})
    words = building.Words(boss)
    form = {"0.about": "all", "0.count": "1", "0.0.about": "computed:spent", "0.0.test": "is", "0.0.value": "7,5"}
    [condition] = building.typed_by_definition(building.read(form), words)["conditions"]
    assert condition == {"of": "computed", "name": "spent", "test": "is", "value": 7.5}
    assert "contains" not in dict(words.tests(condition))


def test_values_are_written_as_people_write_them():
    assert figures.value_words({"currency": "JPY"}, 1200) == "¥1,200"
    assert figures.value_words({}, 1234.5) == "1,234.5"
    assert figures.value_words({}, 3) == "3"
    assert figures.value_words({}, "2026-03-02") == "2026-03-02"
