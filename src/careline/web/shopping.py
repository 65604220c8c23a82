"""What a step towards an order or after it says in words, and the other moments that programs tell."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext, gettext_noop

from careline.kit.money import Money

Facts = Mapping[str, Any]
Saying = dict[str, Any]

# The sentence alone, and with the name of what it was about.
STEPS = {
    "products.searched": (gettext_noop("Searched the shop"), ""),
    "products.listed": (gettext_noop("Looked through the shop"), ""),
    "product.viewed": (gettext_noop("Looked at a product"), gettext_noop("Looked at %(what)s")),
    "product.added": (gettext_noop("Put something into the cart"), gettext_noop("Put %(what)s into the cart")),
    "product.removed": (gettext_noop("Took something out of the cart"), gettext_noop("Took %(what)s out of the cart")),
    "product.wished": (gettext_noop("Noted a wish"), gettext_noop("Wishes for %(what)s")),
    "product.shared": (gettext_noop("Shared a product"), gettext_noop("Shared %(what)s")),
    "product.reviewed": (gettext_noop("Reviewed a product"), gettext_noop("Reviewed %(what)s")),
    "promotion.viewed": (gettext_noop("Saw an offer"), gettext_noop("Saw the offer %(what)s")),
    "promotion.clicked": (gettext_noop("Followed an offer"), gettext_noop("Followed the offer %(what)s")),
    "coupon.entered": (gettext_noop("Entered a coupon"), ""),
    "coupon.applied": (gettext_noop("Used a coupon"), ""),
    "coupon.refused": (gettext_noop("A coupon was not taken"), ""),
    "cart.viewed": (gettext_noop("Looked into the cart"), ""),
    "checkout.started": (gettext_noop("Went to the checkout"), ""),
    "checkout.advanced": (gettext_noop("Went on at the checkout"), ""),
    "payment.entered": (gettext_noop("Entered how to pay"), ""),
    "order.updated": (gettext_noop("Order changed"), ""),
    "order.refunded": (gettext_noop("Order refunded"), ""),
    "order.canceled": (gettext_noop("Order canceled"), ""),
}


def step(kind: str, facts: Facts) -> Saying | None:
    """Nothing for kinds that are none of these."""
    if kind not in STEPS:
        return None
    alone, named = STEPS[kind]
    product = str(facts.get("product", ""))
    of_order = kind.startswith("order.")
    return {
        "head": gettext(named) % {"what": product} if product and named else gettext(alone),
        "icon": "order" if of_order else "store",
        "way": gettext("Order") if of_order else gettext("Shop"),
        "shape": "deal" if of_order else "talk",
        "notes": worth(facts),
    }


def worth(facts: Facts) -> list[str]:
    minor, currency = facts.get("value_minor"), facts.get("currency")
    return [str(Money(minor, currency))] if minor is not None and currency else []


def screen(facts: Facts, _count: int) -> Saying:
    name = str(facts.get("name", ""))
    head = gettext("Opened the screen %(what)s") % {"what": name} if name else gettext("Opened a screen")
    return {"head": head, "icon": "smartphone", "way": gettext("App")}


def described(_facts: Facts, _count: int) -> Saying:
    return {"head": gettext("Said who they are"), "icon": "user", "way": gettext("Identity")}


def aliased(_facts: Facts, _count: int) -> Saying:
    return {"head": gettext("Known by one more id"), "icon": "user", "way": gettext("Identity")}


def grouped(facts: Facts, _count: int) -> Saying:
    what = str(facts.get("label") or facts.get("group", ""))
    return {"head": gettext("Belongs to %(what)s") % {"what": what}, "icon": "building", "way": gettext("Company")}


def ungrouped(facts: Facts, _count: int) -> Saying:
    what = str(facts.get("label") or facts.get("group", ""))
    return {
        "head": gettext("No longer belongs to %(what)s") % {"what": what},
        "icon": "building",
        "way": gettext("Company"),
    }
