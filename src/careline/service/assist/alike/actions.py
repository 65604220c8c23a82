"""Linking what is about one trouble, answering all of it at once, and closing it together."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction
from django.utils.translation import gettext as _

from careline.accounts.actor import Actor
from careline.kit import clock, text
from careline.kit.refusals import Refused
from careline.service.assist.alike import queries, sketching
from careline.service.assist.models import Broadcast, Incident, Linked
from careline.service.conversations import actions as talks
from careline.service.conversations.actions.lines import taken, written
from careline.service.conversations.hot.shapes import ListRow

NAME_LIMIT, BODY_LIMIT = 120, 5000
# More are not answered at once: that is a campaign, and has its own rules.
MOST = 200
# Where the customer's name stands; without one the word goes, and the space before it.
NAME = "{name}"


@transaction.atomic
def link(conversation_ids: Sequence[int], *, actor: Actor, name: str = "", incident_id: int | None = None) -> Incident:
    """Into an incident that is there, or a new one of this name; what was linked elsewhere moves."""
    wanted = sorted(set(conversation_ids))
    if not wanted:
        raise Refused(_("Choose at least one conversation."), field="conversations")
    if len(wanted) > MOST:
        raise Refused(_("At most %(most)s conversations are linked.") % {"most": MOST}, field="conversations")
    if incident_id is not None:
        found = Incident.objects.select_for_update().get(pk=queries.incident(actor, incident_id).pk)
        if found.linked.exclude(conversation__in=wanted).count() + len(wanted) > MOST:
            raise Refused(_("At most %(most)s conversations are linked.") % {"most": MOST}, field="conversations")
    else:
        called = text.clean(name, field="name", limit=NAME_LIMIT, required=True).strip()
        found = Incident.objects.create(name=called, opened_by=actor.agent_id)
    there = set(found.linked.values_list("conversation", flat=True))
    for number in wanted:
        conversation = taken(number, actor=actor, permission="conversations.reply")
        if number in there:
            continue
        Linked.objects.update_or_create(conversation=conversation, defaults={"incident": found, "at": clock.now()})
        written(
            conversation, actor=actor, at=clock.now(), kind="incident.joined", verb="incident-joined",
            incident=found.pk, name=found.name,
        )  # fmt: skip
    return found


@transaction.atomic
def unlink(conversation_id: int, *, actor: Actor) -> None:
    conversation = taken(conversation_id, actor=actor, permission="conversations.reply")
    row = Linked.objects.filter(conversation=conversation).select_related("incident").first()
    if row is None:
        raise Refused(_("It is linked to no incident."))
    row.delete()
    written(
        conversation, actor=actor, at=clock.now(), kind="incident.left", verb="incident-left",
        incident=row.incident_id, name=row.incident.name,
    )  # fmt: skip


def worded(body: str, name: str) -> str:
    """The answer as one customer gets it; a value in a name is not filled in again."""
    first = name.split()[0] if name.split() else ""
    return body.replace(NAME, first) if first else body.replace(f" {NAME}", "").replace(NAME, "")


def to_answer(actor: Actor, incident_id: int) -> list[ListRow]:
    """Whom an answer would go to: those that are open."""
    queries.incident(actor, incident_id)
    return [one for one in queries.linked(actor, incident_id) if one.state in ("open", "snoozed")]


def broadcast(incident_id: int, body: str, *, actor: Actor, once: str) -> Broadcast:
    """An ordinary reply in each of them. Said again with the same `once` it goes on where it broke off, and reaches
    nobody twice: each reply has its own key."""
    actor.must("conversations.reply")
    whom = to_answer(actor, incident_id)
    body = text.clean(body.strip(), field="body", limit=BODY_LIMIT, required=True)
    made, _new = Broadcast.objects.get_or_create(
        incident_id=incident_id, once=text.clean(once, field="once", limit=100, required=True),
        defaults={"body": body, "by": actor.agent_id},
    )  # fmt: skip
    if made.body != body or made.by != actor.agent_id:
        raise Refused(_("Something else was sent with this key."), field="once")
    sent = left = 0
    for one in whom:
        try:
            talks.reply(
                one.id, actor=actor, body=worded(body, one.person_name), client_id=f"incident:{made.pk}:{one.id}"
            )
            sent += 1
        except Refused:
            left += 1  # somebody blocked, or an inbox that cannot be written from: seen in its own conversation
    made.sent, made.left_out = sent, left
    made.save(update_fields=["sent", "left_out"])
    return made


def close(incident_id: int, *, actor: Actor) -> tuple[int, int]:
    """Resolves what is open; how many it did, and how many it could not, as where something is asked first."""
    actor.must("conversations.close")
    done = left = 0
    for one in to_answer(actor, incident_id):
        try:
            talks.resolve(one.id, actor=actor)
            done += 1
        except Refused:
            left += 1
    return done, left


def sketch_new() -> None:
    sketching.sketch(queries.unsketched())
