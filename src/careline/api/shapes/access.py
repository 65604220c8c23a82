"""Who may do what: roles and where they end, sessions, the audit log."""

from __future__ import annotations

from typing import Annotated, Any

import msgspec
from msgspec import Meta

from careline.api.shapes.conversations import Moment

Proofs = Annotated[list[str], Meta(description="Of password, code, passkey and company: how its people sign in.")]
Networks = Annotated[list[str], Meta(description="Like 192.0.2.0/24; none: from everywhere.")]
Teamless = Annotated[bool, Meta(description="Where it ends at teams: conversations no team has are seen too.")]
Ends = Annotated[list[str] | None, Meta(description="Ids it ends at; null: it ends nowhere.")]


class Role(msgspec.Struct, frozen=True):
    id: str
    name: str
    builtin: bool
    permissions: list[str]
    inbox_ids: Ends
    team_ids: Ends
    teamless: Teamless
    networks: Networks
    proofs: Proofs
    people: Annotated[int, Meta(description="Agents who have it now.")]


class Roles(msgspec.Struct, frozen=True):
    items: list[Role]
    next: str | None


class RoleMaking(msgspec.Struct, frozen=True):
    name: str
    permissions: list[str] = []


class RoleChanging(msgspec.Struct, frozen=True):
    """What is left out stays."""

    name: str | None = None
    permissions: list[str] | None = None


class RoleLimits(msgspec.Struct, frozen=True):
    """All of it at once: what is left out is no limit."""

    inbox_ids: Ends = None
    team_ids: Ends = None
    teamless: Teamless = False
    networks: Networks = []
    proofs: Annotated[list[str] | None, Meta(description="As in a role; null: all four.")] = None


class AuditLine(msgspec.Struct, frozen=True):
    id: str
    at: Moment
    actor_kind: str
    actor_id: str | None
    actor_name: Annotated[str, Meta(description="As it is now; the log itself holds ids.")]
    verb: str
    subject: str
    facts: dict[str, Any]


class AuditLines(msgspec.Struct, frozen=True):
    items: list[AuditLine]
    next: str | None


class Session(msgspec.Struct, frozen=True):
    """One browser an agent is signed in with; its id opens nothing."""

    id: str
    agent_id: str
    user_agent: str
    address: str
    proof: Annotated[str, Meta(description="By what the agent signed in: password, code, passkey or company.")]
    created_at: Moment
    seen_at: Moment


class Sessions(msgspec.Struct, frozen=True):
    items: list[Session]
    next: str | None


class Ended(msgspec.Struct, frozen=True):
    ended: Annotated[int, Meta(description="How many sessions ended.")]
