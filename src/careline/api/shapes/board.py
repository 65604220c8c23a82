"""The live board, a day of it as it was kept, and alerts on its figures."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from careline.api.shapes.conversations import Conversation, Moment
from careline.api.shapes.pages import Next
from careline.api.shapes.recoveries import Achieved
from careline.api.shapes.routing import Status

Figure = Literal[
    "waiting", "longest", "expected", "service_level", "abandonment", "soon", "overdue", "low", "ready"
]  # fmt: skip
Count = Annotated[int, Meta(ge=0)]


class BoardQueue(msgspec.Struct, frozen=True):
    """`service_level` by the formula named *later* in the docs of the board, `strict` of all who came."""

    id: str
    name: str
    waiting: Count
    longest_s: Count
    expected_s: Annotated[int | None, Meta(description="Of who comes now; null while the pace is not known.")]
    target_s: int
    target_percent: int
    taken: Annotated[int, Meta(description="Today, and of these within the target they had.")]
    within: Count
    given_up: Count
    given_up_at_once: Annotated[int, Meta(description="Of these within five seconds.")]
    given_up_within: Annotated[int, Meta(description="Of these within the target.")]
    service_level: Achieved
    strict: Achieved
    abandonment: Achieved


class BoardPerson(msgspec.Struct, frozen=True):
    """Somebody who is not off. `open` counts those of their conversations the token's agent sees."""

    agent_id: str
    name: str
    status: Status
    reason: str
    since: Moment
    load: int
    capacity: int
    open: int


class BoardNow(msgspec.Struct, frozen=True):
    """`felt` counts open conversations from bad (-2) to great (2), and `unknown`."""

    at: Moment
    queues: list[BoardQueue]
    people: list[BoardPerson]
    promises_soon: Annotated[int, Meta(description="Open promises that break within half an hour.")]
    promises_broken: Count
    felt: dict[str, int]
    came: Annotated[int, Meta(description="Conversations customers began today.")]
    came_usually: Annotated[list[int], Meta(description="The same weekdays by now, the last one first.")]
    passed: Annotated[list[str], Meta(description="Ids of alerts whose limit is passed on this board.")]


class BoardConversations(msgspec.Struct, frozen=True):
    """At most a hundred, those that matter most first."""

    items: list[Conversation]
    next: Next


class BoardStretch(msgspec.Struct, frozen=True):
    """Of how many minutes anything was `kept`; `waiting` at most at once."""

    at: Moment
    kept: Count
    waiting: Count
    longest_s: Count
    came: Count
    ready_low: int | None
    ready_high: int | None


class BoardQueueDay(msgspec.Struct, frozen=True):
    id: str
    name: str
    taken: Count
    within: Count
    given_up: Count
    service_level: Achieved
    strict: Achieved
    abandonment: Achieved


class BoardDay(msgspec.Struct, frozen=True):
    day: str
    since: Moment
    until: Moment
    stretches: list[BoardStretch]
    queues: list[BoardQueueDay]


class AlertKeeping(msgspec.Struct, frozen=True, kw_only=True):
    figure: Figure
    limit: Annotated[
        int, Meta(ge=0, le=1_000_000, description="In minutes of waits, in percent of shares, else a count.")
    ]
    recipients: Annotated[list[str], Meta(description="Agents; each is told of what they see.")]
    queue_id: Annotated[str | None, Meta(description="Null is all queues.")] = None
    on: bool = True


class Alert(msgspec.Struct, frozen=True):
    """`way`: passed by more than the limit (most) or by less (least)."""

    id: str
    figure: Figure
    way: Literal["most", "least"]
    limit: int
    queue_id: str | None
    recipients: list[str]
    on: bool


class Alerts(msgspec.Struct, frozen=True):
    items: list[Alert]
    next: Next
