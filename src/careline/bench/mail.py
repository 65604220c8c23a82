"""`bench mail`: mails accepted, read and threaded by the house's own path, beside Python's email package and INSERT.

Six of ten mails open a conversation, four answer one, with the quoted history below. Most have a text and HTML, some
one of both; every sixth brings a file, every tenth a picture within the text.
"""

from __future__ import annotations

import email
import email.policy
import itertools
import random
import statistics
import threading
import time
from collections.abc import Callable, Sequence
from email.message import EmailMessage
from email.utils import format_datetime
from typing import Any

import psycopg

from careline.bench.house import House
from careline.kit import clock

ROUNDS = 4
DOORS = 2
ADDRESS = "help@bench.example"
_WORDS = (
    "order", "parcel", "invoice", "return", "late", "lamp", "kettle", "please", "thank", "you", "address", "street",
    "number", "delivery", "when", "where",
)  # fmt: skip
_TABLE = """CREATE TABLE bench_mail (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, raw bytea NOT NULL,
  message_id text, answers text, sender text, subject text, body text, html text, files int)"""
_INSERT = """INSERT INTO bench_mail (raw, message_id, answers, sender, subject, body, html, files)
  VALUES (%s, %s, %s, %s, %s, %s, %s, %s)"""


def measure(house: House, *, scale: int, told: Callable[[str], None]) -> dict[str, Any]:
    """In turns, so that both meet the same minutes of the machine: the best round of each, and the middle of ratios."""
    inbox, post = _mailbox(house), Post(random.Random(11))
    count = max(20, scale // ROUNDS)
    ours: list[float] = []
    theirs: list[float] = []
    sizes: list[int] = []
    with psycopg.connect(house.dsn, autocommit=True) as conn:
        conn.execute(_TABLE)
        taken_in(inbox, [post.mail() for _n in range(20)])
        for n in range(ROUNDS):
            mails = [post.mail() for _n in range(count)]
            sizes.extend(map(len, mails))
            ours.append(count / taken_in(inbox, mails))
            theirs.append(count / _inserted(conn, mails))
            told(f"round {n + 1}: {ours[-1]:,.0f} mails/s, {theirs[-1]:,.0f} parsed and inserted")
    return {
        "metrics": {"mails_per_s": max(ours), **_outcome(inbox), "mean_kb": sum(sizes) / len(sizes) / 1024},
        "baseline": {"parse_insert_per_s": max(theirs)},
        "ratios": {"vs_parse_insert": statistics.median(one / other for one, other in zip(ours, theirs, strict=True))},
    }


def taken_in(inbox: int, mails: Sequence[bytes]) -> float:
    """Seconds from the first one at the door until the last one stands in its conversation."""
    from django.db import connections

    from careline.channels import inbound

    waiting = iter(list(enumerate(mails)))
    began = time.perf_counter()

    def door() -> None:
        for n, raw in waiting:
            inbound.keep(inbox, f"bench:{began}:{n}", raw, {})
        connections.close_all()

    doors = [threading.Thread(target=door) for _n in range(DOORS)]
    for one in doors:
        one.start()
    while any(one.is_alive() for one in doors) or inbound.take():
        while inbound.take():
            pass
        time.sleep(0.001)
    for one in doors:
        one.join()
    return time.perf_counter() - began


def _inserted(conn: psycopg.Connection[Any], mails: Sequence[bytes]) -> float:
    began = time.perf_counter()
    for raw in mails:
        found = email.message_from_bytes(raw, policy=email.policy.default)
        plain, html = found.get_body(("plain",)), found.get_body(("html",))
        files = [one.get_content() for one in found.iter_attachments()]
        conn.execute(_INSERT, [
            raw, found["Message-ID"], found["References"], found["From"], found["Subject"],
            plain.get_content() if plain else None, html.get_content() if html else None, len(files),
        ])  # fmt: skip
    return time.perf_counter() - began


def _outcome(inbox: int) -> dict[str, int]:
    """That all of it arrived, and where it belongs."""
    with _cursor() as cursor:
        cursor.execute(
            """SELECT (SELECT count(*) FROM channels_inbound WHERE inbox_id = %(inbox)s AND state <> 'taken'),
              (SELECT count(*) FROM conversations_message WHERE inbox_id = %(inbox)s),
              (SELECT count(*) FROM conversations_conversation WHERE inbox_id = %(inbox)s)""",
            {"inbox": inbox},
        )
        left, messages, conversations = cursor.fetchone()
    if left:
        raise RuntimeError(f"{left} mails were not taken in.")
    return {"messages": messages, "conversations": conversations}


def _cursor() -> Any:
    from django.db import connection

    return connection.cursor()


def _mailbox(house: House) -> int:
    from careline.channels import access, actions

    actor = access.actor_of_session(house.session)
    assert actor is not None
    return int(actions.create_inbox(actor=actor, kind="email", name="Mail", settings={"address": ADDRESS}).pk)


class Post:
    """What a postman might bring."""

    def __init__(self, chance: random.Random) -> None:
        self.chance = chance
        self.stamp = f"{time.time_ns():x}"
        self.numbers = itertools.count()
        # Sender, subject, ids and last words of those that may be answered.
        self.threads: list[tuple[str, str, list[str], str]] = []

    def mail(self) -> bytes:
        n = next(self.numbers)
        name = f"<{n}.{self.stamp}@mail{n % 7}.example>"
        words = self.said(self.chance.randrange(20, 120))
        made = EmailMessage()
        if self.threads and self.chance.random() < 0.4:
            sender, subject, ids, before = self.threads[self.chance.randrange(len(self.threads))]
            made["In-Reply-To"], made["References"] = ids[-1], " ".join(ids[-10:])
            ids.append(name)
            quoted = f"\n\nOn Mon, 2 Mar 2026 at 10:00, Help <{ADDRESS}> wrote:\n" + before.replace("\n", "\n> ")
        else:
            sender, subject, quoted = f"Ana Brandt {n} <ana.{n}.{self.stamp}@example.org>", self.said(5)[:60], ""
            self.threads.append((sender, f"Re: {subject}", [name], words))
        made["From"], made["To"], made["Subject"], made["Message-ID"] = sender, ADDRESS, subject, name
        made["Date"] = format_datetime(clock.now())
        for hop in range(4):
            made["Received"] = f"from mx{hop}.example (mx{hop}.example [192.0.2.{hop}]) by mx.bench.example; x{n}"
        made["DKIM-Signature"] = "v=1; a=rsa-sha256; d=example.org; s=s1; b=" + "Qm9kZ" * 60
        self.fill(made, words, quoted)
        return made.as_bytes()

    def fill(self, made: EmailMessage, words: str, quoted: str) -> None:
        shape = self.chance.random()
        history = f'<div class="gmail_quote"><blockquote>{quoted}</blockquote></div>' if quoted else ""
        paragraphs = "".join(f'<p style="margin:0 0 12px">{one}</p>' for one in words.split("\n"))
        html = f'<html><body><div dir="ltr">{paragraphs}</div>{history}</body></html>'
        if shape < 0.9:
            made.set_content(f"{words}\n\nAna{quoted}\n")
            if shape > 0.3:
                made.add_alternative(html, subtype="html")
        else:
            made.set_content(html, subtype="html")
        if self.chance.random() < 0.1 and 0.3 < shape < 0.9:
            made.get_payload()[1].add_related(self.chance.randbytes(15_000), "image", "png", cid="<logo@example>")  # type: ignore[union-attr,index]
        if self.chance.random() < 1 / 6:
            size = self.chance.choice([20_000, 60_000, 200_000])
            made.add_attachment(self.chance.randbytes(size), "application", "pdf", filename="invoice.pdf")

    def said(self, words: int) -> str:
        lines = (" ".join(self.chance.choices(_WORDS, k=12)) for _n in range(max(1, words // 12)))
        return "\n".join(lines)
