"""Which of the candidates come first: how well they fit, and how they fared with those who were shown them."""

from __future__ import annotations

from collections.abc import Iterable

from careline.service.assist.suggesting import statements
from careline.service.assist.suggesting.finding import ALIKE, Answer, Candidate

MOST = 3
# Of one source; the rest is for others while there are any.
MOST_OF_ONE = 2
# Before anybody said anything: as if so many had been taken, and as many put away.
PRIOR = 2.0
# How far it can move a candidate: its source a tenth, itself three tenths, either way.
BY_SOURCE, BY_ITEM = 0.2, 0.6
# A neighbor's answer that was made of an article or a kept reply speaks for it nearly as for itself.
THROUGH = 0.97


def credited(candidates: dict[tuple[str, int], Candidate], answers: Iterable[Answer]) -> list[Answer]:
    """Answers that were made of an article or a kept reply count for it, in its present words; the rest is left."""
    rest = []
    for one in answers:
        source, _colon, item = one.reply.source.partition(":")
        known = candidates.get((source, int(item))) if item.isdecimal() else None
        if known is None:
            rest.append(one)
        else:
            known.score = max(known.score, THROUGH * one.score)
    return rest


def ranked(candidates: Iterable[Candidate], conversation_id: int, *, understood: bool) -> list[Candidate]:
    """The best first, at most three; what was put away here before is not shown again."""
    among = [one for one in candidates if one.score >= _least(one, understood)]
    fared = statements.FARED.all(
        conversation=conversation_id, sources=[one.source for one in among], items=[one.item for one in among]
    )
    known = {(one.source, one.item): one for one in fared}
    shown = []
    for one in among:
        own = known.get((one.source, one.item))
        if own is not None and own.here:
            continue
        one.score *= (1 + BY_SOURCE * (_share(known.get((one.source, 0))) - 0.5)) * (
            1 + BY_ITEM * (_share(own) - 0.5)
        )  # fmt: skip
        shown.append(one)
    shown.sort(key=lambda one: (-one.score, one.source, one.item))
    return _mixed(shown)


def _least(one: Candidate, understood: bool) -> float:
    return ALIKE[one.source][not understood] if one.source in ALIKE else 0.0


def _share(fared: statements.Fared | None) -> float:
    """The part that was of use, a half before anybody said anything."""
    if fared is None:
        return 0.5
    good, bad = fared.taken + 0.7 * fared.edited, fared.dismissed + 0.3 * fared.edited
    return (good + PRIOR) / (good + bad + 2 * PRIOR)


def _mixed(found: list[Candidate]) -> list[Candidate]:
    first: list[Candidate] = []
    rest: list[Candidate] = []
    for one in found:
        of_one = sum(other.source == one.source for other in first)
        (first if len(first) < MOST and of_one < MOST_OF_ONE else rest).append(one)
    chosen = [*first, *rest][:MOST]
    return sorted(chosen, key=lambda one: -one.score)
