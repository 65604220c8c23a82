"""What somebody wants, learned from phrasings; and whether it is anything we know at all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from careline.intelligence.embedding import Vector


@dataclass(frozen=True, slots=True)
class Judgement:
    """`ranked` are the likeliest intents with their probability, best first; below the threshold it is none of them."""

    ranked: tuple[tuple[str, float], ...]
    score: float
    threshold: float

    @property
    def known(self) -> bool:
        return self.score >= self.threshold

    @property
    def margin(self) -> float:
        """How far the first is before the second."""
        raise NotImplementedError


@dataclass(frozen=True, slots=True)
class Pair:
    """Two phrasings nearly the same: within one intent one is idle, between two they clash."""

    one: tuple[str, str]
    other: tuple[str, str]
    likeness: float


@dataclass(frozen=True)
class Head:
    """What was learned: arrays and names, never code."""

    threshold: float
    language: str

    def judge(self, text: str) -> Judgement:
        raise NotImplementedError

    def judge_vector(self, vector: Vector) -> Judgement:
        raise NotImplementedError

    def to_bytes(self) -> bytes:
        raise NotImplementedError

    @classmethod
    def from_bytes(cls, stored: bytes) -> Head:
        """ValueError where the bytes are no head or of another encoder."""
        raise NotImplementedError


def fit(phrasings: Sequence[tuple[str, str]], *, language: str = "en", loss: float = 0.05, folds: int = 5) -> Head:
    """Learn from (intent, text). `loss` is the share of its own phrasings the threshold may refuse, by `folds`-fold;
    with 0 folds the threshold is a start value. ValueError with fewer than two intents."""
    raise NotImplementedError


def clashes(phrasings: Sequence[tuple[str, str]], *, language: str = "en", least: float = 0.9) -> list[Pair]:
    """Phrasings of different intents that mean the same, nearest first."""
    raise NotImplementedError


def duplicates(phrasings: Sequence[tuple[str, str]], *, language: str = "en", least: float = 0.97) -> list[Pair]:
    """Phrasings of one intent that say the same, nearest first."""
    raise NotImplementedError
