"""The API channel: messages and receipts signed as Standard Webhooks, answers brought to an address of theirs."""

from __future__ import annotations

import base64
import secrets
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, ClassVar

import msgspec
from django.utils.translation import gettext as _
from typing_extensions import override

from careline.channels import adapter, wire
from careline.channels.adapter import Capabilities, DeliveryFailed, Endpoint, Field, Health, Unreadable
from careline.kit import clock, contacts, ids, signing, text
from careline.kit.refusals import Refused
from careline.kit.sentences import Words, lasting

LONGEST_TEXT = 50_000
# A sender's clock may run ahead of ours this far; what lies beyond is not when it was written.
_AHEAD = timedelta(minutes=5)


class Sender(msgspec.Struct):
    external_id: str | None = None
    name: str | None = None
    email: str | None = None


class Envelope(msgspec.Struct):
    id: str | int
    type: str = "message"


class Message(msgspec.Struct, rename={"sender": "from"}):
    id: str | int
    sender: Sender
    body: str
    sent_at: datetime | None = None


class Receipt(msgspec.Struct):
    id: str | int
    status: adapter.Status
    reason: str = ""


class Api(adapter.Adapter):
    kind: ClassVar[str] = "api"
    capabilities: ClassVar[Capabilities] = Capabilities(
        reaches=("external", "email"), webhook=True, tells_at_once=True, attachments=True, receipts=True
    )

    @override
    def label(self) -> str:
        return _("API channel")

    @override
    def settings_schema(self) -> tuple[Field, ...]:
        return (
            Field(
                "url",
                _("Address that answers are sent to"),
                "url",
                hint=_("Signed with the inbox's secret. Empty: answers are fetched by the API."),
                limit=2000,
            ),
        )

    @override
    def delivery(self, settings: Mapping[str, Any]) -> adapter.Delivery:
        return "push" if settings.get("url") else "pull"

    @override
    def new_secret(self) -> str:
        return "whsec_" + base64.b64encode(secrets.token_bytes(32)).decode()

    @override
    def verify(self, inbox: Endpoint, raw: bytes, headers: Mapping[str, str]) -> None:
        signing.standard_webhooks_verify(inbox.secret, headers, raw)

    @override
    def parse(
        self, inbox: Endpoint, raw: bytes, headers: Mapping[str, str]
    ) -> Sequence[adapter.Inbound | adapter.Receipt]:
        try:
            what = msgspec.json.decode(raw, type=Envelope).type
            if what == "receipt":
                return [_receipt(msgspec.json.decode(raw, type=Receipt))]
            if what == "message":
                return [_message(msgspec.json.decode(raw, type=Message))]
        except (msgspec.MsgspecError, ValueError, RecursionError) as error:
            raise Unreadable(lasting("The body cannot be read: %(why)s") % {"why": error}) from error
        except Refused as refusal:
            raise Unreadable(*refusal.args) from refusal
        raise Unreadable(lasting("The type must be “message” or “receipt”."))

    @override
    def render(self, inbox: Endpoint, message: adapter.Outbound) -> bytes:
        return msgspec.json.encode(
            {
                "id": message.key,
                "type": "message",
                "conversation_id": None if message.conversation_id is None else str(message.conversation_id),
                "to": message.recipient,
                "author": message.author,
                "body": message.text,
                "attachments": [
                    {"name": one.name, "media_type": one.media_type, "size": one.size, "url": one.link}
                    for one in message.attachments
                ],
                "created_at": message.created_at,
            }
        )

    @override
    def send(self, inbox: Endpoint, message: adapter.Outbound) -> str:
        answer = self._post(inbox, message.key, self.render(inbox, message))
        return answer.told("id")[:200] or message.key

    @override
    def test(self, inbox: Endpoint) -> str:
        self._post(inbox, f"test_{ids.uuid7()}", msgspec.json.encode({"type": "test", "inbox": inbox.name}))
        return _("The other side took the test.")

    @override
    def health(self, inbox: Endpoint) -> Health:
        if inbox.settings.get("url"):
            return Health(True, _("Answers are sent to the address you gave."))
        return Health(True, _("Answers wait until they are fetched."))

    def _post(self, inbox: Endpoint, key: str, body: bytes) -> wire.Answer:
        url = inbox.settings.get("url")
        if not url:
            raise DeliveryFailed(lasting("This inbox has no address to send answers to."), permanent=True)
        now = int(clock.now().timestamp())
        return wire.post(
            url,
            body,
            {
                "content-type": "application/json",
                "webhook-id": key,
                "webhook-timestamp": str(now),
                "webhook-signature": signing.standard_webhooks_sign(inbox.secret, key, now, body),
            },
        )


def _message(given: Message) -> adapter.Inbound:
    identities: list[adapter.Identity] = []
    if given.sender.external_id:
        identities.append(
            ("external", text.clean(given.sender.external_id, field="from.external_id", limit=200, required=True))
        )
    if given.sender.email:
        contacts.email_key(given.sender.email)
        identities.append(("email", given.sender.email))
    if not identities:
        raise Refused(_("Name the sender: from.external_id or from.email is needed."))
    return adapter.Inbound(
        external_id=_id(given.id),
        identities=tuple(identities),
        name=text.clean(given.sender.name or "", field="from.name", limit=200),
        text=text.clean(given.body, field="body", label="body", limit=LONGEST_TEXT, required=True),
        sent_at=_moment(given.sent_at),
    )


def _receipt(given: Receipt) -> adapter.Receipt:
    reason: Words = text.excerpt(text.clean(given.reason, field="reason", label="reason", limit=2000), 500)
    if given.status == "failed" and not reason:
        reason = lasting("The other side says it failed and gives no reason.")
    return adapter.Receipt(external_id=_id(given.id), status=given.status, reason=reason)


def _id(given: str | int) -> str:
    return text.clean(str(given), field="id", limit=200, required=True)


def _moment(sent_at: datetime | None) -> datetime | None:
    if sent_at is None:
        return None
    at = sent_at if sent_at.tzinfo else sent_at.replace(tzinfo=UTC)
    return at if at <= clock.now() + _AHEAD else None


adapter.register(Api())
