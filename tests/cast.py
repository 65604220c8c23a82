"""The fixed cast: one customer, her conversation, and the people of the house around it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from functools import cache
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from careline.accounts.actor import Actor
    from careline.accounts.models import Agent, Organization
    from careline.channels.models import Inbox
    from careline.customers.models import Person
    from careline.service.conversations.models import Conversation
    from careline.touchpoints.models import Touchpoint

PASSWORD = "correct horse battery staple"


@cache
def password_hash() -> str:
    from django.contrib.auth.hashers import make_password

    return make_password(PASSWORD)


@pytest.fixture
def nine() -> datetime:
    """Nine in the morning of an ordinary working day."""
    return datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


@pytest.fixture
def organization(db: None) -> Organization:
    from careline.accounts.models import Organization

    return Organization.objects.create(
        name="Harbor Goods", zone="UTC", currency="EUR", country="GB", languages=["en", "id", "ar"]
    )


@pytest.fixture
def hire(organization: Organization) -> Callable[..., Agent]:
    """Brings one more agent into the house: `hire("Bo", role="agent")`; each signs in with PASSWORD."""
    from careline.accounts.models import Agent, Role

    def hire(name: str, *, role: str) -> Agent:
        return Agent.objects.create(
            name=name,
            email=f"{name.split()[0].lower()}@harbor.example",
            role=Role.objects.get(name=role),
            password=password_hash(),
        )

    return hire


@pytest.fixture
def inbox(organization: Organization) -> Inbox:
    """The web chat on the shop's site."""
    from careline.channels.models import Inbox
    from careline.kit import signing

    return Inbox.objects.create(kind="webchat", name="Shop chat", key="shop-chat", secret=signing.seal(b"s" * 32))


@pytest.fixture
def elsewhere(organization: Organization) -> Inbox:
    """An inbox that only the boss and the lead may look into."""
    from careline.channels.models import Inbox
    from careline.kit import signing

    return Inbox.objects.create(kind="api", name="Partner desk", key="partner-desk", secret=signing.seal(b"t" * 32))


def every_inbox() -> list[int]:
    """What authorization gives those who may see all; ask for `elsewhere` before `cy` or `boss`."""
    from careline.channels.models import Inbox

    return list(Inbox.objects.order_by("pk").values_list("pk", flat=True))


@pytest.fixture
def bo(hire: Callable[..., Agent], inbox: Inbox) -> Actor:
    """An agent who works in the inbox."""
    from careline.channels.models import Membership

    agent = hire("Bo Lindgren", role="agent")
    Membership.objects.create(agent=agent, inbox=inbox)
    return agent.as_actor((inbox.pk,))


@pytest.fixture
def cy(hire: Callable[..., Agent], inbox: Inbox) -> Actor:
    """The lead, who sees every inbox."""
    return hire("Cy Okafor", role="lead").as_actor(every_inbox())


@pytest.fixture
def dee(hire: Callable[..., Agent]) -> Actor:
    """An agent who works in no inbox."""
    return hire("Dee Marsh", role="agent").as_actor()


@pytest.fixture
def boss(hire: Callable[..., Agent], inbox: Inbox) -> Actor:
    """The owner."""
    return hire("Rosa Varga", role="owner").as_actor(every_inbox())


@pytest.fixture
def ada(organization: Organization) -> Person:
    """A customer known by an address and a number."""
    from careline.customers.models import Identity, Person
    from careline.kit import text

    person = Person.objects.create(name="Ada Moreau", search=text.fold("Ada Moreau"), language="en")
    for kind, value, original in (
        ("email", "ada@example.com", "Ada@Example.com"),
        ("phone", "+442071838750", "020 7183 8750"),
    ):
        Identity.objects.create(person=person, kind=kind, value=value, original=original, verified=True)
    return person


@pytest.fixture
def conversation(ada: Person, inbox: Inbox, nine: datetime) -> Conversation:
    """At nine Ada wrote one message in the chat, and waits."""
    from careline.accounts.actor import Actor
    from careline.service.conversations import actions
    from careline.service.conversations.hot import words
    from careline.service.conversations.models import Conversation

    said = actions.open_with(
        actor=Actor.customer(ada.pk, inbox.pk, name=ada.name),
        inbox_id=inbox.pk,
        person=words.who(name=ada.name, email="ada@example.com"),
        body="My order is late.",
        client_id="first",
        at=nine,
    )
    return Conversation.objects.get(pk=said.conversation_id)


@pytest.fixture
def line_of(db: None) -> Callable[[int], list[Touchpoint]]:
    """Every moment on a customer's line, oldest first, whoever may see it."""
    from careline.touchpoints.models import Touchpoint

    def line_of(person_id: int) -> list[Touchpoint]:
        return list(Touchpoint.objects.filter(person_id=person_id).order_by("occurred_at", "id"))

    return line_of
