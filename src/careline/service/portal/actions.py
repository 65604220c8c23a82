"""A link is asked for and opened once, and a customer is in until they leave; what they write goes on in its talk."""

from __future__ import annotations

import secrets
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from careline import contact
from careline.accounts import queries as accounts
from careline.accounts.actor import Actor
from careline.channels import outbox
from careline.channels import queries as channels
from careline.channels.letters import Party
from careline.contact.reach import SIGN_IN
from careline.customers.models import Identity
from careline.kit import clock, contacts, signing
from careline.kit.refusals import NotVisible, Refused
from careline.service.conversations import actions as talks
from careline.service.conversations.hot.shapes import Said
from careline.service.portal import letter, queries
from careline.service.portal.models import Link, Visit
from careline.service.portal.queries import Signed

LASTS, STAYS = timedelta(minutes=30), timedelta(days=30)


class NotOpen(Refused):
    """The link was used, is too old, or never was one."""

    status = 410
    code = "gone"


@transaction.atomic
def ask(address: str, *, language: str) -> None:
    """A link goes to the address if a customer is known by it. Whoever asks never learns which of the two it was."""
    try:
        key = contacts.email_key(address.strip())
    except Refused as refusal:
        raise Refused(str(refusal), field="address") from refusal
    inbox = channels.mailbox_for()
    if inbox is None:
        raise NotVisible(_("Nobody can be written to by mail here."))
    known = Identity.objects.select_related("person").filter(kind=Identity.Kind.EMAIL, scope="", value=key).first()
    if known is None or known.person.erased_at is not None:
        return
    secret = secrets.token_urlsafe(24)
    now = clock.now()
    Link.objects.filter(expires_at__lt=now - STAYS).delete()
    made = Link.objects.create(
        digest=signing.digest(secret), person=known.person, address=known.original, made_at=now, expires_at=now + LASTS
    )
    decision = contact.decide(known.person_id, SIGN_IN, inbox.kind, f"{SIGN_IN}:{made.pk}")
    if not decision.allowed:
        return
    with translation.override(language):
        link = f"{settings.CARELINE_BASE_URL}/help/own/open/{secret}"
        to = Party(known.original, known.person.name)
        words, envelope, mailing = letter.written(accounts.organization().name, link, to, LASTS.seconds // 60)
    outbox.enqueue(
        decision, inbox_id=inbox.pk, person_id=known.person_id, words=words, recipient=known.original, letter=envelope,
        mailing=mailing,
    )  # fmt: skip


@transaction.atomic
def enter(secret: str) -> str:
    """Once, by whoever has the link; the key of the visit, of which only the digest is kept."""
    now = clock.now()
    link = Link.objects.select_for_update().filter(digest=signing.digest(secret)).first()
    if link is None or link.used_at is not None or link.expires_at <= now:
        raise NotOpen(_("This link was used already, or is too old. Ask for a new one."))
    link.used_at = now
    link.save(update_fields=["used_at"])
    Visit.objects.filter(expires_at__lt=now).delete()
    key = secrets.token_urlsafe(32)
    Visit.objects.create(
        digest=signing.digest(key), person=link.person, address=link.address, began_at=now, expires_at=now + STAYS
    )
    return key


def leave(key: str) -> None:
    Visit.objects.filter(digest=signing.digest(key)).delete()


def write(conversation_id: int, body: str, *, by: Signed, once: str) -> Said:
    """The customer's further words, in a conversation of their own; opens it again when it was closed."""
    talk = queries.talk(by, conversation_id)
    actor = Actor.customer(by.person_id, talk.inbox_id, name=by.name)
    return talks.hear(talk.id, actor=actor, body=body.replace("\r\n", "\n"), person_id=talk.person_id, client_id=once)
