"""Refusals, clock, money."""

from __future__ import annotations

from datetime import UTC, timedelta

import pytest
from django.utils import translation

from careline.kit import clock, refusals
from careline.kit.money import Money


@pytest.mark.parametrize(
    ("refusal", "status", "code"),
    [
        (refusals.Refused, 422, "refused"),
        (refusals.NotVisible, 404, "not_found"),
        (refusals.NotAllowed, 403, "not_allowed"),
        (refusals.Conflicting, 409, "conflict"),
        (refusals.TooLarge, 413, "too_large"),
        (refusals.TooMany, 429, "too_many"),
    ],
)
def test_a_refusal_is_a_sentence_with_a_status(refusal: type[refusals.Refused], status: int, code: str) -> None:
    refused = refusal("Someone else closed this conversation first.", field="state")
    assert (refused.status, refused.code, refused.field) == (status, code, "state")
    assert str(refused) == "Someone else closed this conversation first."
    assert isinstance(refused, refusals.Refused)


def test_too_many_says_when_to_come_back() -> None:
    assert refusals.TooMany("Too many attempts.", retry_after=60).retry_after == 60


def test_the_clock_knows_its_zone() -> None:
    assert clock.now().tzinfo is UTC
    assert clock.now() - clock.now() < timedelta(seconds=1)


@pytest.mark.parametrize(
    ("money", "language", "shown"),
    [
        (Money(125050, "EUR"), "en", "€1,250.50"),
        (Money(125050, "EUR"), "id", "€1.250,50"),
        (Money(1250, "JPY"), "en", "¥1,250"),
        (Money(1250, "KWD"), "en", "KWD1.250"),
        (Money(-5, "USD"), "en", "-$0.05"),
        (Money(1, "GBP"), "xx", "£0.01"),
    ],
)
def test_money_is_written_as_the_reader_writes_it(money: Money, language: str, shown: str) -> None:
    with translation.override(language):
        assert str(money) == shown


@pytest.mark.parametrize("currency", ["", "eur", "EURO", "€€€"])
def test_what_is_no_currency_is_no_money(currency: str) -> None:
    with pytest.raises(ValueError, match="ISO 4217"):
        Money(1, currency)
