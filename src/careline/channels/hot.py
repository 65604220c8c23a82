"""The open inbox behind a public address, for the doors customers and providers knock at; and what they leave there."""

from __future__ import annotations

from typing import Any, ClassVar

import msgspec
import psycopg
from django.db.models import Func, TextField

from careline.channels import fields
from careline.channels.adapter import Endpoint
from careline.kit import signing
from careline.kit.statement import Statement


class Door(msgspec.Struct, frozen=True):
    id: int
    kind: str
    key: str
    name: str
    secret: bytes
    settings: str
    language: str
    credentials: bytes

    def endpoint(self) -> Endpoint:
        return Endpoint(
            inbox_id=self.id,
            key=self.key,
            name=self.name,
            secret=signing.unseal(self.secret).decode(),
            settings=msgspec.json.decode(self.settings),
            language=self.language,
            credentials=fields.opened(self.credentials),
        )


class Kept(msgspec.Struct, frozen=True):
    id: int


_COLUMNS = "SELECT id, kind, key, name, secret, settings::text, language, credentials FROM channels_inbox"
BY_KEY = Statement(f"{_COLUMNS} WHERE kind = %(kind)s::text AND key = %(key)s::text AND archived_at IS NULL", Door)
BY_ID = Statement(f"{_COLUMNS} WHERE id = %(id)s::bigint", Door)
# What is left of a delivery's key once its person is erased: enough to know it again.
UNNAMED = "'erased:' || left(encode(sha256(convert_to({key}, 'UTF8')), 'hex'), 32)"
KEEP = Statement(
    f"""INSERT INTO channels_inbound (inbox_id, external_key, raw, headers, received_at, next_attempt_at, state)
    SELECT %(inbox)s::bigint, %(key)s::text, %(raw)s::bytea, %(headers)s::jsonb, %(at)s::timestamptz, %(at)s, 'new'
    WHERE NOT EXISTS (SELECT FROM channels_inbound i
      WHERE i.inbox_id = %(inbox)s AND i.external_key = {UNNAMED.format(key="%(key)s")})
    ON CONFLICT (inbox_id, external_key) DO NOTHING RETURNING id""",
    Kept,
)


class Raw(msgspec.Struct, frozen=True):
    id: int
    raw: bytes


RAW = Statement("SELECT id, raw FROM channels_inbound WHERE id = ANY(%(ids)s::bigint[])", Raw)
# What became of a delivery; the bytes change only where they are sealed anew.
TAKEN = Statement(
    """UPDATE channels_inbound SET state = %(state)s::text, error = %(error)s::text, attempts = %(attempts)s::smallint,
      next_attempt_at = %(next)s::timestamptz, person_id = %(person)s::bigint, raw = coalesce(%(raw)s::bytea, raw)
    WHERE id = %(id)s::bigint RETURNING id""",
    Kept,
)
FIRST = Statement(
    f"""SELECT id FROM channels_inbound WHERE inbox_id = %(inbox)s::bigint
    AND external_key IN (%(key)s::text, {UNNAMED.format(key="%(key)s")}) ORDER BY id LIMIT 1""",
    Kept,
)


class Unnamed(Func):
    """The same for rows that are there; done to itself it changes nothing."""

    template = f"CASE WHEN starts_with(%(expressions)s, 'erased:') THEN %(expressions)s ELSE {UNNAMED} END".format(
        key="%(expressions)s"
    )
    output_field: ClassVar[TextField[str, str]] = TextField()


def door(kind: str, key: str) -> Door | None:
    """Nothing as well for what PostgreSQL cannot even be asked for: it is nobody's key."""
    return None if not key.isascii() or "\0" in key else BY_KEY.one(kind=kind, key=key)


async def adoor(conn: psycopg.AsyncConnection[Any], kind: str, key: str) -> Door | None:
    return None if not key.isascii() or "\0" in key else await BY_KEY.aone(conn, kind=kind, key=key)
