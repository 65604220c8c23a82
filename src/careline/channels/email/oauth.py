"""Mailboxes of Google and Microsoft are opened by a token; this is how one is asked for, and asked for again.

A person agrees once in the browser (authorization code with PKCE, RFC 7636); from then on a refresh token brings access
tokens that live for an hour. Endpoints and scopes are those the two document for IMAP and SMTP.
"""

from __future__ import annotations

import base64
import hashlib
import secrets
import threading
import time
from collections.abc import Callable, Mapping
from urllib.parse import urlencode

import msgspec
from django.conf import settings

from careline.channels import wire
from careline.channels.adapter import DeliveryFailed
from careline.kit import text
from careline.kit.sentences import lasting as _

# An access token is not used in its last minutes: a mail may take that long.
RESERVE = 300.0
SHORTEST = 60.0
_MOST_KEPT = 1000
# The consent is gone, and only a person can give it again.
_GONE = {"invalid_grant", "interaction_required", "consent_required", "login_required", "access_denied"}
_OURS = {"invalid_client", "unauthorized_client", "invalid_scope", "invalid_request", "unsupported_grant_type"}


class Provider(msgspec.Struct, frozen=True, kw_only=True):
    key: str
    name: str
    authorize: str
    token: str
    scope: str
    # What the provider needs to hear to give a refresh token at all.
    asked: tuple[tuple[str, str], ...] = ()


PROVIDERS = {
    "google": Provider(
        key="google",
        name="Google",
        authorize="https://accounts.google.com/o/oauth2/v2/auth",
        token="https://oauth2.googleapis.com/token",  # noqa: S106
        scope="https://mail.google.com/",
        asked=(("access_type", "offline"), ("prompt", "consent")),
    ),
    "microsoft": Provider(
        key="microsoft",
        name="Microsoft",
        authorize="https://login.microsoftonline.com/{tenant}/oauth2/v2.0/authorize",
        token="https://login.microsoftonline.com/{tenant}/oauth2/v2.0/token",  # noqa: S106
        scope="offline_access https://outlook.office.com/IMAP.AccessAsUser.All https://outlook.office.com/SMTP.Send",
        asked=(("prompt", "select_account"), ("response_mode", "query")),
    ),
}


class Client(msgspec.Struct, frozen=True, kw_only=True):
    """What the provider knows us by: registered there once, by whoever runs this installation."""

    provider: str
    client_id: str
    client_secret: str = ""
    # Microsoft: the firm's own, where the program was registered for one firm alone.
    tenant: str = "common"


class Grant(msgspec.Struct, frozen=True):
    access_token: str
    seconds: float
    # Empty where the one that was used stays.
    refresh_token: str = ""


class ConnectAgain(DeliveryFailed):
    """The consent was taken back or has run out."""


def verifier() -> str:
    """Kept by whoever began, until the browser comes back."""
    return secrets.token_urlsafe(48)


def authorization(client: Client, *, redirect: str, state: str, verifier: str, address: str = "") -> str:
    """Where the browser is sent to; `address` is the mailbox that is meant."""
    provider = _provider(client)
    proof = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
    asked = {
        "client_id": client.client_id,
        "redirect_uri": redirect,
        "response_type": "code",
        "scope": provider.scope,
        "state": state,
        "code_challenge": proof,
        "code_challenge_method": "S256",
        **dict(provider.asked),
    }
    if address:
        asked["login_hint"] = address
    return f"{provider.authorize.format(tenant=_tenant(client))}?{urlencode(asked)}"


def exchange(client: Client, *, code: str, redirect: str, verifier: str) -> Grant:
    """The code the browser came back with, for a grant. Raises DeliveryFailed."""
    grant = _asked(
        client,
        {"grant_type": "authorization_code", "code": code, "redirect_uri": redirect, "code_verifier": verifier},
    )
    if not grant.refresh_token:
        name = _provider(client).name
        raise DeliveryFailed(_("%(provider)s gave no lasting permission; try it once more.") % {"provider": name})
    return grant


def refreshed(client: Client, refresh_token: str) -> Grant:
    """Raises ConnectAgain when there is nothing to be refreshed anymore, DeliveryFailed otherwise."""
    return _asked(client, {"grant_type": "refresh_token", "refresh_token": refresh_token})


