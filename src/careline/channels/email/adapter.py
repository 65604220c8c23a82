"""The email channel: raw mails in, letters out by the mailbox's own server."""

from __future__ import annotations

import hmac
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any, ClassVar
from uuid import UUID

from django.utils.translation import gettext as _
from typing_extensions import override

from careline.channels import adapter
from careline.channels.adapter import Capabilities, Carried, DeliveryFailed, Endpoint, Field, Forged, Health, Missed
from careline.channels.email import incoming, mailbox, outgoing, reading, remarks, threads, writing
from careline.channels.email.pool import Readers
from careline.channels.email.sending import Post


class Email(adapter.Adapter):
    kind: ClassVar[str] = "email"
    capabilities: ClassVar[Capabilities] = Capabilities(
        reaches=("email",),
        webhook=True,
        attachments=True,
        receipts=True,
        letters=True,
        encloses=True,
        slow=True,
        largest=reading.LARGEST,
    )

    @override
    def label(self) -> str:
        return _("Email")

    @override
    def settings_schema(self) -> tuple[Field, ...]:
        return mailbox.schema()

    @override
    def check(self, settings: Mapping[str, Any]) -> None:
        mailbox.check(settings)

    @override
    def delivery(self, settings: Mapping[str, Any]) -> adapter.Delivery:
        return "push"

    @override
    def verify(self, inbox: Endpoint, raw: bytes, headers: Mapping[str, str]) -> None:
        """Whoever delivers raw mails by HTTP shows the inbox's secret: Authorization: Bearer."""
        given = headers.get("authorization", "").partition(" ")[2]
        if not hmac.compare_digest(given.encode(), inbox.secret.encode()):
            raise Forged(_("The secret does not fit this mailbox."))

    @override
    def parse(
        self, inbox: Endpoint, raw: bytes, headers: Mapping[str, str]
    ) -> Sequence[adapter.Inbound | adapter.Receipt]:
        return incoming.items(inbox, _readers().read(raw), raw, headers)

    @override
    def render(self, inbox: Endpoint, message: adapter.Outbound) -> bytes:
        return outgoing.written(inbox, message)[1]

    @override
    def send(self, inbox: Endpoint, message: adapter.Outbound) -> Carried:
        if not inbox.settings.get("smtp_host"):
            raise DeliveryFailed(_("This mailbox has no server for sending."), permanent=True)
        letter, raw = outgoing.written(inbox, message)
        sender, recipients = writing.envelope(letter)
        wanted = frozenset(message.only)
        chosen = [one for one in recipients if not wanted or one in wanted]
        sent = _post().send(mailbox.smtp(inbox), sender, chosen, raw, utf8=writing.needs_utf8(letter))
        missed = tuple(Missed(one.address, one.reason, one.permanent) for one in sent.refused)
        return Carried(outgoing.named(inbox, message), missed)

    @override
    def test(self, inbox: Endpoint) -> str:
        if not inbox.settings.get("smtp_host"):
            raise DeliveryFailed(_("This mailbox has no server for sending."), permanent=True)
        return _post().test(mailbox.smtp(inbox))

    @override
    def health(self, inbox: Endpoint) -> Health:
        if not inbox.settings.get("smtp_host"):
            return Health(False, _("Nothing can be answered: there is no server for sending."))
        return Health(True, _("Answers leave by %(host)s.") % {"host": inbox.settings["smtp_host"]})

    @override
    def addresses(self, inbox: Endpoint) -> frozenset[str]:
        return mailbox.addresses(inbox)

    @override
    def remark(self, code: str) -> str:
        return remarks.sentence(code)

    @override
    def named(self, inbox: Endpoint, message: UUID) -> str:
        return threads.message_id(message, mailbox.domain(inbox))


@cache
def _readers() -> Readers:
    return Readers()


@cache
def _post() -> Post:
    return Post()


adapter.register(Email())
