"""The way to a language model, where one is configured: typed, bounded, redacted, logged; never needed.

Whatever the other side does, a caller gets an Outcome and no exception: where `value` is None, `verdict` says why and
the caller does without.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
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
    REFUSED = "refused"  # the endpoint's own no: key, quota, model
    MALFORMED = "malformed"
    UNGROUNDED = "ungrounded"  # it cited what it was not given, twice


@dataclass(frozen=True, slots=True)
class Passage:
    """What an answer may rest on; `key` is what it is cited by."""

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


def is_configured() -> bool:
    raise NotImplementedError


def ask(
    purpose: str,
    instructions: str,
    text: str,
    *,
    shape: type[T],
    known: Iterable[str] = (),
    region: str | None = None,
    patience: float = 20.0,
) -> Outcome[T]:
    """An answer of a shape (str, or a pydantic model). `purpose` is a word for the log; `text` comes from outside and
    is given as material in a fence; `known` are values of the customer's profile to hide; `patience` in seconds."""
    raise NotImplementedError


def answer(
    purpose: str,
    question: str,
    passages: Sequence[Passage],
    *,
    known: Iterable[str] = (),
    region: str | None = None,
    patience: float = 20.0,
) -> Outcome[str]:
    """An answer that rests on the passages and cites them; one that does not is asked for again once, then refused."""
    raise NotImplementedError


def stream(
    purpose: str,
    instructions: str,
    text: str,
    *,
    known: Iterable[str] = (),
    region: str | None = None,
    patience: float = 30.0,
) -> Iterator[str]:
    """Words as they come, what was hidden put back; it just ends where the endpoint fails, and the log says why."""
    raise NotImplementedError
