"""Set up inboxes and say who works in them; every verb leaves its line in the audit log."""

from __future__ import annotations

import re
import secrets
from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from careline.accounts import audit, values
from careline.accounts.actor import Actor
from careline.accounts.models import Agent
from careline.channels import adapter, fields, illegible, queries, visits
from careline.channels.models import Inbound, Inbox, Membership
from careline.contact import acknowledging
from careline.kit import bus, clock, signing, text
from careline.kit.refusals import Conflicting, NotVisible, Refused

_KEY = re.compile(r"[A-Za-z0-9_-]{6,64}")
_LETTERS = "abcdefghijkmnpqrstuvwxyz23456789"


@transaction.atomic
def create_inbox(
    *,
    actor: Actor,
    kind: str,
    name: str,
    settings: Mapping[str, Any] | None = None,
    language: str = "en",
    key: str | None = None,
) -> Inbox:
    """A new address customers write to. Whoever makes it and does not see every inbox becomes its first member."""
    actor.must("inboxes.manage")
    channel = adapter.of(kind)
    chosen = fields.clean(channel, settings or {})
    credentials = fields.sealed(channel, settings or {}, b"")
    key = key or "".join(secrets.choice(_LETTERS) for _n in range(16))
    if not _KEY.fullmatch(key):
        raise Refused(_("A key has 6 to 64 letters, digits, hyphens and underscores."), field="key")
    if Inbox.objects.filter(key=key).exists():
        raise Conflicting(_("This key is taken."), field="key")
    inbox = Inbox.objects.create(
        kind=kind,
        name=text.clean(name, field="name", limit=120, required=True),
        key=key,
        secret=signing.seal(channel.new_secret().encode()),
        settings=chosen,
        credentials=credentials,
        delivery=channel.delivery(chosen),
        language=values.screen_language(language),
        created_at=clock.now(),
    )
    audit.record("inbox.created", f"inbox:{inbox.pk}", actor=actor)
    if actor.agent_id is not None and not actor.may("inboxes.view_all"):
        Membership.objects.create(inbox=inbox, agent_id=actor.agent_id)
    _access_changed()
    _inboxes_changed(inbox)
    return inbox


@transaction.atomic
def update_inbox(
    inbox_id: int,
    *,
    actor: Actor,
    name: str | None = None,
    settings: Mapping[str, Any] | None = None,
    language: str | None = None,
) -> Inbox:
    """Change what is given; settings are given whole."""
    inbox = _managed(inbox_id, actor)
    if name is not None:
        inbox.name = text.clean(name, field="name", limit=120, required=True)
    if language is not None:
        inbox.language = values.screen_language(language)
    if settings is not None:
        channel = adapter.of(inbox.kind)
        inbox.settings = fields.clean(channel, settings)
        inbox.credentials = fields.sealed(channel, settings, bytes(inbox.credentials))
        inbox.delivery = channel.delivery(inbox.settings)
    inbox.save(update_fields=["name", "language", "settings", "credentials", "delivery"])
    given = {"name": name, "settings": settings, "language": language}
    changed = [field for field, value in given.items() if value is not None]
    audit.record("inbox.changed", f"inbox:{inbox.pk}", actor=actor, fields=changed)
    _inboxes_changed(inbox)
    return inbox


@transaction.atomic
def let_answer_again(inbox_id: int, *, actor: Actor) -> None:
    """Somebody has looked why so many automatic answers left."""
    acknowledging.reset_breaker(queries.place(_managed(inbox_id, actor).pk), actor=actor)


@transaction.atomic
def archive_inbox(inbox_id: int, *, actor: Actor) -> Inbox:
    """Close the address; what was said there stays to be read."""
    inbox = _managed(inbox_id, actor)
    if inbox.archived_at is not None:
        raise Conflicting(_("This inbox is already archived."))
    return _archived(inbox, True, actor)


@transaction.atomic
def restore_inbox(inbox_id: int, *, actor: Actor) -> Inbox:
    inbox = _managed(inbox_id, actor)
    if inbox.archived_at is None:
        raise Conflicting(_("This inbox is not archived."))
    return _archived(inbox, False, actor)


