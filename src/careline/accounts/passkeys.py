"""WebAuthn: what is asked of a browser for a passkey, and whether its answer is right.

The library is imported where it is used: few requests need it, and every start would pay for it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.translation import gettext as _

from careline.accounts.models import Agent, Passkey
from careline.kit.refusals import Refused

if TYPE_CHECKING:
    from fido2.server import Fido2Server

# What an answer that is not right, or no answer at all, comes out as.
_WRONG = (ValueError, KeyError, TypeError, AttributeError)


class NotThisKey(Refused):
    """The browser's answer does not fit what was asked, or the key is not known here."""

    code = "wrong_passkey"


def host() -> str:
    return urlsplit(settings.CARELINE_BASE_URL).hostname or ""


def are_possible() -> bool:
    """Passkeys belong to a name; where the house is reached by a bare address, browsers make none."""
    return not host().replace(".", "").isdigit() and ":" not in host()


def asked_for_new(agent: Agent) -> tuple[dict[str, Any], dict[str, Any]]:
    """What the browser is asked to make a key, and what is remembered of it.

    The key itself says who it is of, and asks for a finger, a face or a number: it stands for two proofs in one.
    """
    from fido2.webauthn import (
        AttestedCredentialData,
        PublicKeyCredentialUserEntity,
        ResidentKeyRequirement,
        UserVerificationRequirement,
    )

    asked, state = _server().register_begin(
        PublicKeyCredentialUserEntity(id=f"agent:{agent.pk}".encode(), name=agent.email, display_name=agent.name),
        [AttestedCredentialData(bytes(one.credential)) for one in agent.passkeys.all()],
        resident_key_requirement=ResidentKeyRequirement.REQUIRED,
        user_verification=UserVerificationRequirement.REQUIRED,
    )
    return dict(asked)["publicKey"], dict(state)


def made(state: dict[str, Any], answer: dict[str, Any]) -> tuple[bytes, int]:
    """The new key's id and public key in one, and its counter."""
    try:
        found = _server().register_complete(state, answer)
    except _WRONG as error:
        raise unknown() from error
    assert found.credential_data is not None  # looked for there
    return bytes(found.credential_data), found.counter


def asked_for_known() -> tuple[dict[str, Any], dict[str, Any]]:
    """What the browser is asked for any key it has of this house."""
    from fido2.webauthn import UserVerificationRequirement

    asked, state = _server().authenticate_begin(user_verification=UserVerificationRequirement.REQUIRED)
    return dict(asked)["publicKey"], dict(state)


def named(answer: dict[str, Any]) -> bytes:
    """The id of the key that answered."""
    from fido2.utils import websafe_decode

    try:
        return websafe_decode(answer["rawId"])
    except _WRONG as error:
        raise unknown() from error


def right(state: dict[str, Any], answer: dict[str, Any], known: Passkey) -> int:
    """The key's counter now, if it signed what was asked."""
    from fido2.webauthn import AttestedCredentialData, AuthenticationResponse

    try:
        said = AuthenticationResponse.from_dict(answer)
        _server().authenticate_complete(state, [AttestedCredentialData(bytes(known.credential))], said)
    except _WRONG as error:
        raise unknown() from error
    return said.response.authenticator_data.counter


def unknown() -> NotThisKey:
    return NotThisKey(_("This passkey is not known here. Use another one, or your password."))


def _server() -> Fido2Server:
    from fido2.server import Fido2Server
    from fido2.webauthn import PublicKeyCredentialRpEntity

    house = PublicKeyCredentialRpEntity(id=host(), name="Careline")
    return Fido2Server(house, verify_origin=lambda origin: origin == settings.CARELINE_BASE_URL)
