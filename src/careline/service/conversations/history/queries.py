"""Reads of what is brought of earlier years, for whoever sets up inboxes."""

from __future__ import annotations

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from careline.accounts.actor import Actor
from careline.channels import queries as channels
from careline.channels.models import Inbox
from careline.kit.refusals import NotVisible
from careline.kit.sentences import told
from careline.service.conversations.models import History, LeftOut

OPEN_DAYS = 14
# For the doors, which name no models.
Known = History
MANAGE = "inboxes.manage"


def inbox(actor: Actor, inbox_id: int) -> Inbox:
    found = channels.by_id(actor, inbox_id)
    actor.must(MANAGE)
    return found


def of_inbox(actor: Actor, inbox_id: int) -> QuerySet[History]:
    """The newest first."""
    return History.objects.filter(inbox=inbox(actor, inbox_id)).order_by("-pk")


def one(actor: Actor, history_id: int) -> History:
    found = History.objects.filter(pk=history_id, inbox__in=channels.visible_to(actor).order_by().values("pk")).first()
    if found is None:
        raise NotVisible(_("There is no such import."))
    actor.must(MANAGE)
    return found


def left_out(actor: Actor, history_id: int, *, limit: int = 100, after: int = 0) -> list[LeftOut]:
    rows = list(one(actor, history_id).left_out.filter(pk__gt=after).order_by("pk")[:limit])
    for row in rows:
        row.why = told(row.why)
    return rows