class Tokens:
    """Access tokens of this process, each until shortly before its end; asked for by one thread at a time."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._known: dict[tuple[Client, str], tuple[str, float]] = {}
        self._locks: dict[tuple[Client, str], threading.Lock] = {}
        self._lock = threading.Lock()

    def access(
        self, client: Client, refresh_token: str, *, fresh: bool = False, renewed: Callable[[str], None] | None = None
    ) -> str:
        """`fresh`: the one in use is refused. `renewed` is told a refresh token that takes the place of this one."""
        key = (client, signature(refresh_token))
        refused = self._usable(key) if fresh else None
        with self._one_at_a_time(key):
            known = self._usable(key)
            if known is not None and known != refused:
                return known
            grant = refreshed(client, refresh_token)
            self._keep(key, grant)
            if grant.refresh_token and grant.refresh_token != refresh_token:
                self._keep((client, signature(grant.refresh_token)), grant)
                if renewed is not None:
                    renewed(grant.refresh_token)
            return grant.access_token

    def _usable(self, key: tuple[Client, str]) -> str | None:
        token, until = self._known.get(key, ("", 0.0))
        return token if token and self._clock() < until else None

    def _keep(self, key: tuple[Client, str], grant: Grant) -> None:
        lasts = max(SHORTEST, grant.seconds - RESERVE)
        with self._lock:
            if len(self._known) >= _MOST_KEPT:
                self._known.clear()
            self._known[key] = (grant.access_token, self._clock() + lasts)

    def _one_at_a_time(self, key: tuple[Client, str]) -> threading.Lock:
        with self._lock:
            if len(self._locks) >= _MOST_KEPT:
                self._locks = {known: lock for known, lock in self._locks.items() if lock.locked()}
            return self._locks.setdefault(key, threading.Lock())


def signature(refresh_token: str) -> str:
    """Enough to tell two apart."""
    return hashlib.sha256(refresh_token.encode()).hexdigest()


def _provider(client: Client) -> Provider:
    """As documented, or where the settings say: clouds of their own for countries and governments."""
    known = PROVIDERS[client.provider]
    elsewhere = settings.CARELINE_OAUTH_URLS.get(client.provider)
    if not elsewhere:
        return known
    moved = {name: elsewhere + _path(getattr(known, name)) for name in ("authorize", "token")}
    return msgspec.structs.replace(known, **moved)


def _path(url: str) -> str:
    return url[url.index("/", len("https://")) :]


def _tenant(client: Client) -> str:
    kept = "".join(one for one in client.tenant if one.isalnum() or one in ".-")
    return kept or "common"


def _asked(client: Client, words: Mapping[str, str]) -> Grant:
    provider = _provider(client)
    form = {"client_id": client.client_id, **words}
    if client.client_secret:
        form["client_secret"] = client.client_secret
    if provider.key == "microsoft":
        form["scope"] = provider.scope
    answer = wire.ask(
        provider.token.format(tenant=_tenant(client)),
        urlencode(form).encode(),
        {"Content-Type": "application/x-www-form-urlencoded", "Accept": "application/json"},
    )
    if answer.status != 200:
        raise _refusal(provider, answer)
    try:
        told = msgspec.json.decode(answer.body, type=_Told)
    except msgspec.MsgspecError as error:
        sentence = _("%(provider)s answered something that is no token.")
        raise DeliveryFailed(sentence % {"provider": provider.name}) from error
    return Grant(told.access_token, float(told.expires_in), told.refresh_token)


class _Told(msgspec.Struct):
    access_token: str
    expires_in: int | float = 3600
    refresh_token: str = ""


def _refusal(provider: Provider, answer: wire.Answer) -> DeliveryFailed:
    code = answer.told("error")
    said = text.excerpt(answer.told("error_description", "error"), 200)
    named = {"provider": provider.name, "why": f"“{said}”" if said else "", "status": answer.status}
    if code in _GONE:
        sentence = _("%(provider)s does not let us into this mailbox anymore: connect it again. %(why)s")
        return ConnectAgain(sentence % named)
    if code in _OURS:
        sentence = _("%(provider)s does not take the client id and secret of this mailbox. %(why)s")
        return ConnectAgain(sentence % named)
    return DeliveryFailed(_("%(provider)s gives no token right now (%(status)s). %(why)s") % named)
