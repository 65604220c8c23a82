"""Who may do what: roles and where they end, where agents are signed in, and the audit log."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from django.http import HttpResponse
from ninja import Router

from careline.accounts import actions, queries
from careline.accounts.proofs import PROOFS
from careline.api import cursors, paging, reading, shapes
from careline.api.describing import operation
from careline.api.door import Request, asked, query, told
from careline.channels import confining
from careline.kit.refusals import Refused

router = Router(tags=["Access"])
TEXT = {"schema": {"type": "string"}}
MOMENT = {"schema": {"type": "string", "format": "date-time"}}


@router.get("/roles", **operation("list_roles", "List the roles", gives=shapes.Roles, paged=True, problems=(422,)))
def roles(request: Request) -> HttpResponse:
    rows, following = paging.of_places(
        "o", request, list(queries.roles(request.auth)), lambda one: (f"{not one.builtin:d}{one.pk:019}", one.pk)
    )
    return told(shapes.Roles([_role(one) for one in rows], following))


@router.post("/roles", **operation("make_role", "Make a role", takes=shapes.RoleMaking, gives=shapes.Role, status=201))
def make(request: Request) -> HttpResponse:
    wanted = asked(request, shapes.RoleMaking)
    made = actions.create_role(wanted.name, actor=request.auth, permissions=wanted.permissions)
    return told(_role(queries.role(request.auth, made.pk)), 201)


@router.patch(
    "/roles/{role_id}",
    **operation(
        "change_role", "Change what a role allows, or its name", takes=shapes.RoleChanging, gives=shapes.Role,
        problems=(404,),
    ),
)  # fmt: skip
def change(request: Request, role_id: str) -> HttpResponse:
    wanted, number = asked(request, shapes.RoleChanging), reading.number(role_id)
    actions.update_role(number, actor=request.auth, name=wanted.name, permissions=wanted.permissions)
    return told(_role(queries.role(request.auth, number)))


@router.delete(
    "/roles/{role_id}",
    **operation("drop_role", "Remove a role nobody has", gives=shapes.Role, write=True, problems=(404,)),
)
def drop(request: Request, role_id: str) -> HttpResponse:
    gone = _role(queries.role(request.auth, reading.number(role_id)))
    actions.delete_role(int(gone.id), actor=request.auth)
    return told(gone)


@router.put(
    "/roles/{role_id}/limits",
    **operation(
        "limit_role", "Say where a role ends, from where it may be used and how its people sign in",
        takes=shapes.RoleLimits, gives=shapes.Role, problems=(404,),
    ),
)  # fmt: skip
def limit(request: Request, role_id: str) -> HttpResponse:
    wanted, number = asked(request, shapes.RoleLimits), reading.number(role_id)
    confining.confine(
        number,
        actor=request.auth,
        inbox_ids=_numbers(wanted.inbox_ids),
        team_ids=_numbers(wanted.team_ids),
        teamless=wanted.teamless,
        networks=wanted.networks,
        proofs=PROOFS if wanted.proofs is None else wanted.proofs,
        address=request.META.get("REMOTE_ADDR", ""),
    )
    return told(_role(queries.role(request.auth, number)))


@router.get(
    "/agents/{agent_id}/sessions",
    **operation("list_sessions", "Where an agent is signed in", gives=shapes.Sessions, problems=(404,)),
)
def signed_in(request: Request, agent_id: str) -> HttpResponse:
    whose = queries.agent(request.auth, reading.number(agent_id)).pk
    rows = queries.sessions_of(request.auth, whose)
    return told(shapes.Sessions([_session(one, whose) for one in rows], None))


@router.delete(
    "/agents/{agent_id}/sessions",
    **operation("end_sessions", "Sign an agent out everywhere", gives=shapes.Ended, write=True, problems=(404,)),
)
def sign_out(request: Request, agent_id: str) -> HttpResponse:
    whose = queries.agent(request.auth, reading.number(agent_id)).pk
    return told(shapes.Ended(actions.sign_out_everywhere(whose, actor=request.auth)))


@router.get(
    "/audit",
    **operation(
        "list_audit", "Who changed what in this house, the newest first", gives=shapes.AuditLines, paged=True,
        query={
            "agent_id": {"description": "Theirs and their tokens'.", **TEXT},
            "verb": {"description": "As it begins, such as agent.", **TEXT},
            "subject": {"description": "Such as role:7.", **TEXT},
            "from": {"description": "Not before.", **MOMENT}, "to": {"description": "Before.", **MOMENT},
        },
        problems=(422,),
    ),
)  # fmt: skip
def audit(request: Request) -> HttpResponse:
    given = query(request)
    limit, cursor = reading.page(given)
    before = cursors.time_and_uuid("l", cursor)[1] if cursor else None
    wanted = queries.Wanted(
        agent_id=reading.number(given["agent_id"]) if "agent_id" in given else None,
        verb=given.get("verb", ""),
        subject=given.get("subject", ""),
        since=_moment(given, "from"),
        until=_moment(given, "to"),
    )
    lines, following = queries.audit_trail(request.auth, before=before, wanted=wanted, limit=limit)
    onward = cursors.of_time("l", lines[-1].at, uuid.UUID(str(following))) if following else None
    return told(shapes.AuditLines([_line(one) for one in lines], onward))


def _role(one: Any) -> shapes.Role:
    return shapes.Role(
        id=str(one.pk),
        name=one.name,
        builtin=one.builtin,
        permissions=sorted(one.permissions),
        inbox_ids=_ids(one.only_inboxes),
        team_ids=_ids(one.only_teams),
        teamless=one.teamless,
        networks=one.only_networks or [],
        proofs=list(one.only_proofs or PROOFS),
        people=one.people,
    )


def _session(one: queries.OpenSession, agent_id: int) -> shapes.Session:
    return shapes.Session(
        id=one.id, agent_id=str(agent_id), user_agent=one.user_agent, address=one.address, proof=one.proof,
        created_at=one.created_at, seen_at=one.seen_at,
    )  # fmt: skip


def _line(one: queries.AuditLine) -> shapes.AuditLine:
    return shapes.AuditLine(
        id=str(one.id), at=one.at, actor_kind=one.actor_kind, actor_name=one.actor_name, verb=one.verb,
        actor_id=None if one.actor_id is None else str(one.actor_id), subject=one.subject, facts=one.facts,
    )  # fmt: skip


def _ids(numbers: list[int] | None) -> list[str] | None:
    return None if numbers is None else [str(one) for one in numbers]


def _numbers(ids: list[str] | None) -> list[int] | None:
    return None if ids is None else [reading.number(one) for one in ids]


def _moment(given: dict[str, str], name: str) -> datetime | None:
    if name not in given:
        return None
    try:
        found = datetime.fromisoformat(given[name])
    except ValueError:
        found = None
    if found is None or found.tzinfo is None:
        raise Refused(f"{name} is a moment like 2026-03-01T10:00:00Z.", field=name)
    return found
