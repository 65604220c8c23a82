"""A house with a queue, and colleagues who are ready."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest


@pytest.fixture
def queue(organization: Any) -> Callable[..., Any]:
    """Sets up a queue: `queue("Everything", answer_s=30)`."""
    from careline.accounts.actor import SYSTEM
    from careline.service.routing import actions

    def queue(name: str = "Everything", **about: Any) -> Any:
        return actions.keep_queue(actions.Ruling(name=name, **about), actor=SYSTEM)

    return queue


@pytest.fixture
def ready(nine: Any) -> Callable[..., None]:
    """Says of agents that they are: `ready(bo, at=nine)`."""
    from careline.service.routing import actions

    def ready(*agents: Any, at: Any = nine, status: str = "ready") -> None:
        for one in agents:
            actions.set_status(one.agent_id, status, actor=one, at=at)

    return ready


@pytest.fixture
def colleague(hire: Any, inbox: Any) -> Callable[..., Any]:
    """One more who works in the shop's chat: `colleague("Eve Stone", Arabic=3)`."""
    from careline.channels.models import Membership
    from careline.service.routing.models import AgentSkill, Skill

    def colleague(name: str, **skills: int) -> Any:
        agent = hire(name, role="agent")
        Membership.objects.create(agent=agent, inbox=inbox)
        for skill, level in skills.items():
            AgentSkill.objects.create(agent=agent, skill=Skill.objects.get(name=skill), level=level)
        return agent.as_actor((inbox.pk,))

    return colleague


@pytest.fixture
def write(inbox: Any, nine: Any) -> Callable[..., int]:
    """Somebody new writes in the chat: the number of their conversation, which its queue has taken."""
    from careline.accounts.actor import Actor
    from careline.service.conversations import actions
    from careline.service.conversations.hot import words
    from careline.service.routing import placing

    def write(who: str, *, at: Any = nine, language: str = "") -> int:
        said = actions.open_with(
            actor=Actor.customer(0, inbox.pk, name=who),
            inbox_id=inbox.pk,
            body="Hello",
            at=at,
            person=words.who(name=who, email=f"{who}@example.com"),
        )
        if language:
            from careline.customers.models import Person

            Person.objects.filter(pk=said.person_id).update(language=language)
        from django.db import transaction

        with transaction.atomic():
            placing.place([said.conversation_id], at=at)
        return said.conversation_id

    return write


@pytest.fixture
def standing() -> Callable[[], dict[int, int]]:
    """Whom each conversation stands offered to."""
    from careline.service.routing.models import Offer

    return lambda: {one.conversation_id: one.agent_id for one in Offer.objects.filter(state="made")}
