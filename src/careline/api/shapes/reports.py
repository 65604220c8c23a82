"""The scoreboard by mail."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from careline.api.shapes.conversations import Moment
from careline.api.shapes.pages import Next

Every = Literal["day", "week", "month"]
Format = Literal["pdf", "csv"]
Day = Annotated[int, Meta(description="Of a week 0, Monday, to 6; of a month 1 to 28.", ge=0, le=31)]
Hour = Annotated[int, Meta(description="In the zone of the house.", ge=0, le=23)]
Days = Annotated[int, Meta(description="Of how many days it tells: 7, 28, 90 or 365; 0 is since the one before.")]
Chosen = Annotated[
    dict[str, str], Meta(description="As the scoreboard's address says it: view, channel, inbox, team, agent, segment.")
]


def _on_paper() -> list[Format]:
    return ["pdf"]


class ReportKeeping(msgspec.Struct, frozen=True, kw_only=True):
    name: str
    every: Every
    recipients: Annotated[list[str], Meta(description="Agents; each gets what they may see.")]
    day: Day = 0
    hour: Hour = 7
    days: Days = 0
    formats: list[Format] = msgspec.field(default_factory=_on_paper)
    chosen: Chosen = {}
    on: Annotated[bool, Meta(description="Of a new one it is.")] = True


class Report(msgspec.Struct, frozen=True):
    id: str
    name: str
    every: Every
    day: Day
    hour: Hour
    days: Days
    formats: list[Format]
    recipients: list[str]
    chosen: Chosen
    on: bool
    next_at: Moment


class Reports(msgspec.Struct, frozen=True):
    items: list[Report]
    next: Next


class ReportSending(msgspec.Struct, frozen=True):
    id: str
    agent_id: str
    due_at: Moment
    state: Literal["waiting", "sent", "refused", "failed"]
    why: str
    at: Moment


class ReportSendings(msgspec.Struct, frozen=True):
    items: list[ReportSending]
    next: Next
