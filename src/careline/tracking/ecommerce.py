"""What the events of Segment's ecommerce specification, version 2, are on a line, before anybody made a rule."""

from __future__ import annotations

from careline.tracking.meaning import Meaning

_ORDER = (("order", "order_id"),)
_CHECKOUT = (("checkout", "checkout_id"), ("order", "order_id"), ("cart", "cart_id"))
_CART = (("cart", "cart_id"),)
_PRODUCT = ("price", "value")
_SUM = ("total", "revenue", "value")


def _meaning(kind: str, stage: str, journeys: tuple[tuple[str, str], ...] = (), value: tuple[str, ...] = ()) -> Meaning:
    return Meaning(kind, stage=stage, journeys=journeys, value=value, currency=("currency",))


# The names are folded, as `meaning.folded` does.
MEANINGS: dict[str, Meaning] = {
    "products searched": _meaning("products.searched", "browse"),
    "product list viewed": _meaning("products.listed", "browse"),
    "product list filtered": _meaning("products.listed", "browse"),
    "product clicked": _meaning("product.viewed", "browse", value=_PRODUCT),
    "product viewed": _meaning("product.viewed", "browse", value=_PRODUCT),
    "promotion viewed": _meaning("promotion.viewed", "browse"),
    "promotion clicked": _meaning("promotion.clicked", "browse"),
    "product added": _meaning("product.added", "cart", _CART, _PRODUCT),
    "product removed": _meaning("product.removed", "cart", _CART, _PRODUCT),
    "cart viewed": _meaning("cart.viewed", "cart", _CART),
    "product added to wishlist": _meaning("product.wished", "browse", value=_PRODUCT),
    "product removed from wishlist": _meaning("event.tracked", "browse"),
    "wishlist product added to cart": _meaning("product.added", "cart", _CART, _PRODUCT),
    "checkout started": _meaning("checkout.started", "checkout", _CHECKOUT, _SUM),
    "checkout step viewed": _meaning("checkout.advanced", "checkout", _CHECKOUT),
    "checkout step completed": _meaning("checkout.advanced", "checkout", _CHECKOUT),
    "payment info entered": _meaning("payment.entered", "checkout", _CHECKOUT),
    "coupon entered": _meaning("coupon.entered", "checkout", (("order", "order_id"), ("cart", "cart_id"))),
    "coupon applied": _meaning("coupon.applied", "checkout", (("order", "order_id"), ("cart", "cart_id"))),
    "coupon denied": _meaning("coupon.refused", "checkout", (("order", "order_id"), ("cart", "cart_id"))),
    "coupon removed": _meaning("event.tracked", "checkout", (("order", "order_id"), ("cart", "cart_id"))),
    "order completed": _meaning("order.placed", "buy", _ORDER, _SUM),
    "order updated": _meaning("order.updated", "buy", _ORDER, _SUM),
    "order refunded": _meaning("order.refunded", "after", _ORDER, _SUM),
    "order cancelled": _meaning("order.canceled", "after", _ORDER, _SUM),
    "order canceled": _meaning("order.canceled", "after", _ORDER, _SUM),
    "product shared": _meaning("product.shared", "after"),
    "cart shared": _meaning("product.shared", "after", _CART),
    "product reviewed": _meaning("product.reviewed", "after"),
}
