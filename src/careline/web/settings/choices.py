"""What can be chosen from: countries, currencies, languages, in the reader's language."""

from __future__ import annotations

from functools import lru_cache

from babel import Locale
from django.conf import settings
from django.utils.translation import get_language


def countries() -> list[tuple[str, str]]:
    return _countries(get_language() or "en")


@lru_cache(maxsize=8)
def _countries(language: str) -> list[tuple[str, str]]:
    names = Locale.parse(language, sep="-").territories
    real = (
        (code, name) for code, name in names.items() if len(code) == 2 and code.isalpha() and code not in NO_COUNTRY
    )
    return sorted(real, key=lambda pair: pair[1])


# Codes that stand for no country with telephones: unknown, unions, pseudo-places.
NO_COUNTRY = {"ZZ", "EU", "UN", "EZ", "XA", "XB", "QO", "AQ", "BV", "HM", "TF", "CP", "DG", "EA", "IC", "CQ"}


def currencies() -> list[tuple[str, str]]:
    return _currencies(get_language() or "en")


@lru_cache(maxsize=8)
def _currencies(language: str) -> list[tuple[str, str]]:
    names = Locale.parse(language, sep="-").currencies
    return [(code, f"{code} · {names.get(code, code)}") for code in CURRENCIES]


CURRENCIES = (
    "USD", "EUR", "GBP", "IDR", "AED", "AUD", "BRL", "CAD", "CHF", "CNY", "CZK", "DKK", "EGP", "HKD", "HUF", "ILS",
    "INR", "JPY", "KRW", "KWD", "MAD", "MXN", "MYR", "NOK", "NZD", "PHP", "PLN", "QAR", "RON", "SAR", "SEK", "SGD",
    "THB", "TND", "TRY", "TWD", "UAH", "VND", "ZAR",
)  # fmt: skip


def languages() -> list[tuple[str, str]]:
    return list(settings.LANGUAGES)
