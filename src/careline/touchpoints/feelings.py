"""How a moment felt and how hard it was, read from what is on the line: an answer first, else what words weighed.

Five levels of feeling from -2 to 2, four of effort from 0 to 3. Nothing is worked out from words here; that was done
when they came (`message.weighed`), and what it cost the customer likewise (`effort.counted`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal

import msgspec

# What is a point of the short form; words change how the talk felt that they stand in.
POINTS = (
    "conversation.opened", "order.placed", "order.delivered", "visit.checked-in", "survey.answered", "moment.added",
)  # fmt: skip
# Shares of the scale from which the next level begins: of 1 to 5 each is a level, of 0 to 10 the last two are the best.
BOUNDS = (0.3, 0.5, 0.7, 0.9)
# How hard something was is not how it felt.
OF_EFFORT = frozenset({"ces", "ces1", "effort"})
# Scores of words from which the next level begins; between those in the middle they say nothing.
WORDS = (-0.6, -0.05, 0.05, 0.6)
# Sums of effort from which the next level begins.
HARD = (1, 2, 4)
# Shares of a scale of ease under which each next level begins.
EASE = (0.8, 0.6, 0.4)
PARTS = ("contacts", "waits", "transfers", "switches")
By = Literal["answer", "words"]
Touches = Sequence[tuple[str, Mapping[str, Any]]]


class Felt(msgspec.Struct, frozen=True):
    """A level, and whether somebody said so or only their words."""

    level: int
    by: By


class Effort(msgspec.Struct, frozen=True):
    """A level; the parts when it was counted, none when the customer said so."""

    level: int
    by: Literal["answer", "behavior"]
    total: int = 0
    parts: dict[str, int] = {}


def level(kind: str, facts: Mapping[str, Any]) -> int | None:
    """By an answer; None while nobody said."""
    score, top = facts.get("score"), facts.get("scale_max")
    if kind != "survey.answered" or score is None or not top or facts.get("metric") in OF_EFFORT:
        return None
    share = float(score) / float(top)
    return sum(share >= bound for bound in BOUNDS) - 2


def of_words(scores: Sequence[float]) -> int | None:
    """How a talk ended: the mean of the last third of what was weighed in it."""
    if not scores:
        return None
    last = scores[len(scores) * 2 // 3 :]
    mean = sum(last) / len(last)
    return (mean > WORDS[1]) + (mean > WORDS[0]) + (mean >= WORDS[2]) + (mean >= WORDS[3]) - 2


def felt(touches: Touches) -> Felt | None:
    """Of what belongs together, the oldest first: the last answer, else the words, else nobody knows."""
    answered = next((found for kind, facts in reversed(touches) if (found := level(kind, facts)) is not None), None)
    if answered is not None:
        return Felt(answered, "answer")
    weighed = of_words([float(facts["score"]) for kind, facts in touches if kind == "message.weighed"])
    return None if weighed is None else Felt(weighed, "words")


def effort(touches: Touches) -> Effort | None:
    """By the customer's own answer, else by what was counted last; None while there is neither."""
    for kind, facts in reversed(touches):
        score, top = facts.get("score"), facts.get("scale_max")
        if kind == "survey.answered" and facts.get("metric") in OF_EFFORT and score is not None and top:
            # The older question asks how hard it was: its least is the best.
            eased = float(top) + 1 - float(score) if facts["metric"] == "ces1" else float(score)
            return Effort(sum(eased / float(top) < bound for bound in EASE), "answer")
    counted = next((facts for kind, facts in reversed(touches) if kind == "effort.counted"), None)
    if counted is None:
        return None
    total = int(counted["effort"])
    return Effort(hard(total), "behavior", total, {part: int(counted.get(part, 0)) for part in PARTS})


def hard(total: int) -> int:
    return sum(total >= bound for bound in HARD)
