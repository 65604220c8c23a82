"""Connecting an inbox: made from as little as an address, tried, given a key, let in by a provider."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from typing import Any

import msgspec
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from careline.accounts import audit
from careline.accounts.actor import Actor
from careline.channels import actions, adapter, fields, jobs, looking, queries, trials
from careline.channels.adapter import DeliveryFailed, Suggestion
from careline.channels.models import Inbox, Trial
from careline.kit import bus, clock, ids, signing
from careline.kit.refusals import Conflicting, NotVisible, Refused

_PURPOSE = "inbox.consent"
CONSENT_SECONDS = 900


class _Begun(msgspec.Struct):
    """What the browser carries to the provider and back."""

    inbox: int
    session: str
    verifier: str


def begin(kind: str, *, actor: Actor, name: str, settings: Mapping[str, Any], language: str = "en") -> Inbox:
    """An inbox from what a channel begins with; what can be told from that is filled in."""
    actor.must("inboxes.manage")
    channel = adapter.of(kind)
    fields.clean(channel, settings)  # what cannot be is said before the net is asked
    found = channel.suggested(settings)
    known = {} if found is None else found.settings
    return actions.create_inbox(actor=actor, kind=kind, name=name, settings={**known, **settings}, language=language)


def suggestion(actor: Actor, inbox_id: int) -> Suggestion | None:
    """What is known by heart of the inbox's other side."""
    inbox = _connectable(actor, inbox_id)
    return adapter.of(inbox.kind).suggested(inbox.settings, look=False)


def change(inbox_id: int, given: Mapping[str, Any], *, actor: Actor) -> Inbox:
    """Some of the settings; the rest stays."""
    inbox = _connectable(actor, inbox_id)
    return actions.update_inbox(inbox_id, actor=actor, settings={**inbox.settings, **given})


@transaction.atomic
def try_out(inbox_id: int, *, actor: Actor) -> trials.Told:
    """Begin a trial; it goes on aside. One that is under way ends."""
    inbox = _connectable(actor, inbox_id)
    if inbox.archived_at is not None:
        raise Conflicting(_("This inbox is archived."))
    row, _fresh = Trial.objects.update_or_create(
        inbox=inbox,
        defaults={
            "key": ids.uuid7(),
            "language": translation.get_language() or "en",
            "steps": [],
            "begun_at": clock.now(),
            "ended_at": None,
        },
    )
    audit.record("inbox.tried", f"inbox:{inbox.pk}", actor=actor)
    jobs.run_trial.soon(inbox.pk, str(row.key))
    return trials.told(row)


def trial(actor: Actor, inbox_id: int) -> trials.Told | None:
    """The last one."""
    row = Trial.objects.filter(inbox=_connectable(actor, inbox_id)).first()
    return None if row is None else trials.told(row)


def findings(actor: Actor, inbox_id: int, *, anew: bool = False) -> looking.Looked:
    """What the DNS says of the inbox's domain."""
    inbox = _managed(actor, inbox_id)
    return looking.findings(inbox.kind, queries.endpoint(inbox.pk), anew=anew)


@transaction.atomic
def make_key(inbox_id: int, *, actor: Actor) -> Inbox:
    """A new key that signs what leaves; the one before it is forgotten."""
    _managed(actor, inbox_id)
    inbox = Inbox.objects.select_for_update().get(pk=inbox_id)
    _let_into(inbox, adapter.of(inbox.kind).new_key(queries.endpoint(inbox.pk), clock.now()))
    audit.record("inbox.key-made", f"inbox:{inbox.pk}", actor=actor)
    return inbox


def consent(inbox_id: int, *, actor: Actor, session: str, redirect: str) -> str:
    """Where the browser goes to ask the provider; it comes back to `redirect`, in this session and soon."""
    inbox = _connectable(actor, inbox_id)
    verifier = secrets.token_urlsafe(48)
    begun = _Begun(inbox.pk, signing.digest(session), verifier)
    state = signing.sign(_PURPOSE, signing.seal(msgspec.json.encode(begun)).hex())
    return adapter.of(inbox.kind).consent(queries.endpoint(inbox.pk), redirect=redirect, state=state, verifier=verifier)


def consented(state: str, code: str, *, actor: Actor, session: str, redirect: str) -> Inbox:
    """The browser is back: what it brought is changed for what opens the mailbox from now on."""
    begun = _begun(state, session)
    inbox = _connectable(actor, begun.inbox)
    channel = adapter.of(inbox.kind)
    try:
        given = channel.consented(queries.endpoint(inbox.pk), code=code, redirect=redirect, verifier=begun.verifier)
    except DeliveryFailed as failed:
        raise Refused(failed.reason) from failed
    with transaction.atomic():
        inbox = Inbox.objects.select_for_update().get(pk=inbox.pk)
        _let_into(inbox, given)
        audit.record("inbox.consented", f"inbox:{inbox.pk}", actor=actor)
    return inbox


def asked_for(state: str, session: str) -> int:
    """Which inbox a consent was asked for."""
    return _begun(state, session).inbox


def _begun(state: str, session: str) -> _Begun:
    sealed = signing.unsign(_PURPOSE, state, CONSENT_SECONDS)
    begun = msgspec.json.decode(signing.unseal(bytes.fromhex(sealed)), type=_Begun)
    if not signing.same(begun.session, signing.digest(session)):
        raise Refused(_("This was begun in another browser. Begin here once more."))
    return begun


def _let_into(inbox: Inbox, given: Mapping[str, str]) -> None:
    """Settings among the settings, passwords among the passwords."""
    secret = {one.name for one in adapter.of(inbox.kind).settings_schema() if one.kind == "password"}
    inbox.settings = {**inbox.settings, **{name: one for name, one in given.items() if name not in secret}}
    kept = fields.opened(bytes(inbox.credentials)) | {name: one for name, one in given.items() if name in secret}
    inbox.credentials = fields.seal(kept)
    inbox.save(update_fields=["settings", "credentials"])
    bus.after_commit("inboxes", {"inbox": inbox.pk})


def _connectable(actor: Actor, inbox_id: int) -> Inbox:
    inbox = _managed(actor, inbox_id)
    if not adapter.of(inbox.kind).capabilities.connects:
        raise NotVisible(_("There is nobody to be connected to."))
    return inbox


def _managed(actor: Actor, inbox_id: int) -> Inbox:
    inbox = queries.by_id(actor, inbox_id)
    actor.must("inboxes.manage")
    return inbox
