"""Who is knocking: the one authorization of Django's middleware and of the raw doors alike, in one statement."""

from __future__ import annotations

from typing import Any, Literal

import msgspec
import psycopg

from careline.accounts.actor import Actor
from careline.kit import clock, signing
from careline.kit.statement import Statement


class Credentials(msgspec.Struct, frozen=True):
    """What the database knows of whoever holds the session or the token."""

    id: int
    agent_id: int
    name: str
    language: str
    zone: str
    permissions: list[str]
    inbox_ids: list[int]

    def actor(self, kind: Literal["agent", "token"]) -> Actor:
        return Actor(
            kind=kind,
            id=self.id,
            name=self.name,
            agent_id=self.agent_id,
            permissions=frozenset(self.permissions),
            inbox_ids=tuple(self.inbox_ids),
            language=self.language,
            zone=self.zone,
        )


# Archived inboxes stay visible: their conversations are still read.
_WHO = """
  agent.id, agent.name, agent.language, agent.zone, role.permissions,
  ARRAY(
    SELECT inbox.id FROM channels_inbox inbox WHERE 'inboxes.view_all' = ANY(role.permissions)
    UNION ALL
    SELECT membership.inbox_id FROM channels_membership membership
     WHERE membership.agent_id = agent.id AND NOT 'inboxes.view_all' = ANY(role.permissions)
    ORDER BY 1
  )
"""
_AGENT = """
  JOIN accounts_agent agent ON agent.id = credential.agent_id AND agent.is_active
  JOIN accounts_role role ON role.id = agent.role_id
"""


def _statement(*parts: str) -> Statement[Credentials]:
    return Statement(" ".join(parts), row=Credentials)


SESSION = _statement(
    "SELECT agent.id,", _WHO, "FROM accounts_session credential", _AGENT,
    "WHERE credential.session_key = %(digest)s AND credential.expire_date > %(now)s",
)  # fmt: skip
TOKEN = _statement(
    "SELECT credential.id,", _WHO, "FROM accounts_token credential", _AGENT,
    "WHERE credential.digest = %(digest)s AND credential.revoked_at IS NULL",
)  # fmt: skip

AGENT = _statement(
    "SELECT agent.id, agent.id,", _WHO.removeprefix("\n  agent.id,"),
    "FROM accounts_agent agent JOIN accounts_role role ON role.id = agent.role_id",
    "WHERE agent.id = %(agent_id)s AND agent.is_active",
)  # fmt: skip


def actor_of_agent(agent_id: int) -> Actor | None:
    """For what is made for somebody while they are away; None of who left."""
    found = AGENT.one(agent_id=agent_id)
    return found.actor("agent") if found else None


def actor_of_session(key: str) -> Actor | None:
    found = SESSION.one(digest=signing.digest(key), now=clock.now())
    return found.actor("agent") if found else None


def actor_of_token(secret: str) -> Actor | None:
    found = TOKEN.one(digest=signing.digest(secret))
    return found.actor("token") if found else None


async def aactor_of_session(conn: psycopg.AsyncConnection[Any], key: str) -> Actor | None:
    found = await SESSION.aone(conn, digest=signing.digest(key), now=clock.now())
    return found.actor("agent") if found else None


async def aactor_of_token(conn: psycopg.AsyncConnection[Any], secret: str) -> Actor | None:
    found = await TOKEN.aone(conn, digest=signing.digest(secret))
    return found.actor("token") if found else None
