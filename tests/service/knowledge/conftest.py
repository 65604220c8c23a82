"""A house with somebody who writes, somebody who reads, and an article."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from careline.accounts.actor import Actor
    from careline.service.knowledge.models import Translation


@pytest.fixture
def stranger() -> Actor:
    from careline.accounts.actor import Actor

    return Actor(kind="customer", id=None, name="")


@pytest.fixture
def write(cy: Actor) -> Callable[..., Translation]:
    """An article as Cy writes it, published unless told otherwise."""
    from careline.service.knowledge import actions
    from careline.service.knowledge.shapes import Placed, Written

    def write(
        title: str, body: str = "Words about it.", *, language: str = "en", live: bool = True, **given: Any
    ) -> Translation:
        placed = Placed(
            audience=given.pop("audience", "public"), collection_id=given.pop("collection", None),
            review_on=given.pop("review_on", None),
        )  # fmt: skip
        made = actions.create(Written(title=title, body=body, **given), placed, actor=cy, language=language)
        if live:
            actions.publish(made.pk, actor=cy)
        return made

    return write
