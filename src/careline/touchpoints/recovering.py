"""What is told of winning somebody back: that it began, what came to it, what was done, and how it ended."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from msgspec import Meta

from careline.touchpoints.schema import Code, Currency, Facts, OfConversation

Cause = Literal["answer", "promise", "reopened", "hand"]


class _Recovery(OfConversation, frozen=True):
    recovery: int


class _Caused(_Recovery, frozen=True):
    """Why: the figure that was answered, or the promise that was broken."""

    cause: Cause
    metric: str = ""
    score: float | None = None
    scale_max: float | None = None
    promise: str = ""


class Begun(_Caused, frozen=True, kw_only=True):
    due_at: datetime


class Stepped(_Recovery, frozen=True):
    """A step of the play is done, or was not done after all."""

    step: Code
    number: int
    done: bool


class Given(_Recovery, frozen=True):
    """What for stands with the recovery alone."""

    amount_minor: Annotated[int, Meta(gt=0)]
    currency: Currency
    refund: bool = False


class Escalated(_Recovery, frozen=True):
    due_at: datetime


class Closed(_Recovery, frozen=True):
    """`withdrawn` is neither reached nor missed: there was nothing to make good."""

    outcome: Literal["reached", "missed", "withdrawn"]
    resolved: bool
    in_time: bool
    minutes: Annotated[int, Meta(ge=0)]
    given_minor: int = 0
    currency: str = ""


KINDS: dict[str, type[Facts]] = {
    "recovery.opened": Begun,
    "recovery.joined": _Caused,
    "recovery.stepped": Stepped,
    "goodwill.given": Given,
    "recovery.escalated": Escalated,
    "recovery.closed": Closed,
}
