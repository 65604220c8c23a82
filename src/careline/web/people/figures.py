"""What is worked out of customers, in words: a formula, and a value of it."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from careline.customers import formulas
from careline.customers.queries import Worked
from careline.kit.money import Money
from careline.kit.refusals import Refused
from careline.web import kind_words


def hows() -> list[tuple[str, str]]:
    return [
        ("count", _("How often")), ("sum", _("Sum")), ("average", _("Average")), ("min", _("Smallest")),
        ("max", _("Largest")), ("latest", _("Latest")), ("first", _("First day")), ("last", _("Last day")),
        ("most_frequent", _("Most frequent")),
    ]  # fmt: skip


def tests() -> list[tuple[str, str]]:
    return [
        ("is", _("is")), ("is_not", _("is not")), ("contains", _("contains")), ("at_least", _("is at least")),
        ("at_most", _("is at most")), ("set", _("is known")), ("not_set", _("is not known")),
    ]  # fmt: skip


def formula_words(raw: Any) -> list[str]:
    """Piece by piece: how, of which moments, of which days."""
    try:
        read = formulas.read(raw)
    except Refused as refusal:
        return [str(refusal)]
    found = [dict(hows())[read.how], kind_words.word(read.kind)]
    if read.fact:
        found.append(read.fact)
    if read.currency:
        found.append(read.currency)
    if read.days is not None:
        found.append(ngettext("in the last day", "in the last %(count)s days", read.days) % {"count": read.days})
    words = dict(tests())
    return found + [
        " ".join([one.fact, words[one.test], *([] if one.value is None else [str(one.value)])]) for one in read.where
    ]


def value_words(raw: Any, value: Any) -> str:
    """As people write it: sums with their currency, figures without noughts behind."""
    currency = str(raw.get("currency") or "") if isinstance(raw, dict) else ""
    if isinstance(value, str) or value is None:
        return value or ""
    number = Decimal(str(value))
    if currency:
        return str(Money(int((number / Money(1, currency).amount).to_integral_value()), currency))
    return f"{number:,.4f}".rstrip("0").rstrip(".")


def origin_words(one: Worked) -> str:
    return ngettext("Worked out from %(count)s moment", "Worked out from %(count)s moments", one.moments) % {
        "count": one.moments
    }
