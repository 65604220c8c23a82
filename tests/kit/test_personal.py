"""The register of personal data."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from careline.kit import personal


@pytest.fixture
def register() -> Iterator[None]:
    """An empty one; the house's own is put back."""
    holders, exempt = dict(personal._holders), dict(personal._exempt)
    personal._holders.clear()
    personal._exempt.clear()
    yield
    personal._holders.clear()
    personal._holders.update(holders)
    personal._exempt.clear()
    personal._exempt.update(exempt)


def test_everything_about_a_person_is_exported_by_model(register: None) -> None:
    personal.register("shop.Order", export=lambda person: [{"person": person}], erase=lambda person: 1)
    personal.register("shop.Visit", export=lambda person: [], erase=lambda person: 0)
    assert personal.export(7) == {"shop.Order": [{"person": 7}]}
    assert personal.registered() == {"shop.Order", "shop.Visit"}


def test_rooms_above_erase_first(register: None, db: None) -> None:
    order: list[str] = []

    def erases(label: str) -> None:
        personal.register(label, export=lambda _person: [], erase=lambda _person: order.append(label) or 1)

    erases("customers.Person")
    erases("conversations.Message")
    assert personal.erase(7) == {"conversations.Message": 1, "customers.Person": 1}
    assert order == ["conversations.Message", "customers.Person"]


def test_nobody_is_in_the_register_twice(register: None) -> None:
    personal.register("shop.Order", export=lambda _person: [], erase=lambda _person: 0)
    personal.exempt("shop.Product", "describes goods")
    for label in ("shop.Order", "shop.Product"):
        with pytest.raises(ValueError, match="already in the register"):
            personal.register(label, export=lambda _person: [], erase=lambda _person: 0)
        with pytest.raises(ValueError, match="already in the register"):
            personal.exempt(label, "describes goods")


def test_an_exemption_needs_a_reason(register: None) -> None:
    with pytest.raises(ValueError, match="needs a reason"):
        personal.exempt("shop.Product", " ")
    assert personal.exempted() == {}
