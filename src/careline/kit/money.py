"""Sums in the smallest unit of their currency."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from babel.core import UnknownLocaleError
from babel.numbers import format_currency, get_currency_precision
from django.utils.translation import get_language
from typing_extensions import override

# More is a slip of the pen.
MOST = 10**15


@dataclass(frozen=True, slots=True)
class Money:
    minor: int
    currency: str

    def __post_init__(self) -> None:
        if len(self.currency) != 3 or not self.currency.isascii() or not self.currency.isupper():
            raise ValueError("A currency is three capital letters, as in ISO 4217.")

    @classmethod
    def written(cls, words: str, currency: str) -> Money:
        """As somebody types it, "12.50" or "12,50"; ValueError where that is no sum of the currency."""
        try:
            amount = Decimal(words.strip().replace(",", "."))
        except InvalidOperation:
            raise ValueError(words) from None
        minor = amount.scaleb(get_currency_precision(currency)) if amount.is_finite() else amount
        if not minor.is_finite() or abs(minor) > MOST or minor != minor.to_integral_value():
            raise ValueError(words)
        return cls(int(minor), currency)

    @property
    def amount(self) -> Decimal:
        return Decimal(self.minor).scaleb(-get_currency_precision(self.currency))

    @override
    def __str__(self) -> str:
        """As the reader's language writes it."""
        language = (get_language() or "en").replace("-", "_")
        try:
            return format_currency(self.amount, self.currency, locale=language)
        except (UnknownLocaleError, ValueError):
            return format_currency(self.amount, self.currency, locale="en")
