"""Web chat: frames of the visitor's socket, and proof of who a signed-in visitor is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar
from urllib.parse import urlsplit

import msgspec
from django.utils.translation import gettext as _
from typing_extensions import override

from careline.channels import adapter
from careline.channels.adapter import Capabilities, DeliveryFailed, Endpoint, Field, Forged, Health, Unreadable
from careline.kit import signing
from careline.kit.refusals import Refused
from careline.kit.sentences import lasting


class Frame(msgspec.Struct):
    client_id: str
    body: str
    type: str = "message"


class Webchat(adapter.Adapter):
    kind: ClassVar[str] = "webchat"
    capabilities: ClassVar[Capabilities] = Capabilities(
        reaches=("visitor", "external"), rings=False, attachments=True, receipts=True
    )

    @override
    def label(self) -> str:
        return _("Web chat")

    @override
    def settings_schema(self) -> tuple[Field, ...]:
        return (
            Field("title", _("Name shown to visitors"), limit=80),
            Field("greeting", _("Greeting"), "paragraph", hint=_("The first words of an empty chat."), limit=1000),
            Field(
                "away",
                _("When nobody is there"),
                "paragraph",
                hint=_("Shown outside your hours; {opening} becomes the time you open. Empty: we say it."),
                limit=1000,
            ),
            Field(
                "origins",
                _("Sites that may show the chat"),
                "lines",
                hint=_("One a line, like https://shop.example. Empty: every site."),
            ),
        )

    @override
    def check(self, settings: Mapping[str, Any]) -> None:
        for origin in settings.get("origins", ()):
            if _origin(origin) is None:
                raise Refused(
                    _("%(origin)s is not the address of a site; write it like https://shop.example.")
                    % {"origin": origin},
                    field="origins",
                )

    @override
    def delivery(self, settings: Mapping[str, Any]) -> adapter.Delivery:
        return "pull"

    @override
    def verify(self, inbox: Endpoint, raw: bytes, headers: Mapping[str, str]) -> None:
        raise Forged(_("Web chat takes messages from its own page only."))

    @override
    def parse(
        self, inbox: Endpoint, raw: bytes, headers: Mapping[str, str]
    ) -> Sequence[adapter.Inbound | adapter.Receipt]:
        """A frame as the chat door stored it, with the visitor it had already recognized in the headers."""
        try:
            frame = msgspec.json.decode(raw, type=Frame)
        except (msgspec.MsgspecError, ValueError, RecursionError) as error:
            raise Unreadable(lasting("This is no message of a chat: %(why)s") % {"why": error}) from error
        if frame.type != "message":
            return []
        known = tuple((kind, headers[kind]) for kind in ("external", "visitor") if headers.get(kind))
        if not known:
            raise Unreadable(lasting("Nobody knows which visitor wrote this."))
        return [adapter.Inbound(external_id=frame.client_id, identities=known, text=frame.body)]

    @override
    def render(self, inbox: Endpoint, message: adapter.Outbound) -> bytes:
        return message.text.encode()

    @override
    def send(self, inbox: Endpoint, message: adapter.Outbound) -> str:
        raise DeliveryFailed(lasting("Web chat answers are fetched by the visitor's page."), permanent=True)

    @override
    def test(self, inbox: Endpoint) -> str:
        return _("Web chat needs no way out: open the chat page and write a word.")

    @override
    def health(self, inbox: Endpoint) -> Health:
        return Health(True, _("Ready."))

    @override
    def identify(self, inbox: Endpoint, claim: Mapping[str, str]) -> adapter.Identity | None:
        identifier = claim.get("identifier")
        if not identifier:
            return None
        proof = claim.get("identifier_hash") or ""
        if not signing.same(signing.identity_proof(inbox.secret, identifier), proof):
            raise Forged(_("The proof does not fit the visitor it names."))
        return ("external", identifier)

    @override
    def admits(self, inbox: Endpoint, origin: str) -> bool:
        allowed = {_origin(one) for one in inbox.settings.get("origins", ())}
        asking = _origin(origin)
        return not allowed or (asking is not None and asking in allowed)


def _origin(address: str) -> str | None:
    """`https://shop.example` of an address that is nothing but a site's, in the spelling browsers use."""
    try:
        parts = urlsplit(address.strip())
        port = parts.port
    except ValueError:
        return None
    bare = not (parts.path.strip("/") or parts.query or parts.fragment or parts.username)
    if parts.scheme not in {"http", "https"} or not parts.hostname or not bare:
        return None
    usual = {"http": 80, "https": 443}[parts.scheme]
    return f"{parts.scheme}://{parts.hostname}" + (f":{port}" if port not in {None, usual} else "")


adapter.register(Webchat())
