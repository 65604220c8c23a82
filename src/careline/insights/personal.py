"""What this room holds of a person: nothing of its own, but a copy that follows."""

from __future__ import annotations

from careline.insights import stale
from careline.kit import personal


def _erase(person_id: int) -> int:
    """Nothing is lost here; the copy is told to read the person's moments again."""
    stale.note(person_id)
    return 0


def register() -> None:
    personal.register("insights.Stale", export=lambda person_id: [], erase=_erase)
    personal.exempt("insights.Annotation", "It tells what happened to the house, and holds nothing about customers.")
    personal.exempt("insights.View", "It holds how a colleague looks at figures: names of channels, numbers of teams.")
    personal.exempt("insights.Weighing", "It holds what effort weighs, worked out of sums over everybody.")
    personal.exempt("insights.Report", "It holds which figures go to which colleagues, and nothing about customers.")
    personal.exempt("insights.Sending", "It holds when a report went to a colleague, and nothing about customers.")
    personal.exempt("insights.Alert", "It holds which colleagues are told of which figure, and no customer.")
    personal.exempt("insights.Raised", "It holds when a colleague was told of a figure, and no customer.")
    personal.exempt("insights.Minute", "It holds how many waited where, and nothing about customers.")
