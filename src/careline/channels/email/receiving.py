"""Where a mailbox is fetched from, and how it signs in there: with a password, or with a token of its provider."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import cast

from careline.channels.adapter import DeliveryFailed, Endpoint
from careline.channels.email import imap, mailbox, oauth, reading
from careline.channels.satchel import FetchFailed, Satchel
from careline.kit.sentences import lasting


def by_token(inbox: Endpoint) -> bool:
    return inbox.settings.get("sign_in") in oauth.PROVIDERS


def has_key(inbox: Endpoint) -> bool:
    return bool(inbox.credentials.get("refresh_token" if by_token(inbox) else "imap_password"))


def box(inbox: Endpoint, satchel: Satchel | None = None) -> imap.Mailbox:
    given = inbox.settings
    return imap.Mailbox(
        host=str(given.get("imap_host", "")),
        port=int(given.get("imap_port", 993)),
        security=cast(mailbox.Security, given.get("imap_security", "tls")),
        user=mailbox.user(inbox, "imap"),
        password=inbox.credentials.get("imap_password", ""),
        token=_token(inbox, satchel) if by_token(inbox) else None,
        authority=str(given.get("authority", "")),
        folder=str(given.get("imap_folder") or "INBOX").strip(),
        existing=bool(given.get("imap_old")),
        # As much as can be read: 40 MB as they were sent, and what was put above them on the way.
        largest=reading.LARGEST,
    )


def access(inbox: Endpoint, *, fresh: bool = False, renewed: Callable[[str], None] | None = None) -> str:
    """A token that opens this mailbox; raises DeliveryFailed."""
    given, kept = inbox.settings, inbox.credentials
    provider = str(given["sign_in"])
    if not kept.get("refresh_token"):
        name = oauth.PROVIDERS[provider].name
        raise oauth.ConnectAgain(
            lasting("Nobody has let us into this mailbox at %(provider)s yet.") % {"provider": name}
        )
    client = oauth.Client(
        provider=provider,
        client_id=str(given.get("client_id", "")),
        client_secret=kept.get("client_secret", ""),
        tenant=str(given.get("tenant") or "common"),
    )
    return _tokens().access(client, kept["refresh_token"], fresh=fresh, renewed=renewed)


def _token(inbox: Endpoint, satchel: Satchel | None) -> Callable[[bool], str]:
    def renewed(refresh_token: str) -> None:
        if satchel is not None:
            satchel.renew("refresh_token", refresh_token)

    def token(fresh: bool) -> str:
        try:
            return access(inbox, fresh=fresh, renewed=renewed)
        except DeliveryFailed as failed:
            raise FetchFailed(failed.said, lasting=isinstance(failed, oauth.ConnectAgain)) from failed

    return token


@cache
def _tokens() -> oauth.Tokens:
    return oauth.Tokens()
