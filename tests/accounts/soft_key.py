"""A passkey without a device: makes keys and signs what it is asked, and can be told to do so wrongly."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from fido2.cose import ES256
from fido2.utils import websafe_encode
from fido2.webauthn import AttestationObject, AttestedCredentialData, AuthenticatorData

FLAG = AuthenticatorData.FLAG


class SoftKey:
    def __init__(self, origin: str, *, name: bytes = b"one") -> None:
        self.origin, self.name, self.counter = origin, name * 6, 0
        self.private = ec.generate_private_key(ec.SECP256R1())

    def made(self, asked: dict[str, Any], **wrong: Any) -> dict[str, Any]:
        """The answer to being asked for a new key."""
        public = ES256.from_cryptography_key(self.private.public_key())
        known = AttestedCredentialData.create(bytes(16), self.name, public)
        stands = self._stands(asked, asked["rp"]["id"], known, **wrong)
        told = AttestationObject.create("none", stands, {})
        client = self._client("webauthn.create", asked, **wrong)
        return self._answer(clientDataJSON=client, attestationObject=bytes(told))

    def signed(self, asked: dict[str, Any], **wrong: Any) -> dict[str, Any]:
        """The answer to being asked who one is."""
        self.counter = wrong.get("counter", self.counter + 1)
        stands = self._stands(asked, asked["rpId"], None, **wrong)
        client = self._client("webauthn.get", asked, **wrong)
        signature = self.private.sign(bytes(stands) + hashlib.sha256(client).digest(), ec.ECDSA(hashes.SHA256()))
        return self._answer(clientDataJSON=client, authenticatorData=bytes(stands), signature=signature)

    def _stands(
        self, _asked: Any, host: str, known: AttestedCredentialData | None, *, verified: bool = True,
        rp: str = "", **_wrong: Any,
    ) -> AuthenticatorData:  # fmt: skip
        flags = FLAG.UP | (FLAG.UV if verified else FLAG(0)) | (FLAG.AT if known else FLAG(0))
        digest = hashlib.sha256((rp or host).encode()).digest()
        return AuthenticatorData.create(digest, flags, self.counter, bytes(known) if known else b"")

    def _client(
        self, kind: str, asked: dict[str, Any], *, origin: str = "", challenge: Any = None, **_wrong: Any
    ) -> bytes:
        said = challenge or asked["challenge"]
        words = said if isinstance(said, str) else websafe_encode(said)
        return json.dumps({"type": kind, "challenge": words, "origin": origin or self.origin}).encode()

    def _answer(self, **parts: bytes) -> dict[str, Any]:
        name = websafe_encode(self.name)
        response = {key: websafe_encode(value) for key, value in parts.items()}
        return {"id": name, "rawId": name, "type": "public-key", "response": response, "clientExtensionResults": {}}
