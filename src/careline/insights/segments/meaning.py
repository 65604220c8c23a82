"""What a rule listens to: the kinds of moments after which it may be true of somebody of whom it was not."""

from __future__ import annotations

from collections.abc import Sequence

from careline.customers.rules import All, Attribute, Computed, Either, Happened, Rule, Service, Trait, leaves
from careline.touchpoints import Moment
from careline.touchpoints.kinds import KINDS

# Two who became one, or one two: whatever was true of them may be no longer.
_REGROUPED = frozenset({"customer.merged", "customer.split"})
# Moments of staff and what segments write themselves change nobody's membership.
HEARD = frozenset(
    name for name, kind in KINDS.items() if kind.subject == "person" and not name.startswith("segment.")
)  # fmt: skip
DESCRIBED = frozenset({"customer.described", "customer.identified"})
SERVED = frozenset(name for name in HEARD if name.partition(".")[0] in ("conversation", "message", "effort"))


def regrouped(moments: Sequence[Moment]) -> set[int]:
    """Whoever became one with another, or two."""
    pairs = [(one.person_id, one.facts["other"]) for one in moments if one.kind in _REGROUPED]
    return {person for pair in pairs for person in pair if person is not None}


def kinds_of(rule: Rule) -> frozenset[str]:
    found: frozenset[str] = frozenset()
    for one in leaves(rule):
        if isinstance(one, Happened):
            found |= {one.kind} if one.kind else HEARD
        elif not isinstance(one, Computed):
            # Whoever works a trait out tells of it by itself.
            found |= SERVED if isinstance(one, Service) else DESCRIBED
    return found & HEARD


def waits(rule: Rule) -> list[Service]:
    """The conditions that come true by time alone."""
    return [one for one in leaves(rule) if isinstance(one, Service) and one.hours is not None]


def is_true_of_a_stranger(rule: Rule) -> bool:
    """Of somebody of whom nothing is known and to whom nothing happened: then newcomers belong at once."""
    match rule:
        case All():
            return all(is_true_of_a_stranger(one) for one in rule.conditions)
        case Either():
            return any(is_true_of_a_stranger(one) for one in rule.conditions)
        case Attribute() | Trait() | Computed():
            return rule.test in ("is_not", "not_set")
        case Happened() | Service():
            return rule.test == "at_most" or rule.times == 0


def computed_in(rule: Rule) -> set[str]:
    """The computed traits it asks for."""
    return {one.name for one in leaves(rule) if isinstance(one, Computed)}
