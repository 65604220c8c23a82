"""A house where customers ask and colleagues answer."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from careline.accounts.actor import Actor
    from careline.channels.models import Inbox


@pytest.fixture(autouse=True)
def nothing_in_memory() -> None:
    from careline.service.assist.suggesting import finding
    from careline.service.knowledge import meaning

    finding.forget()
    meaning.forget()


@pytest.fixture
def asks(inbox: Inbox) -> Callable[..., int]:
    """Somebody new writes; the number of the conversation."""
    from tests.service.assist.earned import asker

    return asker(inbox)


@pytest.fixture
def learned() -> Callable[[], None]:
    """The line is heard, and what was answered has its vectors."""
    from careline.service.assist.suggesting import learning, reactions
    from careline.touchpoints import Moment
    from careline.touchpoints.models import Touchpoint

    def learned() -> None:
        sent = Touchpoint.objects.filter(kind="message.sent").order_by("recorded_at", "id")
        fields = Moment.__struct_fields__
        reactions.learn_answers([Moment(**{name: getattr(one, name) for name in fields}) for one in sent])
        learning.give_vectors()

    return learned


@pytest.fixture
def answers(asks: Callable[..., int], bo: Actor) -> Callable[..., int]:
    """Somebody asks, and Bo answers."""
    from careline.service.conversations import actions

    def answers(body: str, reply: str, *, actor: Actor = bo, **given: object) -> int:
        number = asks(body, **given)
        actions.reply(number, actor=actor, body=reply)
        return number

    return answers
