"""What goes wrong for Ada, told on her line."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from careline.touchpoints.moments import Moment


@pytest.fixture
def told(ada: Any) -> Callable[..., Moment]:
    """A moment on somebody's line, as a subscriber gets it: `told("survey.answered", score=2)`."""
    from django.db import transaction

    from careline import touchpoints
    from careline.accounts.actor import SYSTEM
    from careline.touchpoints.models import Touchpoint
    from careline.touchpoints.moments import Moment

    def told(kind: str, *, person: int | None = None, actor: Any = SYSTEM, at: Any = None, **facts: Any) -> Moment:
        if kind == "survey.answered":
            facts = {"survey": "after-help", "metric": "csat", "scale_min": 1, "scale_max": 5, **facts}
        with transaction.atomic():
            landed = touchpoints.record(
                kind, person=person or ada.pk, actor=actor, source="test", occurred_at=at, **facts
            )
        row = Touchpoint.objects.get(id=landed)
        return Moment(**{name: getattr(row, name) for name in Moment.__struct_fields__})

    return told


@pytest.fixture
def recover(told: Callable[..., Moment]) -> Callable[..., Moment]:
    """The same, and what the room does about it."""
    from careline.service.recovery import reactions

    def recover(kind: str = "survey.answered", **facts: Any) -> Moment:
        moment = told(kind, **facts)
        reactions.recover([moment])
        return moment

    return recover
