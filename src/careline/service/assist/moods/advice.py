"""What may be done next: a few plain rules, each with its reason. Pure; the words of it stand with the screen."""

from __future__ import annotations

from typing import Literal

import msgspec

from careline.service.assist.moods.turning import Mood

What = Literal["answer", "win-back", "take", "apologize", "join", "keep"]
MOST = 2
# Of a score of risk a prediction wrote, from 0 to 1.
RISK = 0.6


class Step(msgspec.Struct, frozen=True):
    """What, and why: `terms` fill the places of the reason."""

    what: What
    terms: dict[str, str] = {}


class Standing(msgspec.Struct, frozen=True):
    """What the rules look at."""

    state: str
    waiting_on: str
    assigned: bool
    marked: bool
    # Of the next deadline: "", "warned" or "broken", and what it is.
    risk: str
    promise: str
    mood: Mood | None
    # Orders of theirs that came late in the last weeks, with the days.
    late: tuple[tuple[str, int], ...] = ()
    # Further conversations of theirs that are open.
    others: tuple[int, ...] = ()
    churn_risk: float | None = None


def steps(now: Standing) -> list[Step]:
    """The most pressing first, at most two."""
    if now.state not in ("open", "snoozed"):
        return []
    found = []
    if now.waiting_on == "us" and now.risk:
        found.append(Step("answer", {"promise": now.promise, "risk": now.risk}))
    bad = now.mood is not None and now.mood.label == "negative"
    if now.mood is not None and now.mood.has_turned and not now.marked:
        found.append(Step("win-back"))
    if now.late and (bad or now.waiting_on == "us"):
        order, days = now.late[0]
        found.append(Step("apologize", {"order": order, "days": str(days)}))
    if now.churn_risk is not None and now.churn_risk >= RISK:
        found.append(Step("keep", {"risk": f"{round(now.churn_risk * 100)}"}))
    if now.others:
        found.append(Step("join", {"conversation": str(now.others[0]), "count": str(len(now.others))}))
    if not now.assigned and now.waiting_on == "us":
        found.append(Step("take"))
    return found[:MOST]
