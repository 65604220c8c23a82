"""Verbs of knowledge; each is one transaction: lock, rule, record, return."""

from careline.service.knowledge.actions.arranging import (
    drop_collection,
    drop_redirect,
    keep_centre,
    keep_collection,
    order_collections,
    redirect,
)
from careline.service.knowledge.actions.hearing import judge, settle_asked
from careline.service.knowledge.actions.picturing import add_picture
from careline.service.knowledge.actions.publishing import archive, publish, restore, withdraw
from careline.service.knowledge.actions.writing import Clashed, change, create, drop_translation, place, translate

__all__ = [
    "Clashed", "add_picture", "archive", "change", "create", "drop_collection", "drop_redirect", "drop_translation",
    "judge", "keep_centre", "keep_collection", "order_collections", "place", "publish", "redirect", "restore",
    "settle_asked", "translate", "withdraw",
]  # fmt: skip
