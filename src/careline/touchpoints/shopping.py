"""Steps on the way to an order or after it, all with the same facts."""

SHOPPING = (
    "products.searched", "products.listed", "product.viewed", "product.added", "product.removed", "product.wished",
    "product.shared", "product.reviewed", "promotion.viewed", "promotion.clicked", "coupon.entered", "coupon.applied",
    "coupon.refused", "cart.viewed", "checkout.started", "checkout.advanced", "payment.entered", "order.updated",
    "order.refunded", "order.canceled",
)  # fmt: skip
