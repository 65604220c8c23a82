"""What can be worked out from a customer's moments: one figure, day or word from all of a kind that fit."""

from __future__ import annotations

import re
from typing import Any, Literal

import msgspec
from django.utils.translation import gettext as _

from careline.accounts import queries as accounts
from careline.accounts import values
from careline.customers import rules
from careline.kit import text
from careline.kit.refusals import Refused
from careline.touchpoints.kinds import KINDS

How = Literal["count", "sum", "average", "min", "max", "latest", "first", "last", "most_frequent"]
NUMBERS = ("sum", "average", "min", "max", "latest")
# What programs and rules call one.
NAME = re.compile(r"[a-z][a-z0-9_]{0,59}")
DEEPEST = 4
MOST = 10
# Talks, and the pages of a chat: moments that carry an inbox, of which not everybody sees every one.
IN_INBOXES = frozenset(
    {name for name, kind in KINDS.items() if kind.journey == "conversation"} | {"page.viewed", "outbound.queued"}
)
_PART = re.compile(r"[^\x00-\x1f.]{1,60}")


class Where(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a moment must say of itself to count."""

    fact: str
    test: Literal["is", "is_not", "contains", "at_least", "at_most", "set", "not_set"]
    value: rules.Value = None


class Formula(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`fact` is a path such as "total_minor" or "properties.plan"; of sums of money those in `currency` count."""

    how: How
    kind: str
    fact: str = ""
    currency: str = ""
    days: int | None = None
    where: list[Where] = []

    @property
    def type(self) -> Literal["number", "date", "text"]:
        """As the attributes of customers are typed."""
        if self.how == "most_frequent":
            return "text"
        return "date" if self.how in ("first", "last") else "number"

    @property
    def needs_fact(self) -> bool:
        return self.how in NUMBERS or self.how == "most_frequent"


def read(raw: Any) -> Formula:
    """A formula as it was stored or sent, or a sentence on what of it cannot be."""
    try:
        return _checked(msgspec.convert(raw, Formula))
    except (msgspec.ValidationError, RecursionError) as error:
        told = _("This cannot be worked out: %(why)s.") % {"why": str(error)[:300]}
        raise Refused(told, field="formula") from None


def written(formula: Formula) -> Any:
    return msgspec.to_builtins(formula)


def type_of(raw: Any) -> Literal["number", "date", "text"] | None:
    """Of one that was stored; nothing when it can no longer be read."""
    try:
        return read(raw).type
    except Refused:
        return None


def facts_of(kind: str) -> list[str]:
    """What moments of a kind say, by name."""
    return list(KINDS[kind].facts.__struct_fields__) if kind in KINDS else []


def is_money(kind: str, fact: str) -> bool:
    """A sum in the smallest unit of a currency that stands beside it."""
    return fact.endswith("_minor") and "." not in fact and "currency" in facts_of(kind)


def _checked(one: Formula) -> Formula:
    kind = KINDS.get(one.kind)
    # What a segment writes on the line is nothing a customer did.
    if kind is None or kind.subject != "person" or one.kind.startswith("segment."):
        raise Refused(_("There is no touchpoint of the kind “%(kind)s”.") % {"kind": one.kind[:60]}, field="kind")
    if one.needs_fact:
        _must_be_fact(one.kind, one.fact, "fact")
    else:
        one = msgspec.structs.replace(one, fact="")
    if one.days is not None and not 1 <= one.days <= rules.MOST_DAYS:
        told = _("Give a number from %(least)s to %(most)s.") % {"least": 1, "most": rules.MOST_DAYS}
        raise Refused(told, field="days")
    if len(one.where) > MOST:
        raise Refused(_("At most %(most)s things are asked of a moment.") % {"most": MOST}, field="where")
    for asked in one.where:
        _must_be_fact(one.kind, asked.fact, "where")
        rules.must_compare(asked.test, asked.value, field="where")
    return msgspec.structs.replace(one, currency=_currency(one))


def _currency(one: Formula) -> str:
    """Sums in several currencies add up to nothing, so one is named: that of the house, unless another is said."""
    if one.how not in NUMBERS or not is_money(one.kind, one.fact):
        return ""
    return values.currency(one.currency.strip().upper() or accounts.organization().currency)


def _must_be_fact(kind: str, fact: str, field: str) -> None:
    parts = fact.split(".")
    known = facts_of(kind)
    if not fact or len(parts) > DEEPEST or not all(_PART.fullmatch(one) for one in parts) or parts[0] not in known:
        told = _("Name one of the facts of this kind: %(facts)s.") % {"facts": ", ".join(known) or "–"}
        raise Refused(told, field=field)
    text.clean(fact, field=field, limit=rules.LONGEST)
