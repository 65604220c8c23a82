"""What is known of a customer on their page: with its origin, changed by a form that knows its type."""

from __future__ import annotations

import pytest

from careline.customers import actions, queries
from careline.customers.models import Trait


def test_attributes_are_defined_changed_on_the_page_and_taken_away(ada, boss, bo, browser_of):
    house, browser = browser_of(boss), browser_of(bo)
    for name, type, choices in (
        ("plan", "choice", "gold\nfree"), ("seats", "number", ""), ("since", "date", ""), ("vip", "boolean", ""),
        ("city", "text", ""),
    ):  # fmt: skip
        form = {"what": "define", "name": name, "label": name.title(), "type": type, "choices": choices}
        assert house.post("/settings/attributes", form).status_code == 302
    assert "Seats" in house.get("/settings/attributes").content.decode()
    given = {"plan": "gold", "seats": "2.5", "since": "2026-01-02", "vip": "no", "city": "Oslo"}
    form = {f"attribute.{name}": value for name, value in given.items()} | {"what": "attributes"}
    assert browser.post(f"/customers/{ada.pk}/change", form).status_code == 302
    assert queries.customer(bo, ada.pk).attributes == {
        "plan": "gold", "seats": 2.5, "since": "2026-01-02", "vip": False, "city": "Oslo",
    }  # fmt: skip
    page = browser.get(f"/customers/{ada.pk}").content.decode()
    for word in ("2.5", "Seats", "Bo Lindgren", 'value="2026-01-02"'):
        assert word in page
    wrong = browser.post(f"/customers/{ada.pk}/change", form | {"attribute.seats": "many"})
    assert wrong.status_code == 422
    assert "seats must be a number." in wrong.content.decode()
    browser.post(f"/customers/{ada.pk}/change", {"what": "attributes", "attribute.city": ""})
    assert "city" not in queries.customer(bo, ada.pk).attributes
    house.post("/settings/attributes", {"what": "drop", "name": "plan"})
    assert "plan" not in queries.customer(bo, ada.pk).attributes


def test_the_page_says_under_which_number_a_value_stands(ada, bo, browser_of):
    twin = actions.find_or_create([], actor=bo, name="T", zone="Europe/Oslo").person
    actions.merge(ada.pk, twin.pk, actor=bo)
    assert f"under number {twin.pk}" in browser_of(bo).get(f"/customers/{ada.pk}").content.decode()


def test_a_name_that_a_program_told_is_said_once_unless_it_is_another(ada, bo, browser_of):
    browser = browser_of(bo)
    word = "<dt>name</dt>"
    for said, times in ((ada.name, 0), ({"first": "Ada"}, 1)):
        Trait.objects.update_or_create(person=ada, name="name", defaults={"value": said, "source": "source:1"})
        assert browser.get(f"/customers/{ada.pk}").content.decode().count(word) == times
    twin = actions.find_or_create([], actor=bo, name="T").person
    assert browser.get(f"/customers/{ada.pk}/merge?other={twin.pk}").content.decode().count(word) == 1


def test_consent_is_noted_on_the_page_and_told_before_a_merge(ada, bo, browser_of):
    browser = browser_of(bo)
    form = {"what": "consent", "purpose": "newsletter", "given": "no"}
    assert browser.post(f"/customers/{ada.pk}/change", form).status_code == 302
    assert "withdrawn" in browser.get(f"/customers/{ada.pk}").content.decode()
    twin = actions.find_or_create([], actor=bo, name="T").person
    assert "newsletter" in browser.get(f"/customers/{ada.pk}/merge?other={twin.pk}").content.decode()
    assert browser.post(f"/customers/{ada.pk}/change", form | {"purpose": "No!"}).status_code == 422


@pytest.mark.parametrize(("code", "reader", "words"), [
    ("en", "en", "English"), ("ar", "id", "Arab"), ("pt-BR", "en", "Portuguese (Brazil)"),
    ("xx-nothing", "en", "xx-nothing"),
])  # fmt: skip
def test_a_language_is_called_as_the_reader_calls_it(code, reader, words):
    from careline.web.people.drawn import language_words

    assert language_words(code, reader) == words
