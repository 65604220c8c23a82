"""A conversation's attributes in two windows: what one keeps the other shows, and a form in hand stays as it is."""

from __future__ import annotations

import pytest

FORM, ORDER = "#talk-facts form", "#talk-facts input[name='attribute.order']"


@pytest.fixture
def opened(firm):
    found = firm.written(firm.chat("Attributes chat"), "The lid is broken.", name="Ada Meyer")["id"]
    for name, type in (("order", "text"), ("refund", "number")):
        form = {"name": name, "of": "conversation", "label": f"The {name}", "type": type, "choices": ""}
        firm.owner.must("/settings/attributes", what="define", **form)
    yield found
    for name in ("order", "refund"):
        firm.owner.must("/settings/attributes", what="drop", name=name)


@pytest.mark.long
def test_two_who_fill_in_different_fields_both_keep_theirs(window, firm, house, opened):
    one, other = window(firm.owner), window(firm.owner)
    for page in (one, other):
        page.goto(f"{house.url}/desk/{opened}")
        page.click("#talk-facts a")
        page.wait_for_selector(FORM)
    other.fill("#talk-facts input[name='attribute.refund']", "12.5")
    one.fill(ORDER, "A-17")
    one.keyboard.press("Enter")
    one.wait_for_selector("#talk-facts dd >> text=A-17")
    other.wait_for_selector("#messages >> text=changed: The order")
    # The window draws its pane again 300 ms after the line.
    other.wait_for_timeout(600)
    assert other.input_value("#talk-facts input[name='attribute.refund']") == "12.5"
    other.click(f"{FORM} button.main")
    for page in (one, other):
        page.wait_for_selector("#talk-facts dd >> text=12.5")
        assert "A-17" in page.inner_text("#talk-facts")