@transaction.atomic
def add_member(inbox_id: int, agent_id: int, *, actor: Actor) -> None:
    inbox = _managed(inbox_id, actor)
    if not Agent.objects.active().filter(pk=agent_id).exists():
        raise NotVisible(_("There is no such agent."))
    _membership, fresh = Membership.objects.get_or_create(inbox=inbox, agent_id=agent_id)
    if fresh:
        audit.record("inbox.member-added", f"inbox:{inbox.pk}", actor=actor, agent=agent_id)
        _access_changed()


@transaction.atomic
def remove_member(inbox_id: int, agent_id: int, *, actor: Actor) -> None:
    inbox = _managed(inbox_id, actor)
    removed, _rows = Membership.objects.filter(inbox=inbox, agent_id=agent_id).delete()
    if removed:
        audit.record("inbox.member-removed", f"inbox:{inbox.pk}", actor=actor, agent=agent_id)
        _access_changed()


@transaction.atomic
def rotate_secret(inbox_id: int, *, actor: Actor) -> str:
    """A new secret; the old one is worth nothing from now on."""
    inbox = _managed(inbox_id, actor)
    fresh = adapter.of(inbox.kind).new_secret()
    inbox.secret = signing.seal(fresh.encode())
    inbox.save(update_fields=["secret"])
    audit.record("inbox.secret-rotated", f"inbox:{inbox.pk}", actor=actor)
    return fresh


def test_inbox(inbox_id: int, *, actor: Actor) -> str:
    """Try the way out and say in words what happened."""
    actor.must("inboxes.manage")
    inbox = queries.by_id(actor, inbox_id)
    try:
        return adapter.of(inbox.kind).test(queries.endpoint(inbox.pk))
    except adapter.DeliveryFailed as failure:
        raise Refused(failure.reason) from failure


@transaction.atomic
def fetch_now(inbox_id: int, *, actor: Actor) -> None:
    """Look into the mailbox at once, whatever is being waited for."""
    inbox = _managed(inbox_id, actor)
    if not visits.is_fetched_from(inbox):
        raise Conflicting(_("Nothing is fetched for this inbox."))
    audit.record("inbox.looked-into", f"inbox:{inbox.pk}", actor=actor)
    bus.after_commit("inboxes", {"inbox": inbox.pk, "look": True})


@transaction.atomic
def retry_inbound(inbound_id: int, *, actor: Actor) -> None:
    """Read once more what could not be understood, say after an update."""
    actor.must("inboxes.manage")
    visible = queries.visible_to(actor).order_by().values("pk")
    row = Inbound.objects.select_for_update().filter(pk=inbound_id, inbox__in=visible).first()
    if row is None:
        raise NotVisible(_("There is nothing of this number."))
    if row.state != Inbound.State.FAILED:
        raise Conflicting(_("This was already taken in."))
    row.state, row.error, row.attempts, row.next_attempt_at = Inbound.State.NEW, "", 0, clock.now()
    row.save(update_fields=["state", "error", "attempts", "next_attempt_at"])
    illegible.read_again(row.pk)
    audit.record("inbound.retried", f"inbound:{row.pk}", actor=actor)
    bus.after_commit("inbound", {})


def _managed(inbox_id: int, actor: Actor) -> Inbox:
    queries.by_id(actor, inbox_id)
    actor.must("inboxes.manage")
    return Inbox.objects.select_for_update().get(pk=inbox_id)


def _archived(inbox: Inbox, archived: bool, actor: Actor) -> Inbox:
    inbox.archived_at = clock.now() if archived else None
    inbox.save(update_fields=["archived_at"])
    audit.record("inbox.archived" if archived else "inbox.restored", f"inbox:{inbox.pk}", actor=actor)
    _inboxes_changed(inbox)
    return inbox


def _access_changed() -> None:
    # Open sockets draw their actors again.
    bus.after_commit("access", {})


def _inboxes_changed(inbox: Inbox) -> None:
    # Whoever fetches looks at the settings again.
    bus.after_commit("inboxes", {"inbox": inbox.pk})
