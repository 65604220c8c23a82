"""What this room holds of a person: a copy that follows, and which topics their words belong to."""

from __future__ import annotations

from django.db.models import Q

from careline.insights import stale
from careline.insights.models import Membership
from careline.kit import personal


def _erase(person_id: int) -> int:
    """Nothing is lost here; the copy is told to read the person's moments again."""
    stale.note(person_id)
    return 0


def _topics(person_id: int) -> list[personal.Row]:
    rows = Membership.objects.filter(_theirs(person_id), topic__isnull=False).select_related("topic").order_by("pk")
    return [
        {"topic": one.topic.name if one.topic else "", "said_at": one.said_at.isoformat(), "mood": one.mood}
        for one in rows
    ]


def _forget_topics(person_id: int) -> int:
    return Membership.objects.filter(_theirs(person_id)).delete()[0]


def _theirs(person_id: int) -> Q:
    return Q(conversation__person=person_id) | Q(response__person=person_id)


def register() -> None:
    personal.register("insights.Stale", export=lambda person_id: [], erase=_erase)
    personal.register("insights.Membership", export=_topics, erase=_forget_topics)
    personal.exempt("insights.Topic", "Words that several customers share and a name; it leads to nobody by itself.")
    personal.exempt("insights.Finding", "It holds when topics were searched, and nothing about customers.")
    personal.exempt("insights.Annotation", "It tells what happened to the house, and holds nothing about customers.")
    personal.exempt("insights.View", "It holds how a colleague looks at figures: names of channels, numbers of teams.")
    personal.exempt("insights.Weighing", "It holds what effort weighs, worked out of sums over everybody.")
    personal.exempt("insights.Report", "It holds which figures go to which colleagues, and nothing about customers.")
    personal.exempt("insights.Sending", "It holds when a report went to a colleague, and nothing about customers.")
    personal.exempt("insights.Alert", "It holds which colleagues are told of which figure, and no customer.")
    personal.exempt("insights.Raised", "It holds when a colleague was told of a figure, and no customer.")
    personal.exempt("insights.Minute", "It holds how many waited where, and nothing about customers.")
