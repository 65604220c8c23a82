"""Open conversations that are about the same, and incidents, as far as the viewer sees their conversations."""

from __future__ import annotations

from datetime import datetime, timedelta

import msgspec
from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _

from careline.accounts.actor import Actor
from careline.kit import clock
from careline.kit.refusals import NotVisible
from careline.service.assist.alike import sketching
from careline.service.assist.models import Broadcast, Incident, Linked, Sketch
from careline.service.conversations import queries as talks
from careline.service.conversations.hot import refused
from careline.service.conversations.hot.shapes import ListRow
from careline.service.conversations.models import Conversation

# What began longer before or after is another matter.
HOURS = timedelta(hours=24)
# Compared with the newest; sketched at once while somebody waits, the rest by the clock.
MOST, AT_ONCE = 500, 20
# So many may be a trouble of ours.
INCIDENT = 3
LONGEST = 200


class Near(msgspec.Struct, frozen=True):
    """One that may be about the same; `incident` where it was linked already."""

    row: ListRow
    score: float
    incident: int | None


class Alike(msgspec.Struct, frozen=True):
    found: list[Near]
    since: datetime | None
    incident: int | None


def alike(actor: Actor, conversation_id: int) -> Alike:
    """Open ones of other customers that began within a day of it, the nearest first."""
    actor.must("conversations.view")
    own = Conversation.objects.visible_to(actor).filter(pk=conversation_id).first()
    if own is None:
        raise refused.no_conversation()
    around = _around(actor, own)
    known = {one.pk: one for one in Sketch.objects.filter(conversation__in=[own.pk, *(one.pk for one in around)])}
    missing = [one for one in (own, *around) if one.pk not in known][:AT_ONCE]
    if missing:
        sketching.sketch(missing)
        known |= {one.pk: one for one in Sketch.objects.filter(conversation__in=[one.pk for one in missing])}
    mine = known.get(own.pk)
    linked = dict(Linked.objects.filter(conversation__in=list(known)).values_list("conversation", "incident"))
    scores = dict(sketching.nearest(mine, list(known.values()))) if mine is not None else {}
    rows = {one.id: one for one in talks.these(actor, list(scores))}
    found = [Near(rows[pk], score, linked.get(pk)) for pk, score in scores.items() if pk in rows]
    since = min((one.row.opened_at for one in found), default=None)
    return Alike(found, since, linked.get(own.pk))


def _around(actor: Actor, own: Conversation) -> list[Conversation]:
    seen = Conversation.objects.visible_to(actor).live().exclude(person=own.person_id)
    begun = seen.filter(opened_at__gt=own.opened_at - HOURS, opened_at__lt=own.opened_at + HOURS)
    return list(begun.order_by("-opened_at", "-pk")[:MOST])


def incidents(actor: Actor) -> QuerySet[Incident]:
    """The newest first, each with how many of its conversations the viewer sees and how many of these are open."""
    actor.must("conversations.view")
    mine = Q(linked__conversation__in=Conversation.objects.visible_to(actor))
    open_ones = mine & Q(linked__conversation__state__in=Conversation.LIVE)
    counted = Incident.objects.annotate(n=Count("linked", filter=mine), n_open=Count("linked", filter=open_ones))
    return counted.filter(n__gt=0).order_by("-opened_at", "-pk")


def incident(actor: Actor, incident_id: int) -> Incident:
    found = incidents(actor).filter(pk=incident_id).first()
    if found is None:
        raise NotVisible(_("There is no such incident."))
    return found


def linked(actor: Actor, incident_id: int) -> list[ListRow]:
    """Its conversations, the oldest first."""
    numbers = (
        Linked.objects.filter(incident=incident_id).order_by("conversation").values_list("conversation", flat=True)
    )
    return sorted(talks.these(actor, list(numbers[:LONGEST])), key=lambda one: one.id)


def broadcasts(actor: Actor, incident_id: int) -> list[Broadcast]:
    incident(actor, incident_id)
    return list(Broadcast.objects.filter(incident=incident_id).order_by("-pk")[:20])


def unsketched() -> list[Conversation]:
    """Open ones of the last day that nobody has looked beside yet."""
    rows = Conversation.objects.live().filter(opened_at__gt=clock.now() - HOURS)
    return list(rows.exclude(pk__in=Sketch.objects.values("conversation")).order_by("-opened_at")[:LONGEST])
