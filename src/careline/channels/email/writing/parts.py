"""Bodies and files as MIME: everything in seven bits, so that no relay has to change what was signed."""

from __future__ import annotations

import binascii
import quopri
import re
from uuid import UUID

from careline.channels.email.writing import headers
from careline.channels.email.writing.letter import Enclosed

LONGEST_LINE = 998
_KIND = re.compile(r"[a-z0-9][a-z0-9!#$&^_.+-]{0,60}/[a-z0-9][a-z0-9!#$&^_.+-]{0,90}")
_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")
_ID = re.compile(r"[^\s<>\"\\\x00-\x20\x7f-\uffff]{1,200}")


def text(kind: str, words: str) -> bytes:
    """`text/plain` or `text/html`."""
    raw = tidy(words).encode()
    if not raw.endswith(b"\n"):
        raw += b"\n"
    how, body = _seven_bits(raw)
    return _part(headers.parametered("Content-Type", kind, charset="utf-8"), how, body)


def file(one: Enclosed) -> bytes:
    kind = one.media_type.lower().partition(";")[0].strip()
    if not _KIND.fullmatch(kind) or kind.startswith(("multipart/", "message/")):
        kind = "message/rfc822" if kind == "message/rfc822" and _travels(one.content) else "application/octet-stream"
    inline = is_inline(one)
    name = headers.one_line(one.name).replace("/", "_").replace("\\", "_")[:200] or "file"
    fields = headers.parametered("Content-Type", kind, **({} if kind.startswith("message/") else {"name": name}))
    fields += headers.parametered("Content-Disposition", "inline" if inline else "attachment", filename=name)
    if inline:
        fields += f"Content-ID: <{one.content_id}>\r\n"
    if kind == "message/rfc822":  # may be encoded by nobody (RFC 2046, 5.2.1)
        return _part(fields, "7bit", _crlf(one.content))
    return _part(fields, "base64", _base64(one.content))


def is_inline(one: Enclosed) -> bool:
    return bool(_ID.fullmatch(one.content_id))


def multipart(kind: str, parts: list[bytes], *, message: UUID, level: int) -> bytes:
    """The line between the parts is drawn from an id nobody knew before, and holds what no encoding makes: `=_`."""
    if len(parts) == 1:
        return parts[0]
    line = f"=_{message.hex}_{level}"
    edge = f"--{line}".encode()
    # Quoted, since `=` and `?` would end the word; short enough to stay on one line.
    head = f'Content-Type: multipart/{kind};\r\n boundary="{line}"\r\n\r\n'.encode()
    inside = b"".join(edge + b"\r\n" + part + b"\r\n" for part in parts)
    return head + inside + edge + b"--\r\n"


def tidy(words: str) -> str:
    """Line feeds alone, and none of the characters that mail may not carry."""
    words = words.replace("\r\n", "\n").replace("\r", "\n")
    return _CONTROLS.sub("", words).encode("utf-8", "replace").decode()


def _part(fields: str, how: str, body: bytes) -> bytes:
    return f"{fields}Content-Transfer-Encoding: {how}\r\n\r\n".encode() + body


def _seven_bits(raw: bytes) -> tuple[str, bytes]:
    """As it is where that can travel; else whichever is shorter. `From ` at a line's start is changed by old stores."""
    lines = raw.split(b"\n")
    if raw.isascii() and max(map(len, lines)) <= LONGEST_LINE and not any(one.startswith(b"From ") for one in lines):
        return "7bit", _crlf(raw)
    quoted = quopri.encodestring(raw).replace(b"\nFrom ", b"\n=46rom ")
    if quoted.startswith(b"From "):
        quoted = b"=46" + quoted[1:]
    encoded = _base64(raw.replace(b"\n", b"\r\n"))
    if len(quoted) <= 1.2 * len(encoded):
        return "quoted-printable", _crlf(quoted)
    return "base64", encoded


def _travels(raw: bytes) -> bool:
    return raw.isascii() and b"\0" not in raw and all(len(line) <= LONGEST_LINE for line in raw.splitlines())


def _crlf(raw: bytes) -> bytes:
    raw = raw.replace(b"\r\n", b"\n").replace(b"\r", b"\n").replace(b"\n", b"\r\n")
    return raw if raw.endswith(b"\r\n") else raw + b"\r\n"


def _base64(raw: bytes) -> bytes:
    # 57 bytes make a line of 76; a file of 25 MB is some 450,000 of them.
    encoded = binascii.b2a_base64(raw, newline=False)
    return b"\r\n".join(encoded[at : at + 76] for at in range(0, len(encoded), 76)) + b"\r\n"
