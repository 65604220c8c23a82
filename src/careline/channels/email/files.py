"""Files of a mail: what they are called, what they are, and whether they stand within the text."""

from __future__ import annotations

import mimetypes
import re

from careline.channels.email import charsets, encoded, uuencoded
from careline.channels.email.mail import Attachment
from careline.channels.email.tree import UUENCODED, Part, Tree

LONGEST_NAME = 200
_PATH = re.compile(r"[\\/]")
_UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f\u202a-\u202e\u2066-\u2069]")
_EXTENSIONS = {
    "message/rfc822": ".eml", "message/delivery-status": ".txt", "text/plain": ".txt", "text/html": ".html",
    "text/calendar": ".ics", "text/vcard": ".vcf", "text/x-vcard": ".vcf", "image/jpeg": ".jpg", "image/jpg": ".jpg",
    "image/pjpeg": ".jpg", "application/pgp-signature": ".asc", "application/pgp-keys": ".asc",
    "application/pkcs7-signature": ".p7s", "application/x-pkcs7-signature": ".p7s", "application/pkcs7-mime": ".p7m",
    "application/x-pkcs7-mime": ".p7m", "text/rfc822-headers": ".txt", "application/ms-tnef": ".dat",
}  # fmt: skip


def read(tree: Tree, part: Part, number: int, cited: set[str]) -> Attachment:
    content = tree.content(part)
    cid = part.content_id
    inline = (bool(cid) and cid in cited) or (not part.attached and part.main == "image" and not cited)
    return Attachment(
        name=called(tree, part, number),
        media_type=part.kind,
        content=content,
        content_id=cid,
        inline=inline,
    )


def written(found: uuencoded.Found) -> Attachment:
    """One that stood in a text."""
    name = cleaned(charsets.words(found.name)) or "file.bin"
    return Attachment(
        name=name, media_type=mimetypes.guess_type(name)[0] or "application/octet-stream", content=found.content
    )


def called(tree: Tree, part: Part, number: int) -> str:
    """As it says, or as its kind is called."""
    own = uuencoded.named(tree.raw[part.start : part.stop]) if part.encoding in UUENCODED else b""
    return name_of(part) or cleaned(charsets.words(own)) or _given_name(part, number)


def name_of(part: Part) -> str:
    return cleaned(part.disposition.parameters.get("filename") or part.parameters.get("name") or "")


def cleaned(name: str) -> str:
    """Without folders and without what would deceive the eye; the ending stays when it is cut."""
    name = _UNPRINTABLE.sub("", encoded.line(name))
    name = _PATH.split(name)[-1].strip(" .\"'") if _PATH.search(name) else name.strip(" \"'")
    if len(name) > LONGEST_NAME:
        stem, dot, ending = name.rpartition(".")
        name = stem[: LONGEST_NAME - 12] + dot + ending if dot and len(ending) <= 10 else name[:LONGEST_NAME]
    return name


def _given_name(part: Part, number: int) -> str:
    ending = _EXTENSIONS.get(part.kind) or mimetypes.guess_extension(part.kind) or ".bin"
    stem = {"message": "message", "image": "image", "text": "text"}.get(part.main, "file")
    return f"{stem}-{number}{ending}"
