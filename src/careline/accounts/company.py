"""OpenID Connect: sending somebody to their company's provider, and reading what it says of them on the way back.

The code flow with PKCE, a nonce and a state bound to the browser. What counts is the signed token alone: who issued it,
for whom, when, and in answer to which question.
"""

from __future__ import annotations

import base64
import hashlib
import time
from typing import Any
from urllib.parse import quote, urlencode

import msgspec
from django.conf import settings
from django.utils.translation import gettext as _

from careline.kit import http
from careline.kit.refusals import Refused

SCOPES = "openid profile email"
# Signed by a key of the provider; never by our secret, and never unsigned.
ALGORITHMS = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"]
LARGEST = 1024 * 1024
# Clocks may differ by so much.
LEEWAY_S = 60
# What a provider publishes of itself is looked at again after so long. Its keys are asked for at each sign-in, so that
# a key it has taken back is worth nothing from then on, and a new one is known.
KEPT_S = 600


class ProviderFailed(Refused):
    """The provider could not be reached, or said something it should not."""

    code = "provider_failed"


class Places(msgspec.Struct, frozen=True):
    """What a provider publishes of itself."""

    issuer: str
    authorization_endpoint: str
    token_endpoint: str
    jwks_uri: str
    userinfo_endpoint: str = ""
    scopes_supported: tuple[str, ...] = ()
    token_endpoint_auth_methods_supported: tuple[str, ...] = ("client_secret_basic",)
    # Whether it names itself on the way back (RFC 9207).
    authorization_response_iss_parameter_supported: bool = False


_kept: dict[str, tuple[float, Places]] = {}


class Said(msgspec.Struct, frozen=True):
    """Who somebody is, by their provider's word."""

    subject: str
    email: str
    email_is_verified: bool
    name: str
    groups: list[str]


def back() -> str:
    """Where the provider sends people back to; it wants to know it beforehand."""
    return f"{settings.CARELINE_BASE_URL}/sign-in/company"


def places(issuer: str, *, fresh: bool = False) -> Places:
    at, known = _kept.get(issuer, (0.0, None))
    if known is None or fresh or time.monotonic() - at > KEPT_S:
        known = _published(issuer)
        _kept[issuer] = time.monotonic(), known
    return known


def _published(issuer: str) -> Places:
    raw = _asked("GET", issuer.rstrip("/") + "/.well-known/openid-configuration")
    try:
        found = msgspec.json.decode(raw, type=Places)
    except msgspec.DecodeError as error:
        raise ProviderFailed(_("There is no OpenID Connect provider at this address."), field="issuer") from error
    if found.issuer.rstrip("/") != issuer.rstrip("/"):
        sentence = _("The provider calls itself %(issuer)s; write exactly that.")
        raise ProviderFailed(sentence % {"issuer": found.issuer[:200]}, field="issuer")
    must_be_safe(found.authorization_endpoint)
    return found


def must_be_it(found: Places, named: str) -> None:
    """On the way back a provider may name itself, and does so if it says it would: another one is mixed up with it."""
    expected = found.issuer.rstrip("/")
    if named.rstrip("/") not in (
        {expected} if found.authorization_response_iss_parameter_supported else {"", expected}
    ):
        raise ProviderFailed(_("What the provider says was not said to us."))


def way_there(found: Places, client_id: str, *, state: str, nonce: str, verifier: str, groups_claim: str) -> str:
    """The address of the provider's own sign-in page."""
    challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
    # Some hand groups out unasked, some for a scope of that name, and who knows no such scope refuses to hear of it.
    scopes = [SCOPES, groups_claim] if groups_claim in found.scopes_supported else [SCOPES]
    asked = {
        "response_type": "code", "client_id": client_id, "redirect_uri": back(), "scope": " ".join(scopes),
        "state": state, "nonce": nonce, "code_challenge": challenge, "code_challenge_method": "S256",
    }  # fmt: skip
    join = "&" if "?" in found.authorization_endpoint else "?"
    return f"{found.authorization_endpoint}{join}{urlencode(asked)}"


