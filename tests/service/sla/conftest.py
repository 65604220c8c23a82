"""A house that promises: policies, the line delivered to the room, and what is told of promises."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from careline.accounts.actor import Actor
    from careline.service.sla.models import Policy


@pytest.fixture
def promise(boss: Actor) -> Callable[..., Policy]:
    """`promise(first=60, name="Fast", conditions={…})`."""
    from careline.service.sla import actions
    from careline.service.sla.terms import Terms

    def promise(*, name: str = "Usual", conditions: Any = None, is_on: bool = True, **said: Any) -> Policy:
        ruling = actions.Ruling(name=name, terms=Terms(**said), conditions=conditions or {}, is_on=is_on)
        return actions.keep_policy(ruling, actor=boss)

    return promise


@pytest.fixture
def deliver(line_of: Callable[[int], list[Any]], ada: Any) -> Callable[..., None]:
    """What is new on Ada's line, given to the room as the worker does; and to recovery what it hears."""
    from careline.service.recovery import matching
    from careline.service.recovery import reactions as recovery
    from careline.service.sla import reactions
    from careline.touchpoints.moments import Moment

    told: set[Any] = set()

    def deliver() -> None:
        new = [one for one in line_of(ada.pk) if one.id not in told]
        told.update(one.id for one in new)
        moments = [
            Moment(
                one.id, one.kind, one.version, one.person_id, one.agent_id, one.inbox_id, one.actor_kind, one.actor_id,
                one.source, one.journey, one.occurred_at, one.recorded_at, one.facts,
            )
            for one in new
        ]  # fmt: skip
        reactions.promise([one for one in moments if one.kind in reactions.hearing.HEARD])
        recovery.recover([one for one in moments if one.kind in matching.HEARD])

    return deliver


@pytest.fixture
def wrote(inbox: Any, ada: Any, conversation: Any) -> Callable[[datetime], None]:
    from careline.accounts.actor import Actor
    from careline.service.conversations import actions as talks

    def wrote(at: datetime) -> None:
        talks.hear(
            conversation.pk, actor=Actor.customer(ada.pk, inbox.pk, name=ada.name), body="And now?", at=at,
            client_id=f"c{at}",
        )  # fmt: skip

    return wrote


@pytest.fixture
def told(line_of: Callable[[int], list[Any]], ada: Any) -> Callable[[], list[tuple[str, str, datetime]]]:
    """Promises on Ada's line: kind, which, when."""

    def told() -> list[tuple[str, str, datetime]]:
        found = [one for one in line_of(ada.pk) if one.kind.startswith("promise.")]
        return [(one.kind.partition(".")[2], one.facts["what"], one.occurred_at) for one in found]

    return told
