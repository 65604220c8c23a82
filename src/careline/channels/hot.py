"""The open inbox behind a public address, for the doors customers and providers knock at."""

from __future__ import annotations

from typing import Any

import msgspec
import psycopg

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

    def endpoint(self) -> Endpoint:
        return Endpoint(
            inbox_id=self.id,
            key=self.key,
            name=self.name,
            secret=signing.unseal(self.secret).decode(),
            settings=msgspec.json.decode(self.settings),
            language=self.language,
        )


_COLUMNS = "SELECT id, kind, key, name, secret, settings, language FROM channels_inbox"
BY_KEY = Statement(f"{_COLUMNS} WHERE kind = %(kind)s::text AND key = %(key)s::text AND archived_at IS NULL", Door)
BY_ID = Statement(f"{_COLUMNS} WHERE id = %(id)s::bigint", Door)


def door(kind: str, key: str) -> Door | None:
    return None if "\0" in key else BY_KEY.one(kind=kind, key=key)


async def adoor(conn: psycopg.AsyncConnection[Any], kind: str, key: str) -> Door | None:
    return None if "\0" in key else await BY_KEY.aone(conn, kind=kind, key=key)
