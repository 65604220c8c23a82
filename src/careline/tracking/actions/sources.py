"""Sources: made with a write key that stays, named, put away and taken up again."""

from __future__ import annotations

import re
import secrets

from django.db import transaction
from django.utils.translation import gettext as _

from careline.accounts import audit
from careline.accounts.actor import Actor
from careline.kit import clock, text
from careline.kit.refusals import Conflicting, NotAllowed, NotVisible, Refused
from careline.tracking.models import Source

MANAGE = "organization.manage"
NAME_LIMIT = 120
_KEY = re.compile(r"[A-Za-z0-9_-]{6,64}")


@transaction.atomic
def create_source(name: str, side: str, *, actor: Actor, key: str | None = None) -> Source:
    """A new program that sends events. Only the system itself may bring a key."""
    actor.must(MANAGE)
    if key is not None and actor.kind != "system":
        raise NotAllowed(_("The key of a source is made by Careline."))
    if side not in Source.Side.values:
        raise Refused(_("A source is a client or a server."), field="side")
    key = key or f"wk_{secrets.token_urlsafe(24)}"
    if not _KEY.fullmatch(key):
        raise Refused(_("A key has 6 to 64 letters, digits, hyphens and underscores."), field="key")
    if Source.objects.filter(key=key).exists():
        raise Conflicting(_("This key is taken."), field="key")
    source = Source.objects.create(
        name=text.clean(name, field="name", limit=NAME_LIMIT, required=True), key=key, side=side
    )
    audit.record("source.created", f"source:{source.pk}", actor=actor)
    return source


@transaction.atomic
def rename_source(source_id: int, name: str, *, actor: Actor) -> Source:
    source = _managed(source_id, actor)
    source.name = text.clean(name, field="name", limit=NAME_LIMIT, required=True)
    source.save(update_fields=["name"])
    audit.record("source.changed", f"source:{source.pk}", actor=actor, fields=["name"])
    return source


@transaction.atomic
def archive_source(source_id: int, *, actor: Actor) -> Source:
    """Its key opens nothing any more; what it sent stays where it is."""
    source = _managed(source_id, actor)
    if source.archived_at is not None:
        raise Conflicting(_("This source is already archived."))
    return _archived(source, True, actor)


@transaction.atomic
def restore_source(source_id: int, *, actor: Actor) -> Source:
    source = _managed(source_id, actor)
    if source.archived_at is None:
        raise Conflicting(_("This source is not archived."))
    return _archived(source, False, actor)


def _archived(source: Source, archived: bool, actor: Actor) -> Source:
    source.archived_at = clock.now() if archived else None
    source.save(update_fields=["archived_at"])
    audit.record("source.archived" if archived else "source.restored", f"source:{source.pk}", actor=actor)
    return source


def _managed(source_id: int, actor: Actor) -> Source:
    actor.must(MANAGE)
    source = Source.objects.select_for_update().filter(pk=source_id).first()
    if source is None:
        raise NotVisible(_("There is no such source."))
    return source
