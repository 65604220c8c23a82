"""What a talk has cost the customer, counted from what happened and from nothing else.

The drivers are those M. Dixon and others name ("Stop Trying to Delight Your Customers", Harvard Business Review 2010):
having to come again, being passed on, having to change the channel; waiting is added. No formula of it is standard. The
sum gives each part the weight 1 until a house has answers to weigh them by, and is never said to be an answer.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import pairwise

import msgspec

from careline.touchpoints import Moment

# Another talk within so many days counts as the same matter: what it is about is not known yet.
MATTER = timedelta(days=7)
# How long one waits without it being felt: beside a chat ten minutes, elsewhere a day.
PATIENCE, BESIDE_A_CHAT = timedelta(days=1), timedelta(minutes=10)
CHATS = frozenset({"webchat", "whatsapp", "messenger", "telegram", "voice"})
# More of one thing is not told apart.
CAP = 3
COUNTED = (
    "conversation.opened", "conversation.reopened", "conversation.assigned", "message.received", "message.sent",
)  # fmt: skip
READ = (*COUNTED, "effort.counted")


class Effort(msgspec.Struct, frozen=True):
    contacts: int = 0
    waits: int = 0
    transfers: int = 0
    switches: int = 0

    @property
    def total(self) -> int:
        return self.contacts + self.waits + self.transfers + self.switches


def of_talk(moments: Sequence[Moment], earlier: Sequence[Moment] = ()) -> Effort:
    """Of one talk, its moments in order; `earlier` are the beginnings of the customer's talks before it, in order."""
    opened = next((one for one in moments if one.kind == "conversation.opened"), None)
    before = matter(opened, earlier) if opened is not None and opened.actor_kind == "customer" else []
    waited, chased = _waited(moments)
    came_back = sum(one.kind == "conversation.reopened" and one.actor_kind == "customer" for one in moments)
    channels = [str(one.facts.get("channel", "")) for one in (*before, *moments) if _says_channel(one)]
    parts = {
        "contacts": len(before) + came_back + chased,
        "waits": waited,
        "transfers": _transfers(moments),
        "switches": sum(one != other for one, other in pairwise(channels)),
    }
    return Effort(**{name: min(count, CAP) for name, count in parts.items()})


def matter(opened: Moment, earlier: Sequence[Moment]) -> list[Moment]:
    """The beginnings that lead up to this one without a week between them."""
    chain: list[Moment] = []
    at = opened.occurred_at
    for one in reversed(earlier):
        if one.source == opened.source or one.occurred_at > opened.occurred_at or one.actor_kind != "customer":
            continue
        if at - one.occurred_at > MATTER:
            break
        chain.append(one)
        at = one.occurred_at
    return chain[::-1]


def _says_channel(one: Moment) -> bool:
    return one.kind in ("conversation.opened", "message.received") and one.actor_kind == "customer"


def _waited(moments: Sequence[Moment]) -> tuple[int, int]:
    """Answers that came late, and words of the customer while they were overdue."""
    waits = chased = 0
    since: datetime | None = None
    chasing = False
    for one in moments:
        if one.kind == "message.received":
            late = since is not None and one.occurred_at - since > _patience(one)
            chased += late and not chasing
            chasing = chasing or late
            since = since or one.occurred_at
        elif one.kind == "message.sent" and since is not None:
            waits += one.occurred_at - since > _patience(one)
            since, chasing = None, False
    return waits, chased


def _patience(one: Moment) -> timedelta:
    return BESIDE_A_CHAT if one.facts.get("channel") in CHATS else PATIENCE


def _transfers(moments: Sequence[Moment]) -> int:
    """From hand to hand; the first that takes it is no transfer, and neither is the queue it lay in between."""
    hands = [
        (one.facts.get("agent_id"), one.facts.get("team_id")) for one in moments if one.kind == "conversation.assigned"
    ]
    held = [hand for hand in hands if hand != (None, None)]
    return sum(_passed(one, other) for one, other in pairwise(held))


def _passed(one: tuple[int | None, int | None], other: tuple[int | None, int | None]) -> bool:
    """To somebody else; from a team to one of its people it stays in the same hands."""
    (agent, team), (next_agent, next_team) = one, other
    if agent is None and team == next_team:
        return False
    return agent != next_agent or (next_agent is None and team != next_team)
