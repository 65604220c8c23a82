"""What is made of raw mails, one by one, writing nothing: the answer of `careline explain mail`."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any

import msgspec

from careline.channels.email import charsets, remarks, trimming
from careline.channels.email.pool import Readers
from careline.channels.email.understanding import Understood

READERS = 2
AHEAD = 8


def explained(files: Iterable[Path]) -> Iterator[dict[str, Any]]:
    """In the order given; a few are read ahead, so that a large folder keeps every reader at work."""
    with Readers(READERS) as readers, ThreadPoolExecutor(READERS) as threads:
        waiting: deque[tuple[Path, Future[Understood]]] = deque()
        for file in files:
            waiting.append((file, threads.submit(readers.read, file.read_bytes())))
            if len(waiting) >= AHEAD:
                done, answer = waiting.popleft()
                yield {"file": str(done)} | told(answer.result())
        for done, answer in waiting:
            yield {"file": str(done)} | told(answer.result())


def body(text: bytes) -> str:
    return trimming.plain(charsets.words(text)).reply


def sentence(code: str) -> str:
    return remarks.sentence(code)


def told(found: Understood) -> dict[str, Any]:
    """Contents of files stay behind; everything else is in it. `text` and `attachments` are to the letter."""
    mail = found.mail
    literal = mail.literal
    return {
        "outcome": found.outcome,
        "subject": mail.subject,
        "from": mail.author.address if mail.author else "",
        "text": mail.text if literal is None else literal.text,
        "trimmed": found.reply.reply,
        "attachments": [
            {"name": one.name, "type": one.media_type, "size": one.size, "inline": one.inline}
            for one in mail.attachments
        ]
        + [
            {"name": one.name, "type": one.media_type, "size": one.size, "inline": False}
            for one in (() if literal is None else literal.files)
        ],
        "bounces": [msgspec.to_builtins(one) for one in found.bounces],
        "name": mail.author.name if mail.author else "",
        "to": [one.address for one in mail.to],
        "cc": [one.address for one in mail.cc],
        "reply_to": [one.address for one in mail.reply_to],
        "delivered_to": list(mail.delivered_to),
        "sent_at": mail.written_at or None,
        "key": mail.key,
        "answers": list(mail.answered),
        "kind": mail.kind,
        "made_of_html": mail.made_of_html,
        "quoted": len(found.reply.quoted),
        "signature": len(found.reply.signature),
        "forwarded": found.reply.forwarded.address if found.reply.forwarded else None,
        "automatic": msgspec.to_builtins(found.automatic),
        "invitations": [msgspec.to_builtins(one) for one in mail.invitations],
        "protection": list(mail.protection),
        "unread": mail.unread,
        "remarks": list(mail.remarks),
    }
