"""Replies that are kept: written once, used by all who may."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from careline.accounts import audit
from careline.accounts import queries as accounts
from careline.accounts.actor import Actor
from careline.kit import clock, text
from careline.kit.refusals import Conflicting, NotVisible, Refused
from careline.service.assist.models import Saved

# All of a language are compared with every message.
MOST, NAME, BODY = 500, 80, 4000
WRITES = "knowledge.edit"


def every(actor: Actor) -> QuerySet[Saved]:
    """Those an agent may use, by name; who writes them sees all."""
    rows = Saved.objects.order_by("name", "pk")
    if actor.may(WRITES):
        return rows
    actor.must("conversations.reply")
    return rows.filter(Q(inbox_ids=[]) | Q(inbox_ids__overlap=list(actor.works_in)))


def one(actor: Actor, saved_id: int) -> Saved:
    found = every(actor).filter(pk=saved_id).first()
    if found is None:
        raise NotVisible(_("There is no such reply."))
    return found


@transaction.atomic
def keep(
    name: str, body: str, *, language: str, actor: Actor, inbox_ids: Sequence[int] = (), saved_id: int | None = None
) -> Saved:
    """Written anew, or changed; it is found by what it means from then on."""
    actor.must(WRITES)
    known = one(actor, saved_id) if saved_id is not None else Saved()
    known.name = " ".join(text.clean(name, field="name", limit=NAME, required=True).split())
    known.body = text.clean(body, field="body", limit=BODY, required=True).strip()
    if language not in accounts.organization().languages:
        raise Refused(_("This language is not one of the firm's."), field="language")
    if known.pk is None and Saved.objects.count() >= MOST:
        raise Refused(_("There are %(most)s replies; put away one that nobody uses.") % {"most": MOST})
    known.language, known.inbox_ids, known.changed_at = language, sorted(set(inbox_ids)), clock.now()
    known.vector, known.model_id = _vector(known)
    try:
        with transaction.atomic():
            known.save()
    except IntegrityError:
        raise Conflicting(_("There is a reply of that name already."), field="name") from None
    audit.record("saved-reply.kept", f"saved-reply:{known.pk}", actor=actor)
    return known


@transaction.atomic
def drop(saved_id: int, *, actor: Actor) -> None:
    actor.must(WRITES)
    one(actor, saved_id).delete()
    audit.record("saved-reply.dropped", f"saved-reply:{saved_id}", actor=actor)


def _vector(known: Saved) -> tuple[bytes, str]:
    from careline.intelligence import embedding, shelf

    encoder = embedding.encoder_of(known.language)
    return shelf.packed(encoder.embed(f"{known.name}. {known.body}"[:600])), encoder.model_id
