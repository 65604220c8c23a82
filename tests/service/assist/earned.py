"""A house where late orders are asked about, and one saved reply was taken again and again."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

SAID = (
    "Where is my order?", "My order is late", "When will my order arrive?", "My parcel has not come yet",
    "Is my order on its way?", "Can you check where my parcel is?",
)  # fmt: skip
OTHER = (
    "Do you sell gift cards?", "I want to buy a gift card", "Can I pay with a gift card?", "Gift cards please",
    "How do gift cards work?", "My gift card is empty",
)  # fmt: skip
WORDS = "Hello {customer}, orders come within the days named in the mail we wrote. {agent}"
ASKED = "Where is my order? It has not come yet"


def asker(inbox: Any) -> Callable[..., int]:
    """Somebody new writes; the number of the conversation."""
    from careline.accounts.actor import Actor
    from careline.service.conversations import actions
    from careline.service.conversations.hot import words

    count = iter(range(1, 1000))

    def asks(body: str, *, name: str = "Mara Ellingsworth", at: Any = inbox) -> int:
        number = next(count)
        said = actions.open_with(
            actor=Actor(kind="system", id=None, name="", inbox_ids=(at.pk,)), inbox_id=at.pk,
            person=words.who(name=name, email=f"someone{number}@example.com"), body=body, client_id=f"asked{number}",
        )  # fmt: skip
        return said.conversation_id

    return asks


def house(boss: Any, *, least: int = 5, every: int = 10) -> int:
    """The number of the reply that is kept for it."""
    from careline.service.assist import earning, saving
    from careline.service.intents import actions as intents

    for code, name, said in (("order_status", "Where my order is", SAID), ("gift_cards", "Gift cards", OTHER)):
        intents.keep(code, name, actor=boss)
        intents.phrase(code, said, actor=boss, language="en")
    earning.keep(earning.Bounds(least, every), actor=boss)
    return saving.keep("Where is my order, it has not come", WORDS, language="en", actor=boss).pk


def taken(bo: Any, kept: int, n: int = 5, *, act: str = "taken", code: str = "order_status") -> None:
    """So many agents did this with the first suggestion."""
    from careline.service.assist.models import Use

    Use.objects.bulk_create(
        Use(
            source="saved", item=kept, act=act, whole=act == "taken", on_top=True, intent=code,
            # Nobody's of these tests.
            conversation_id=10**9 + place, agent_id=bo.agent_id,
        )
        for place in range(Use.objects.count(), Use.objects.count() + n)
    )  # fmt: skip


def replies(number: int) -> list[Any]:
    from careline.service.conversations.models import Message

    return list(Message.objects.filter(conversation=number, kind="reply").order_by("seq"))
