"""Who is knocking: the one authorization of Django's middleware and of the raw doors alike, in one statement."""

from __future__ import annotations

from typing import Any, Literal

import msgspec
import psycopg

from careline.accounts import networks
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
    team_ids: list[int] | None
    teamless: bool

    def actor(self, kind: Literal["agent", "token"]) -> Actor:
        inboxes, whole = tuple(self.inbox_ids), self.team_ids is None
        return Actor(
            kind=kind,
            id=self.id,
            name=self.name,
            agent_id=self.agent_id,
            permissions=frozenset(self.permissions),
            inbox_ids=inboxes if whole else (),
            team_inbox_ids=() if whole else inboxes,
            team_ids=None if self.team_ids is None else tuple(self.team_ids),
            teamless=self.teamless,
            language=self.language,
            zone=self.zone,
        )


# Archived inboxes stay visible: their conversations are still read. Whoever's role ends at some inboxes or teams
# does not see every inbox, whatever else the role says.
_SEES_ALL = "'inboxes.view_all' = ANY(role.permissions)"
_OF_ROLE = """CASE WHEN role.only_inboxes IS NULL AND role.only_teams IS NULL THEN role.permissions
  ELSE array_remove(role.permissions, 'inboxes.view_all') END"""
_OF_TOKEN = f"""ARRAY(SELECT name FROM unnest({_OF_ROLE}) name
  WHERE credential.permissions IS NULL OR name = ANY(credential.permissions))"""
_TOKEN_SEES_ALL = (
    f"({_SEES_ALL} AND (credential.permissions IS NULL OR 'inboxes.view_all' = ANY(credential.permissions)))"
)


def _who(permissions: str = _OF_ROLE, sees_all: str = _SEES_ALL) -> str:
    return f"""
  agent.id, agent.name, agent.language, agent.zone, {permissions},
  ARRAY(
    SELECT inbox.id FROM channels_inbox inbox
     WHERE {sees_all} AND (role.only_inboxes IS NULL OR inbox.id = ANY(role.only_inboxes))
    UNION ALL
    SELECT membership.inbox_id FROM channels_membership membership
     WHERE membership.agent_id = agent.id AND NOT {sees_all}
       AND (role.only_inboxes IS NULL OR membership.inbox_id = ANY(role.only_inboxes))
    ORDER BY 1
  ), role.only_teams, role.teamless
"""


_AGENT = """
  JOIN accounts_agent agent ON agent.id = credential.agent_id AND agent.is_active
  JOIN accounts_role role ON role.id = agent.role_id
"""
# From a network the role may be used from. What is no address is in none.
_FROM_HERE = "(role.only_networks IS NULL OR %(address)s::text::inet <<= ANY(role.only_networks::cidr[]))"


def _statement(*parts: str) -> Statement[Credentials]:
    return Statement(" ".join(parts), row=Credentials)


SESSION = _statement(
    "SELECT agent.id,", _who(), "FROM accounts_session credential", _AGENT,
    "WHERE credential.session_key = %(digest)s AND credential.expire_date > %(now)s AND", _FROM_HERE,
    "AND (role.only_proofs IS NULL OR credential.proof = ANY(role.only_proofs))",
)  # fmt: skip
TOKEN = _statement(
    "SELECT credential.id,", _who(_OF_TOKEN, _TOKEN_SEES_ALL), "FROM accounts_token credential", _AGENT,
    "WHERE credential.digest = %(digest)s AND credential.revoked_at IS NULL",
    "AND (credential.expires_at IS NULL OR credential.expires_at > %(now)s) AND", _FROM_HERE,
)  # fmt: skip
AGENT = _statement(
    "SELECT agent.id,", _who(),
    "FROM accounts_agent agent JOIN accounts_role role ON role.id = agent.role_id",
    "WHERE agent.id = %(agent_id)s AND agent.is_active",
)  # fmt: skip


def actor_of_agent(agent_id: int) -> Actor | None:
    """For what is made for somebody while they are away; None of who left."""
    found = AGENT.one(agent_id=agent_id)
    return found.actor("agent") if found else None


def actor_of_session(key: str, address: str = "") -> Actor | None:
    """`address` is where the request comes from; without one, roles of certain networks open nothing."""
    found = SESSION.one(digest=signing.digest(key), now=clock.now(), address=networks.address(address))
    return found.actor("agent") if found else None


def actor_of_token(secret: str, address: str = "") -> Actor | None:
    found = TOKEN.one(digest=signing.digest(secret), now=clock.now(), address=networks.address(address))
    return found.actor("token") if found else None


async def aactor_of_session(conn: psycopg.AsyncConnection[Any], key: str, address: str = "") -> Actor | None:
    known = networks.address(address)
    found = await SESSION.aone(conn, digest=signing.digest(key), now=clock.now(), address=known)
    return found.actor("agent") if found else None


async def aactor_of_token(conn: psycopg.AsyncConnection[Any], secret: str, address: str = "") -> Actor | None:
    known = networks.address(address)
    found = await TOKEN.aone(conn, digest=signing.digest(secret), now=clock.now(), address=known)
    return found.actor("token") if found else None
