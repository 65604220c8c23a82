"""Repeated requests get the answer of the first: scoped to a token, kept for a day, written with the verb itself.

A door that speaks to PostgreSQL by itself uses `aonce`, or the three statements in this order in one transaction.
`claim` must be a statement of its own before `find`: a snapshot taken before the lock would not see the row of a
request that finished in between.
"""

from collections.abc import Awaitable, Callable, Iterable
from datetime import datetime, timedelta
from typing import Any

import msgspec
import psycopg
from django.db import connection, transaction
from django.utils.translation import gettext as _

from careline.accounts.models import Idempotency
from careline.kit import clock, text
from careline.kit.refusals import Conflicting, Refused
from careline.kit.statement import Statement

KEPT = timedelta(hours=24)
LONGEST_KEY = 255


class Said(msgspec.Struct, frozen=True):
    yes: bool


class Kept(msgspec.Struct, frozen=True):
    body_digest: str
    status: int
    answer: bytes


class Answer(msgspec.Struct, frozen=True):
    status: int
    body: bytes
    repeated: bool = False


# Held until the transaction ends; a second request does not wait behind it.
claim = Statement(
    "SELECT pg_try_advisory_xact_lock(hashtextextended(%(token_id)s::bigint || ' ' || %(key)s::text, 0))", Said
)
find = Statement(
    """SELECT body_digest, status, answer FROM accounts_idempotency
    WHERE token_id = %(token_id)s::bigint AND key = %(key)s::text AND created_at > %(since)s::timestamptz""",
    Kept,
)
# A row that outlived its day is overwritten.
keep = Statement(
    """INSERT INTO accounts_idempotency (token_id, key, body_digest, status, answer, created_at)
    VALUES (%(token_id)s::bigint, %(key)s::text, %(body_digest)s::text, %(status)s::smallint, %(answer)s::bytea,
      %(now)s::timestamptz)
    ON CONFLICT (token_id, key) DO UPDATE SET body_digest = excluded.body_digest, status = excluded.status,
      answer = excluded.answer, created_at = excluded.created_at
    RETURNING true""",
    Said,
)


def once(token_id: int, key: str, body_digest: str, run: Callable[[], tuple[int, bytes]]) -> Answer:
    """The kept answer, or what `run` gives (status, body); verb and answer are committed together or not at all.

    `body_digest` stands for everything that makes the request what it is: method, path and body.
    """
    checked_key(key)
    with transaction.atomic():
        free = claim.one(token_id=token_id, key=key)
        now = clock.now()
        kept = find.one(token_id=token_id, key=key, since=now - KEPT) if free and free.yes else None
        if answer := judged(free, kept, body_digest):
            return answer
        status, body = run()
        keep.one(**_row(token_id, key, body_digest, status, body, now))
        return Answer(status, body)


async def aonce(
    conn: psycopg.AsyncConnection[Any],
    token_id: int,
    key: str,
    body_digest: str,
    run: Callable[[], Awaitable[tuple[int, bytes]]],
) -> Answer:
    """The same for a raw door; what `run` does on `conn` is part of the transaction."""
    checked_key(key)
    async with conn.transaction():
        free = await claim.aone(conn, token_id=token_id, key=key)
        now = clock.now()
        kept = await find.aone(conn, token_id=token_id, key=key, since=now - KEPT) if free and free.yes else None
        if answer := judged(free, kept, body_digest):
            return answer
        status, body = await run()
        await keep.aone(conn, **_row(token_id, key, body_digest, status, body, now))
        return Answer(status, body)


def checked_key(key: str) -> str:
    return text.clean(key, field="Idempotency-Key", limit=LONGEST_KEY, required=True)


def judged(free: Said | None, kept: Kept | None, body_digest: str) -> Answer | None:
    """The answer to repeat, nothing when the request is new, or a refusal."""
    if free is None or not free.yes:
        raise Conflicting(_("A request with this Idempotency-Key is still being worked on."), field="Idempotency-Key")
    if kept is None:
        return None
    if kept.body_digest != body_digest:
        raise Refused(_("This Idempotency-Key was used with another request."), field="Idempotency-Key")
    if not kept.answer:
        raise Conflicting(_("This request was carried out; its answer is kept no longer."), field="Idempotency-Key")
    return Answer(kept.status, kept.answer, repeated=True)


def forget(phrases: Iterable[str]) -> int:
    """Kept answers that quote any of these lose their words; whoever repeats such a request hears that it was done."""
    said = [phrase.encode() for phrase in phrases if phrase]
    with connection.cursor() as cursor:
        cursor.execute(
            """UPDATE accounts_idempotency SET answer = '' WHERE answer <> ''
            AND EXISTS (SELECT FROM unnest(%s::bytea[]) AS phrase WHERE position(phrase IN answer) > 0)""",
            [said],
        )
        forgotten: int = cursor.rowcount
    return forgotten


def _row(token_id: int, key: str, body_digest: str, status: int, body: bytes, now: datetime) -> dict[str, Any]:
    return {
        "token_id": token_id, "key": key, "body_digest": body_digest, "status": status, "answer": body, "now": now,
    }  # fmt: skip


def purge() -> int:
    return Idempotency.objects.filter(created_at__lte=clock.now() - KEPT).delete()[0]
