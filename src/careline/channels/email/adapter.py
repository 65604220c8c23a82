"""The email channel: raw mails in, letters out by the mailbox's own server."""

from __future__ import annotations

import smtplib
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any, ClassVar, TypeVar
from uuid import UUID

from django.utils.translation import gettext as _
from typing_extensions import override

from careline.channels import adapter
from careline.channels.adapter import (
    Capabilities,
    Carried,
    Check,
    DeliveryFailed,
    Endpoint,
    Field,
    Finding,
    Forged,
    Health,
    Suggestion,
)
from careline.channels.email import (
    forming,
    grouping,
    imap,
    incoming,
    mailbox,
    oauth,
    outgoing,
    receiving,
    remarks,
    setting_up,
    threads,
    trials,
    writing,
)
from careline.channels.email.history import Account, Files
from careline.channels.email.pool import Readers
from careline.channels.email.sending import Post, Server
from careline.channels.history import Past
from careline.channels.letters import BY_FORM, NOBODY, Filled, Letter, Stationery, Writer
from careline.channels.satchel import Began, FetchFailed, Satchel
from careline.kit import signing
from careline.kit.refusals import Refused
from careline.kit.sentences import lasting

# Of one mail as it is brought; what is put above it on the way is read as well.
LARGEST = 40 * 1024 * 1024
T = TypeVar("T")


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
        fetches=True,
        largest=LARGEST,
        begins_with=("address",),
        connects=True,
        signs=True,
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
        scheme, _blank, given = headers.get("authorization", "").partition(" ")
        if scheme.lower() != "bearer" or not signing.same(given.strip(), inbox.secret):
            raise Forged(_("The secret does not fit this mailbox."))
        if headers.get("content-type", "").partition(";")[0].strip().lower() != "message/rfc822":
            raise Refused(_("Send the mail as it is: Content-Type: message/rfc822."), field="content-type")
        if not raw.strip():
            raise Refused(_("There is no mail in this request."))

    @override
    def parse(
        self, inbox: Endpoint, raw: bytes, headers: Mapping[str, str]
    ) -> Sequence[adapter.Inbound | adapter.Receipt]:
        items = incoming.items(inbox, _readers().read(raw), raw, headers)
        return forming.marked(items) if headers.get(BY_FORM) else items

    @override
    def formed(self, inbox: Endpoint, filled: Filled, digest: str, at: datetime) -> bytes:
        return forming.made(inbox, filled, digest, at)

    @override
    def render(self, inbox: Endpoint, message: adapter.Outbound) -> bytes:
        return outgoing.written(inbox, message)[1]

    @override
    def send(self, inbox: Endpoint, message: adapter.Outbound) -> Carried:
        if not inbox.settings.get("smtp_host"):
            raise DeliveryFailed(lasting("This mailbox has no server for sending."), permanent=True)
        letter, raw = outgoing.written(inbox, message)
        sender, recipients = writing.envelope(letter)
        wanted = frozenset(message.only)
        spared = {writing.wire(one) for one in message.without}
        chosen = [one for one in recipients if (not wanted or one in wanted) and one not in spared]
        sent = _let_in(inbox, lambda server: _post().send(server, sender, chosen, raw, utf8=writing.needs_utf8(letter)))
        return Carried(outgoing.named(inbox, message), sent.refused)

    @override
    def stationery(self, inbox: Endpoint, writer: Writer = NOBODY) -> Stationery:
        return mailbox.stationery(inbox, writer)

    @override
    def headed(self, inbox: Endpoint, letter: Letter, conversation_id: int | None, *, passed_on: bool = False) -> str:
        if passed_on:
            return threads.passed_on(letter.subject)
        return outgoing.subject(inbox, letter, conversation_id)

    @override
    def test(self, inbox: Endpoint) -> str:
        if not inbox.settings.get("smtp_host"):
            raise DeliveryFailed(lasting("This mailbox has no server for sending."), permanent=True)
        return _let_in(inbox, _post().test)

    def fetches_from(self, inbox: Endpoint) -> bool:
        """Nobody is knocked at before somebody has said what opens the door."""
        return bool(inbox.settings.get("imap_host")) and receiving.has_key(inbox)

    def fetch(self, inbox: Endpoint, satchel: Satchel, stop: threading.Event) -> None:
        imap.fetch(receiving.box(inbox, satchel), satchel, stop)

    def past(self, inbox: Endpoint, source: Path | None, work: Path, stop: threading.Event) -> Past:
        if source is not None:
            return Files(source, work, stop)
        if not self.fetches_from(inbox):
            raise Refused(_("This mailbox has no server for receiving."))
        return Account(receiving.box(inbox), work, stop)

    def test_fetching(self, inbox: Endpoint) -> str:
        if not inbox.settings.get("imap_host"):
            raise FetchFailed(lasting("This mailbox has no server for receiving."), lasting=True)
        return imap.test(receiving.box(inbox))

    def begins(self, inbox: Endpoint) -> Began | None:
        return imap.begins(receiving.box(inbox))

    @override
    def health(self, inbox: Endpoint) -> Health:
        if not inbox.settings.get("smtp_host"):
            if not inbox.settings.get("imap_host"):
                told = _("This mailbox is not connected yet: no mail is fetched from it, and no answer leaves by it.")
                return Health(False, told)
            return Health(False, _("Nothing can be answered: there is no server for sending."))
        if inbox.settings.get("imap_host") and not receiving.has_key(inbox):
            return Health(False, _("The mailbox is not connected yet: the password is missing."))
        return Health(True, _("Answers leave by %(host)s.") % {"host": inbox.settings["smtp_host"]})

    @override
    def groups(self) -> tuple[tuple[str, str], ...]:
        return grouping.titles()

    @override
    def suggested(self, settings: Mapping[str, Any], *, look: bool = True) -> Suggestion | None:
        return setting_up.suggested(str(settings.get("address", "")), look=look)

    @override
    def checks(self, inbox: Endpoint) -> Iterator[Check]:
        def send(raw: bytes | None) -> str:
            if raw is None:
                return _let_in(inbox, _post().test)
            own = mailbox.address(inbox)
            return _let_in(inbox, lambda server: _post().send(server, own, [own], raw).answer)

        return trials.checks(inbox, send)

    @override
    def findings(self, inbox: Endpoint) -> list[Finding]:
        return setting_up.findings(inbox)

    @override
    def new_key(self, inbox: Endpoint, at: datetime) -> Mapping[str, str]:
        return setting_up.new_key(inbox, at)

    @override
    def consent(self, inbox: Endpoint, *, redirect: str, state: str, verifier: str) -> str:
        client = setting_up.client(inbox)
        return oauth.authorization(
            client, redirect=redirect, state=state, verifier=verifier, address=mailbox.address(inbox)
        )

    @override
    def consented(self, inbox: Endpoint, *, code: str, redirect: str, verifier: str) -> Mapping[str, str]:
        grant = oauth.exchange(setting_up.client(inbox), code=code, redirect=redirect, verifier=verifier)
        return {"refresh_token": grant.refresh_token}

    @override
    def addresses(self, inbox: Endpoint) -> frozenset[str]:
        return mailbox.addresses(inbox)

    @override
    def remark(self, code: str) -> str:
        return remarks.sentence(code)

    @override
    def named(self, inbox: Endpoint, message: UUID) -> str:
        return threads.message_id(message, mailbox.domain(inbox))


def _let_in(inbox: Endpoint, work: Callable[[Server], T]) -> T:
    """By password; or by a token, which may have been taken back before its time: then once more with a new one."""
    if not receiving.by_token(inbox):
        return work(mailbox.smtp(inbox))
    try:
        return work(mailbox.smtp(inbox, receiving.access(inbox)))
    except DeliveryFailed as failed:
        if not isinstance(failed.__cause__, smtplib.SMTPAuthenticationError):
            raise
    return work(mailbox.smtp(inbox, receiving.access(inbox, fresh=True)))


@cache
def _readers() -> Readers:
    return Readers()


@cache
def _post() -> Post:
    return Post()


adapter.register(Email())
