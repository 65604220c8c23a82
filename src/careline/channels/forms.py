"""The public form of an inbox: what somebody writes there is kept raw first, like everything that comes in."""

from __future__ import annotations

import hashlib

import msgspec
from django.utils.translation import gettext as _

from careline.channels import adapter, hot, inbound
from careline.channels.adapter import Endpoint
from careline.channels.inbound import Accepted
from careline.channels.letters import BY_FORM, Filled
from careline.files import actions as files
from careline.kit import clock, contacts, text
from careline.kit.refusals import NotVisible, Refused, TooLarge

NAME, SUBJECT, WORDS = 120, 200, 20_000
MOST_FILES = 5
LARGEST = 10 * 1024 * 1024


class Form(msgspec.Struct, frozen=True):
    inbox: Endpoint
    kind: str


def opened(key: str) -> Form:
    """The inbox behind a form's address; one that has not switched its form on has none."""
    for kind, channel in adapter.adapters().items():
        door = hot.door(kind, key) if channel.capabilities.letters else None
        if door is not None and (found := door.endpoint()).settings.get("form"):
            return Form(found, kind)
    raise NotVisible(_("There is no such form."))


def checked(filled: Filled) -> Filled:
    """What can be taken; Refused names the field that cannot."""
    name = text.clean(" ".join(filled.name.split()), field="name", label=_("Your name"), limit=NAME)
    address = filled.address.strip()
    if not address:
        raise Refused(_("Say where we can answer you."), field="address")
    try:
        contacts.email_key(address)
    except Refused as refusal:
        raise Refused(str(refusal), field="address") from refusal
    subject = text.clean(" ".join(filled.subject.split()), field="subject", label=_("Subject"), limit=SUBJECT)
    words = text.clean(
        filled.text.replace("\r\n", "\n"), field="text", label=_("Your message"), limit=WORDS, required=True
    )
    if len(filled.files) > MOST_FILES:
        raise Refused(_("At most %(most)s files go with one message.") % {"most": MOST_FILES}, field="files")
    if sum(len(one.content) for one in filled.files) > LARGEST:
        largest = {"most": LARGEST // (1024 * 1024)}
        raise TooLarge(_("The files may have at most %(most)s MB together.") % largest, field="files")
    for one in filled.files:
        files.refuse_unwanted(one.content, one.name, LARGEST)
    return Filled(name=name, address=address, subject=subject, text=words, files=filled.files)


def send(form: Form, filled: Filled, once: str) -> Accepted:
    """Keep it as the channel's own raw form. The same words from the same page, sent twice, are one message."""
    filled = checked(filled)
    digest = hashlib.sha256(once.encode() + msgspec.msgpack.encode(filled)).hexdigest()[:40]
    now = clock.now()
    raw = adapter.of(form.kind).formed(form.inbox, filled, digest, now)
    return inbound.keep(form.inbox.inbox_id, f"form:{digest}", raw, {BY_FORM: "1", "x-received-at": now.isoformat()})
