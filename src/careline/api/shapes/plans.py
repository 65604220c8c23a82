"""Whom a survey is sent to by itself, and what became of it."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from careline.api.shapes.conversations import Moment
from careline.api.shapes.pages import Next
from careline.experience.surveys.sending.shapes import FactTest as FactTest

Kind = Literal["after", "wave"]


class Planning(msgspec.Struct, frozen=True, kw_only=True):
    """After a moment, with `moment` to `delay_minutes`; or a wave, with `every` to `segment_id`."""

    name: str
    kind: Kind
    moment: Annotated[str, Meta(description="A kind of touchpoint.")] = "conversation.resolved"
    inbox_ids: Annotated[list[str], Meta(description="Only of these; none is all.")] = []
    facts: Annotated[list[FactTest], Meta(description="All of them hold; a dot leads into a fact.")] = []
    delay_minutes: int = 1440
    every: int = 6
    unit: Literal["weeks", "months"] = "months"
    begins_on: date | None = None
    hour: Annotated[int, Meta(description="By the clock of the house.")] = 9
    segment_id: Annotated[str | None, Meta(description="Of everybody without one.")] = None
    share: Annotated[int, Meta(description="Percent of those who could be asked.")] = 100
    ways: Annotated[list[Literal["conversation", "email"]], Meta(description="The first that leads to them.")] = (
        msgspec.field(default_factory=lambda: ["conversation", "email"])
    )
    reminders: Annotated[int, Meta(description="0, 1 or 2, to who has not begun.")] = 0
    remind_days: int = 3
    ends_days: Annotated[int, Meta(description="After so many days nobody is asked or reminded.")] = 14
    purpose: Annotated[str, Meta(description="Contact rules: surveys, or a scope in it.")] = "surveys"


class PlanCounts(msgspec.Struct, frozen=True):
    """Eligible are drawn and spared; drawn are waiting, sent, refused, failed and cancelled."""

    eligible: int
    drawn: int
    spared: int
    waiting: int
    sent: int
    reminded: int
    begun: int
    complete: int
    refused: int
    failed: int
    cancelled: int


class PlanReason(msgspec.Struct, frozen=True):
    state: str
    reason: str
    count: int


class Plan(msgspec.Struct, frozen=True):
    id: str
    survey_id: str
    active: bool
    active_since: Moment | None
    plan: Planning
    next_wave_at: Moment | None
    counts: PlanCounts
    reasons: list[PlanReason]
    changed_at: Moment


class Plans(msgspec.Struct, frozen=True):
    items: list[Plan]
    next: Next


class PlanForecast(msgspec.Struct, frozen=True):
    """Of the last thirty days, or of the next wave, before any contact rule."""

    moments: int
    people: int
    drawn: Annotated[int, Meta(description="People who would be asked.")]
    whole: Annotated[bool, Meta(description="False: so much happened that only the last of it was looked at.")]


class Invited(msgspec.Struct, frozen=True):
    id: str
    state: Literal["spared", "waiting", "sent", "refused", "failed", "cancelled"]
    customer_id: str | None
    conversation_id: str | None
    happened_at: Moment
    due_at: Moment
    sent_at: Moment | None
    way: str
    reason: str
    reminders: int
    response_id: str | None


class Invitations(msgspec.Struct, frozen=True):
    items: list[Invited]
    next: Next
