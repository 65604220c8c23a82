"""S/MIME and PGP: recognized and said; nothing is opened or checked here."""

from __future__ import annotations

import re

from careline.channels.email.tree import Part

_INLINE = re.compile(r"^-----BEGIN PGP (MESSAGE|SIGNED MESSAGE|PUBLIC KEY BLOCK)-----[ \t]*$", re.MULTILINE)
_ARMORS = {"MESSAGE": "pgp-encrypted", "SIGNED MESSAGE": "pgp-signed", "PUBLIC KEY BLOCK": "pgp-key"}
_PKCS7 = {"application/pkcs7-mime", "application/x-pkcs7-mime"}


def of(root: Part, leaves: list[Part], text: str) -> tuple[str, ...]:
    found: dict[str, None] = {}
    waiting = [root]
    while waiting:
        part = waiting.pop(0)
        waiting.extend(part.parts)
        protocol = part.parameters.get("protocol", "").lower()
        if part.kind == "multipart/signed":
            found["pgp-signed" if "pgp" in protocol else "smime-signed"] = None
        elif part.kind == "multipart/encrypted":
            found["pgp-encrypted"] = None
    for part in leaves:
        if part.kind in _PKCS7:
            kind = part.parameters.get("smime-type", "").lower()
            name = (part.parameters.get("name") or part.disposition.parameters.get("filename") or "").lower()
            signed = kind in {"signed-data", "certs-only"} or (not kind and name.endswith((".p7s", ".p7c")))
            found["smime-signed" if signed else "smime-encrypted"] = None
        elif part.kind == "application/pgp-keys":
            found["pgp-key"] = None
        elif part.kind == "application/pgp-encrypted":
            found["pgp-encrypted"] = None
    for match in _INLINE.finditer(text):
        found[_ARMORS[match[1]]] = None
    return tuple(found)
