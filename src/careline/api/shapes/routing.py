"""Queues, skills, who is there, what is offered, and where a conversation stands in line."""

from __future__ import annotations

from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta

from careline.api.shapes.conversations import Moment
from careline.api.shapes.pages import Next

Status = Literal["ready", "busy", "break", "away", "off"]
Spread = Literal["least_loaded", "in_turn", "best_skilled"]
Level = Annotated[int, Meta(ge=1, le=5)]


class SkillLevel(msgspec.Struct, frozen=True):
    skill_id: str
    level: Level = 1


class QueueStep(msgspec.Struct, frozen=True):
    """What gives way after so many seconds in the queue; `queue_id` where it goes over to another one."""

    after_s: Annotated[int, Meta(ge=0, le=86400)]
    ease: Literal["level", "skills", "language", "team", "queue"]
    queue_id: str | None = None


class QueueRuling(msgspec.Struct, frozen=True):
    """What a queue is to be; all of it is kept anew."""

    name: Annotated[str, Meta(min_length=1, max_length=80)]
    on: bool = True
    conditions: Annotated[
        dict[str, Any], Meta(description='Of conversations: `{"all": [{"field": …, "op": …, "value": …}]}`.')
    ] = {}
    head_start_minutes: Annotated[
        int, Meta(ge=0, le=1440, description="The priority: it counts as having waited so much longer.")
    ] = 0
    team_id: Annotated[str | None, Meta(description="Who may have it; null is everybody of the inbox.")] = None
    skills: Annotated[list[SkillLevel], Meta(max_length=20)] = []
    by_language: Annotated[bool, Meta(description="Asks for the skill of the customer's language.")] = False
    spread: Spread = "least_loaded"
    asks: Annotated[bool, Meta(description="Offered first; else given at once.")] = True
    answer_s: Annotated[int, Meta(ge=5, le=3600)] = 30
    last_s: Annotated[
        Annotated[int, Meta(ge=0, le=86400)] | None,
        Meta(description="How long it is kept for the last agent; null does not look."),
    ] = 0
    leave_minutes: Annotated[
        Annotated[int, Meta(ge=0, le=10080)] | None,
        Meta(description="Back to the queue after such an absence; null keeps it."),
    ] = 10
    steps: Annotated[list[QueueStep], Meta(max_length=6)] = []
    target_s: Annotated[int, Meta(ge=1, le=86400, description="Its service level: taken within so long.")] = 120
    target_percent: Annotated[int, Meta(ge=1, le=100, description="So many of a hundred.")] = 80


class Queue(QueueRuling, frozen=True, kw_only=True):
    id: str


class Queues(msgspec.Struct, frozen=True):
    items: list[Queue]
    next: Next


class SkillNaming(msgspec.Struct, frozen=True):
    name: Annotated[str, Meta(min_length=1, max_length=80)]
    language: Annotated[str, Meta(max_length=12, description="Such as ar, for the skill of a language.")] = ""


class Skill(msgspec.Struct, frozen=True):
    id: str
    name: str
    language: str


class Skills(msgspec.Struct, frozen=True):
    items: list[Skill]
    next: Next


class Abilities(msgspec.Struct, frozen=True):
    """What an agent can do, and how much they carry; null is as the house says."""

    skills: Annotated[list[SkillLevel], Meta(max_length=200)] = []
    capacity: Annotated[int, Meta(ge=1, le=100)] | None = None


class RoutingPolicy(msgspec.Struct, frozen=True):
    """What holds in all queues: capacity of an agent, weight of a conversation by channel, minutes until silence."""

    capacity: Annotated[int, Meta(ge=1, le=100)] = 6
    silence_minutes: Annotated[int, Meta(ge=1, le=1440)] = 15
    weights: dict[str, Annotated[int, Meta(ge=1, le=100)]] = {}


class StatusReasonNaming(msgspec.Struct, frozen=True):
    name: Annotated[str, Meta(min_length=1, max_length=60)]
    status: Literal["busy", "break", "away", "off"]


class StatusReason(msgspec.Struct, frozen=True):
    id: str
    name: str
    status: Literal["busy", "break", "away", "off"]


class StatusReasons(msgspec.Struct, frozen=True):
    items: list[StatusReason]
    next: Next


class PresenceSetting(msgspec.Struct, frozen=True):
    status: Status
    reason_id: str | None = None


class Presence(msgspec.Struct, frozen=True):
    agent_id: str
    status: Status
    reason: StatusReason | None
    since: Moment | None


class Offer(msgspec.Struct, frozen=True):
    """`because` is why: seconds waited, skills with their levels, and how the agent was chosen."""

    id: str
    conversation_id: str
    queue_id: str | None
    state: Literal["made", "accepted", "refused", "expired", "withdrawn"]
    made_at: Moment
    due_at: Moment
    because: dict[str, Any]


class Offers(msgspec.Struct, frozen=True):
    items: list[Offer]
    next: Next


class QueuePlace(msgspec.Struct, frozen=True):
    """Where it stands: 1 is next, null waits in no queue; `wait_s` null while nothing is known of the pace."""

    position: int | None
    wait_s: int | None
