"""A letter opened: the whole of it beside its trimmed words, and the delivery it came in."""

from __future__ import annotations

from uuid import UUID

import msgspec
from django.utils.translation import gettext as _

from careline.accounts.actor import Actor
from careline.channels import inbound
from careline.channels.letters import Letter
from careline.files import queries as files
from careline.files.limits import PICTURES
from careline.kit.refusals import NotVisible
from careline.service.conversations.letters import addressing
from careline.service.conversations.models import Attachment, Conversation, Message


class Whole(msgspec.Struct, frozen=True):
    """All that somebody wrote, cleaned when it is HTML."""

    content: str
    is_html: bool
    # The files its pictures are, by the names the HTML calls them.
    pictures: dict[str, UUID]


def whole(actor: Actor, message_id: UUID) -> Whole:
    message, letter = _letter(actor, message_id)
    if letter.original is None:
        return Whole(message.body, is_html=False, pictures={})
    file = files.by_id(letter.original)
    content = files.read(file).decode("utf-8", "replace")
    if file.media_type != "text/html":
        return Whole(content, is_html=False, pictures={})
    shown = Attachment.objects.filter(message=message, media_type__in=PICTURES).exclude(content_id="")
    return Whole(content, is_html=True, pictures=dict(shown.values_list("content_id", "file_id")))


def delivery(actor: Actor, message_id: UUID) -> bytes:
    """The mail as it came, byte for byte, as long as deliveries are kept."""
    _message, letter = _letter(actor, message_id)
    raw = inbound.kept(letter.raw) if letter.raw else b""
    if not raw:
        raise NotVisible(_("The mail as it came is no longer kept."))
    return raw


def _letter(actor: Actor, message_id: UUID) -> tuple[Message, Letter]:
    found = Message.objects.filter(
        pk=message_id, conversation__in=Conversation.objects.visible_to(actor), letter__isnull=False
    ).first()
    letter = None if found is None else addressing.read(found)
    if found is None or letter is None:
        raise NotVisible(_("There is no such message."))
    return found, letter
