"""Inboxes of every kind, an intake into real conversations, and the other side as a small HTTP server."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import pytest

from tests.channels.counterpart import Counterpart

if TYPE_CHECKING:
    import uuid

    from careline.accounts.actor import Actor
    from careline.channels import adapter
    from careline.channels.models import Inbox


@pytest.fixture
def intake(monkeypatch: pytest.MonkeyPatch) -> Callable[[int, adapter.Inbound], int]:
    """Messages become conversations: by the house's own intake where it is, in its simplest form otherwise."""
    from careline.accounts.actor import Actor
    from careline.channels import inbound
    from careline.service.conversations.hot import words

    def simplest(inbox_id: int, item: adapter.Inbound) -> int:
        from careline.service.conversations import actions as verbs

        named = dict(item.identities)
        person = words.who(
            name=item.name,
            email=named.get("email"),
            external_id=named.get("external"),
            visitor=named.get("visitor"),
            scope=f"inbox:{inbox_id}",
        )
        actor = Actor.customer(0, inbox_id)
        said = verbs.receive(
            actor=actor, inbox_id=inbox_id, person=person, body=item.text, at=item.sent_at, external_id=item.external_id
        )
        return said.person_id

    chosen = inbound._intake or simplest
    monkeypatch.setattr(inbound, "_intake", chosen)
    return chosen


@pytest.fixture
def open_inbox(organization: Any) -> Callable[..., adapter.Endpoint]:
    """A new inbox of a kind, as its adapter sees it."""
    from careline.accounts.actor import SYSTEM
    from careline.channels import actions, queries

    def open_inbox(kind: str, **settings: Any) -> adapter.Endpoint:
        inbox = actions.create_inbox(actor=SYSTEM, kind=kind, name=f"Our {kind}", settings=settings)
        return queries.endpoint(inbox.pk)

    return open_inbox


@pytest.fixture
def other_side(settings: Any) -> Iterator[Counterpart]:
    """A server that takes what we send, and can be told to misbehave, killed and started again."""
    settings.CARELINE_ALLOW_PRIVATE_HTTP = True
    server = Counterpart()
    server.start()
    yield server
    server.kill()


@pytest.fixture
def pushing(open_inbox: Callable[..., adapter.Endpoint], other_side: Counterpart) -> Inbox:
    """An inbox of the API channel whose answers are brought to the other side."""
    from careline.channels.models import Inbox

    return Inbox.objects.get(pk=open_inbox("api", url=other_side.url).inbox_id)


@pytest.fixture
def thread(pushing: Inbox, boss: Actor) -> Callable[[str], uuid.UUID]:
    """Writes one more reply to a customer of the API channel; gives the message's id."""
    import msgspec

    from careline.accounts.actor import Actor
    from careline.service.conversations import actions as conversations
    from careline.service.conversations.hot import words

    seen_by_boss = msgspec.structs.replace(boss, inbox_ids=(pushing.pk,))
    heard = conversations.receive(
        actor=Actor.customer(0, pushing.pk),
        inbox_id=pushing.pk,
        person=words.who(name="Ana", external_id="user-42", email="ana@example.com"),
        body="Does it come in blue?",
    )

    def reply(body: str) -> uuid.UUID:
        return conversations.reply(heard.conversation_id, actor=seen_by_boss, body=body).message_id

    return reply
