"""What becomes of a question."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Generic, TypeVar

T = TypeVar("T")


class Verdict(StrEnum):
    ANSWERED = "answered"
    UNCONFIGURED = "unconfigured"
    OVER_BUDGET = "over-budget"
    SLOW = "slow"
    DOWN = "down"
    # The endpoint's own no: the key, the quota, the model.
    REFUSED = "refused"
    MALFORMED = "malformed"
    # It said what the passages do not say, or cited what it was not given, and again when asked again.
    UNGROUNDED = "ungrounded"
    # It said itself that the passages do not answer.
    UNSURE = "unsure"


@dataclass(frozen=True, slots=True)
class Passage:
    """What an answer may rest on; `key` is what it is cited by, `score` how well it was found."""

    key: str
    text: str
    score: float = 0.0


@dataclass(frozen=True, slots=True)
class Outcome(Generic[T]):
    """`call` is the number of the row in the log of calls, None where nothing was asked."""

    verdict: Verdict
    value: T | None = None
    citations: tuple[str, ...] = ()
    call: int | None = None
