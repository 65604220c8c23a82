"""Rules that are on, and the line they hear."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from careline.service.rules.models import Rule


@pytest.fixture(autouse=True)
def _by_chat(ada: Any, inbox: Any) -> None:
    """Ada's browser has a key, by which the chat reaches her."""
    from careline.customers.models import Identity

    Identity.objects.create(person=ada, kind="visitor", scope=f"inbox:{inbox.pk}", value="v" * 20, original="v" * 20)


@pytest.fixture
def ruled(boss: Any) -> Callable[..., Rule]:
    """A rule that is on: `ruled({"kind": "message.received"}, {"do": "tag", "tags": ["x"]}, asked=[...])`."""
    from careline.service.rules import actions

    def ruled(when: dict[str, Any], *then: dict[str, Any], asked: list[Any] | None = None, name: str = "One") -> Rule:
        made = actions.keep(name, when, {"all": asked or []}, list(then), actor=boss)
        return actions.switch(made.pk, on=True, actor=boss)

    return ruled


@pytest.fixture
def heard(db: None) -> Callable[[], None]:
    """Everything on the line so far, given to the rules and to who shows what was asked, until nothing new comes."""
    from careline.service.conversations import reactions as talks
    from careline.service.rules import reactions, reading
    from careline.touchpoints.models import Touchpoint
    from careline.touchpoints.moments import Moment

    told: set[Any] = set()

    def heard() -> None:
        while True:
            rows = list(Touchpoint.objects.exclude(id__in=told).order_by("recorded_at", "id"))
            if not rows:
                return
            told.update(row.id for row in rows)
            moments = [Moment(**{name: getattr(row, name) for name in Moment.__struct_fields__}) for row in rows]
            reactions.apply([one for one in moments if one.kind in reading.HEARD])
            talks.show_asked([one for one in moments if one.kind == "outbound.queued"])

    return heard
