"""What stands in for a mail that was not taken whole: its own head, and a sentence in place of its body."""

from __future__ import annotations

import base64
import re

from django.utils.translation import gettext as _

# They describe the body that is not there.
_OF_THE_BODY = re.compile(rb"(?im)^(content-[a-z-]+|mime-version)(?=[ \t]*:)")
KEPT = "X-Careline-Kept"


def standing_for(head: bytes, size: int, *, refused: bool = False) -> bytes:
    sentence = (
        _("The mail server did not hand this mail over. Only its head is here; the mail lies in the mailbox.")
        if refused
        else _(
            "This mail has %(size)s MB, which is more than is taken. Only its head is here; the whole mail lies in the "
            "mailbox."
        )
        % {"size": f"{size / 1024 / 1024:.0f}"}
    )
    fields = _OF_THE_BODY.sub(rb"X-Original-\1", head.replace(b"\r\n", b"\n").strip(b"\n")).replace(b"\n", b"\r\n")
    body = base64.encodebytes(sentence.encode()).replace(b"\n", b"\r\n")
    ours = (
        f"{KEPT}: head; size={size}\r\nMIME-Version: 1.0\r\n"
        "Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n"
    )
    return fields + b"\r\n" + ours.encode() + body
