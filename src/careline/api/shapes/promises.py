"""Hours of the house, what is promised within them, and the promises of a conversation."""

from __future__ import annotations

from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta

from careline.api.shapes.conversations import IdGiven, Moment
from careline.api.shapes.pages import Next

Minutes = Annotated[int, Meta(ge=1, le=525600)]
PromiseWhat = Literal["first", "next", "resolution"]
PromisePause = Literal["snoozed", "customer", "third_party"]


class BusinessHours(msgspec.Struct, frozen=True):
    """Calendars by name, and which the house, an inbox or a team keeps: `{"house": …, "inbox:3": …, "team:2": …}`."""

    calendars: Annotated[
        dict[str, Any],
        Meta(
            description='{"Support": {"days": {"mon": [["09:00", "17:00"]]}, "holidays": [], "zone": "Asia/Jakarta"}}'
        ),
    ]
    places: dict[str, str]


class HoursGiven(msgspec.Struct, frozen=True):
    """What is given is kept anew, whole."""

    calendars: dict[str, Any] | None = None
    places: dict[str, str] | None = None


class EscalationStep(msgspec.Struct, frozen=True):
    """Done so many minutes after the deadline; before it where they are negative."""

    act: Literal["tell_holder", "tell_leads", "tell_team", "priority", "team"]
    minutes: Annotated[int, Meta(ge=-525600, le=525600)] = 0
    value: Annotated[int, Meta(ge=1, le=2**63 - 1, description="The priority, or the id of the team.")] | None = None


class PromiseTerms(msgspec.Struct, frozen=True):
    """Minutes; null promises nothing."""

    first: Minutes | None = None
    next: Minutes | None = None
    resolution: Minutes | None = None
    clock: Literal["open", "wall"] = "open"
    pauses: tuple[PromisePause, ...] = ("snoozed", "customer", "third_party")
    warn_percent: Annotated[int, Meta(ge=1, le=99)] | None = None
    warn_minutes: Minutes | None = None
    steps: Annotated[list[EscalationStep], Meta(max_length=8)] = []


class PolicyRuling(msgspec.Struct, frozen=True):
    """What a policy is to be; all of it is kept anew."""

    name: Annotated[str, Meta(max_length=200)]
    terms: PromiseTerms
    on: bool = True
    conditions: Annotated[dict[str, Any], Meta(description="As rules have them; {} is every conversation.")] = {}


class Policy(msgspec.Struct, frozen=True):
    id: str
    name: str
    on: bool
    place: int
    version: Annotated[int, Meta(description="Goes up with every change of the terms.")]
    conditions: dict[str, Any]
    terms: PromiseTerms
    changed_at: Moment


class Policies(msgspec.Struct, frozen=True):
    items: list[Policy]
    next: Next


class PolicyOrder(msgspec.Struct, frozen=True):
    """All of them, the one that is asked first at the front."""

    ids: Annotated[list[IdGiven], Meta(max_length=50)]


class PolicyChoice(msgspec.Struct, frozen=True):
    """Null is the one whose conditions hold."""

    promise_id: IdGiven | None


class Promised(msgspec.Struct, frozen=True):
    """One deadline of a conversation."""

    id: str
    what: PromiseWhat
    promise_id: str | None
    promise: str | None
    version: int
    minutes: int
    begun_at: Moment
    due_at: Annotated[Moment | None, Meta(description="Null while its clock stands still.")]
    spent_seconds: Annotated[int, Meta(description="Of its own clock, when it was looked at last.")]
    warned: bool
    broken_at: Moment | None
    ended_at: Moment | None
    outcome: Literal["met", "broken", "dropped"] | None


class PromisedOf(msgspec.Struct, frozen=True):
    items: list[Promised]
    next: Next
