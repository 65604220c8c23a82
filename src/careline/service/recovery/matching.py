"""Which rule a moment falls under, if any: the first that is on and fits."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import timedelta
from typing import Any

from careline.service.recovery.models import Rule
from careline.touchpoints import Moment, queries

HEARD = ("survey.answered", "promise.broken", "conversation.reopened")
_CAUSES = {
    "survey.answered": Rule.Cause.ANSWER,
    "promise.broken": Rule.Cause.PROMISE,
    "conversation.reopened": Rule.Cause.REOPENED,
}
# Where the scales of figures end; a rule is written on these.
SCALES = {"csat": (1.0, 5.0), "nps": (0.0, 10.0), "ces": (1.0, 7.0)}
# What is learned of later was brought from elsewhere, and nobody waits for an answer to it any more.
FRESH = timedelta(days=7)
# Of one conversation no more openings are counted.
MOST = 20


def rules() -> list[Rule]:
    return list(Rule.objects.filter(is_on=True).order_by("pk"))


def fitting(moment: Moment, rules: Iterable[Rule]) -> Rule | None:
    cause = _CAUSES[moment.kind]
    return next((rule for rule in rules if rule.cause == cause and _FITS[cause](rule, moment)), None)


def _answered(rule: Rule, moment: Moment) -> bool:
    facts = moment.facts
    score = facts.get("score")
    if score is None or facts.get("metric") != rule.metric or rule.at_most is None or rule.top is None:
        return False
    low = SCALES.get(rule.metric, (0.0, rule.top))[0]
    return _carried(float(score), facts, low, rule.top) <= rule.at_most


def _carried(score: float, facts: dict[str, Any], low: float, top: float) -> float:
    """What was answered, on the scale of the rule: 2 of 7 steps lies where 1.67 of 5 does."""
    begins = facts.get("scale_min")
    begins, ends = low if begins is None else float(begins), float(facts.get("scale_max") or top)
    if (begins, ends) == (low, top) or ends <= begins:
        return score
    return low + (score - begins) / (ends - begins) * (top - low)


def _broken(rule: Rule, moment: Moment) -> bool:
    return rule.promise in ("", moment.facts.get("promise"))


def _opened_again(rule: Rule, moment: Moment) -> bool:
    if moment.actor_kind != "customer":
        return False
    return rule.times <= 1 or _times(moment) >= rule.times


def _times(moment: Moment) -> int:
    journey = f"conversation:{moment.conversation_id}"
    found: Sequence[Moment] = queries.of_journeys([journey], kinds=["conversation.reopened"], limit=MOST)
    return sum(one.actor_kind == "customer" and one.occurred_at <= moment.occurred_at for one in found)


_FITS = {Rule.Cause.ANSWER: _answered, Rule.Cause.PROMISE: _broken, Rule.Cause.REOPENED: _opened_again}
