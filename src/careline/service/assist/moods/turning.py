"""From single messages to a mood and its shift. Pure: what each message felt like was found before."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import msgspec

Label = Literal["positive", "negative", "neutral", "mixed", "unknown"]
# Nearer to nothing it is neither.
LEANS = 0.15
# So much worse than it began is a turn; words swing by less from one message to the next.
TURN = 0.35
# Of how many messages at the end the mood is made, and how many words are shown.
LAST, WORDS = 2, 4


class One(msgspec.Struct, frozen=True):
    """One message: `score` from -1 to 1, None where nothing can be said of it."""

    label: Label
    score: float | None
    words: tuple[tuple[str, float], ...] = ()
    emotion: str = ""


class Mood(msgspec.Struct, frozen=True):
    """Now, since when it is another, and by which words. `weighed` of `heard` messages could be read."""

    label: Label
    score: float | None
    shift: float | None
    words: tuple[tuple[str, float], ...]
    emotion: str
    weighed: int
    heard: int
    # It turned for the worse, to something bad.
    has_turned: bool


def of(messages: Sequence[One]) -> Mood | None:
    """Oldest first; nothing where nobody has said anything."""
    if not messages:
        return None
    read = [one for one in messages if one.score is not None]
    if not read:
        return Mood("unknown", None, None, (), "", 0, len(messages), False)
    last = read[-LAST:]
    now = _mean(last)
    shift = None
    if len(read) > LAST:
        begun = read[: max(1, len(read) // 3)]
        shift = round(now - _mean(begun), 3)
    label: Label = "mixed" if last[-1].label == "mixed" else _label(now)
    carried = [pair for one in reversed(last) for pair in one.words if _fits(pair[1], label)]
    words = tuple(sorted(dict(carried).items(), key=lambda pair: -abs(pair[1]))[:WORDS])
    turned = label in ("negative", "mixed") and shift is not None and shift <= -TURN
    return Mood(label, round(now, 3), shift, words, last[-1].emotion, len(read), len(messages), turned)


def _mean(found: Sequence[One]) -> float:
    return sum(one.score or 0.0 for one in found) / len(found)


def _label(score: float) -> Label:
    return "neutral" if abs(score) < LEANS else "positive" if score > 0 else "negative"


def _fits(weight: float, label: Label) -> bool:
    """Words of the other side did not carry it."""
    return label in ("mixed", "neutral") or (weight > 0) == (label == "positive")