def who(found: Places, client_id: str, secret: str, *, code: str, nonce: str, verifier: str, groups_claim: str) -> Said:
    """The code is changed for a token, the token is read, and what it leaves out is asked for."""
    form = {"grant_type": "authorization_code", "code": code, "redirect_uri": back(), "code_verifier": verifier}
    headers = {}
    if "client_secret_basic" in found.token_endpoint_auth_methods_supported:
        pair = f"{quote(client_id, safe='')}:{quote(secret, safe='')}"
        headers["Authorization"] = f"Basic {base64.b64encode(pair.encode()).decode()}"
    else:
        form |= {"client_id": client_id, "client_secret": secret}
    tokens = _object(_asked("POST", found.token_endpoint, data=form, headers=headers))
    claims = read(str(tokens.get("id_token", "")), found, client_id, nonce=nonce)
    if found.userinfo_endpoint and not {"email", groups_claim} <= set(claims):
        bearer = {"Authorization": f"Bearer {tokens.get('access_token', '')}"}
        more = _object(_asked("GET", found.userinfo_endpoint, headers=bearer))
        # Of somebody else it would be no word about this one.
        claims = {**more, **claims} if more.get("sub") == claims["sub"] else claims
    groups = claims.get(groups_claim)
    return Said(
        subject=str(claims["sub"])[:255],
        email=str(claims.get("email") or "")[:254],
        email_is_verified=claims.get("email_verified") in (True, "true"),
        name=str(claims.get("name") or claims.get("preferred_username") or "")[:200],
        groups=[str(one) for one in groups]
        if isinstance(groups, list)
        else [groups]
        if isinstance(groups, str)
        else [],
    )


def read(token: str, found: Places, client_id: str, *, nonce: str) -> dict[str, Any]:
    """The claims of a token that this provider signed, for us, just now, in answer to this question."""
    import jwt  # few requests need it, and every start would pay for it

    try:
        keys = jwt.PyJWKSet.from_json(_asked("GET", found.jwks_uri).decode())
        named = jwt.get_unverified_header(token).get("kid")
        signing = [one for one in keys.keys if one.public_key_use in (None, "sig")]
        fitting = [one for one in signing if named is None or one.key_id == named]
        if len(fitting) != 1:
            raise jwt.InvalidKeyError("no such key")
        claims: dict[str, Any] = jwt.decode(
            token, fitting[0].key, algorithms=ALGORITHMS, audience=client_id, issuer=found.issuer, leeway=LEEWAY_S,
            options={"require": ["iss", "sub", "aud", "exp", "iat"]},
        )  # fmt: skip
    except (jwt.PyJWTError, ValueError) as error:
        raise ProviderFailed(
            _("What the provider says is not signed as it should be: %(why)s") % {"why": error}
        ) from error
    audience = claims["aud"]
    several = isinstance(audience, list) and len(audience) > 1
    for_another = (several or "azp" in claims) and claims.get("azp") != client_id
    if for_another or claims.get("nonce") != nonce:
        raise ProviderFailed(_("What the provider says was not said to us."))
    return claims


def _asked(method: str, url: str, **more: Any) -> bytes:
    must_be_safe(url)
    try:
        with http.client() as client, client.stream(method, url, **more) as answer:
            raw = b""
            for piece in answer.iter_bytes():
                raw += piece
                if len(raw) > LARGEST:
                    raise ProviderFailed(_("The provider says too much."))
    except http.FAILED as error:
        sentence = _("The provider cannot be reached: %(why)s")
        raise ProviderFailed(sentence % {"why": error}, field="issuer") from error
    if answer.status_code != 200:
        sentence = _("The provider answered %(status)s: %(why)s")
        raise ProviderFailed(sentence % {"status": answer.status_code, "why": _complaint(raw)}, field="issuer")
    return raw


def _complaint(raw: bytes) -> str:
    """What a provider says is wrong, where it says so as it should."""
    try:
        said = msgspec.json.decode(raw, type=dict[str, Any])
    except msgspec.DecodeError:
        return "–"
    return str(said.get("error_description") or said.get("error") or "–")[:200]


def must_be_safe(url: str) -> None:
    """Secrets go there: only through TLS, but for a house whose administrator allows its private network."""
    if not (url.startswith("https://") or (url.startswith("http://") and settings.CARELINE_ALLOW_PRIVATE_HTTP)):
        raise ProviderFailed(_("The address of a provider begins with https://."), field="issuer")


def _object(raw: bytes) -> dict[str, Any]:
    try:
        return msgspec.json.decode(raw, type=dict[str, Any])
    except msgspec.DecodeError as error:
        raise ProviderFailed(_("The provider answered something else than JSON.")) from error
