"""Inboxes, agents and teams: what ids of conversations point at."""

from __future__ import annotations

from typing import TypeVar

from django.db.models import Model, Q, QuerySet
from django.http import HttpResponse
from ninja import Router

from careline.accounts import actions
from careline.accounts import queries as accounts
from careline.api import cursors, reading, shapes
from careline.api.describing import operation
from careline.api.door import Request, asked, query, told

router = Router(tags=["House"])
Row = TypeVar("Row", bound=Model)


@router.get(
    "/agents",
    **operation("list_agents", "List the agents", gives=shapes.Agents, paged=True, problems=(422,)),
)
def agents(request: Request) -> HttpResponse:
    rows, following = paged("a", accounts.agents(request.auth), request)
    items = [
        shapes.Agent(
            id=str(row.pk),
            name=row.name,
            email=row.email,
            role=row.role.name,
            active=row.is_active,
            team_ids=sorted((str(team.pk) for team in row.teams.all()), key=int),
        )
        for row in rows
    ]
    return told(shapes.Agents(items, following))


@router.get(
    "/agents/{agent_id}/signature",
    **operation("get_signature", "What an agent has below their mails", gives=shapes.Signature, problems=(404,)),
)
def signature(request: Request, agent_id: str) -> HttpResponse:
    return told(shapes.Signature(accounts.agent(request.auth, reading.number(agent_id)).signature))


@router.put(
    "/agents/{agent_id}/signature",
    **operation(
        "put_signature", "Put something else below an agent's mails: one's own, or whoever manages agents",
        takes=shapes.Signature, gives=shapes.Signature, write=True, problems=(404,),
    ),
)  # fmt: skip
def sign(request: Request, agent_id: str) -> HttpResponse:
    wanted = asked(request, shapes.Signature)
    whose = accounts.agent(request.auth, reading.number(agent_id))
    signed = actions.update_profile(whose.pk, actor=request.auth, signature=wanted.signature)
    return told(shapes.Signature(signed.signature))


@router.get(
    "/teams",
    **operation("list_teams", "List the teams", gives=shapes.Teams, paged=True, problems=(422,)),
)
def teams(request: Request) -> HttpResponse:
    rows, following = paged("t", accounts.teams(request.auth), request)
    items = [
        shapes.Team(
            id=str(row.pk), name=row.name, agent_ids=sorted((str(agent.pk) for agent in row.agents.all()), key=int)
        )
        for row in rows
    ]
    return told(shapes.Teams(items, following))


def paged(kind: str, found: QuerySet[Row], request: Request) -> tuple[list[Row], str | None]:
    """By name and number, which is the order of these queries."""
    limit, cursor = reading.page(query(request))
    if cursor:
        name, number = cursors.text_and_number(kind, cursor)
        found = found.filter(Q(name__gt=name) | Q(name=name, pk__gt=number))
    rows = list(found[: limit + 1])
    if len(rows) <= limit:
        return rows, None
    last = rows[limit - 1]
    return rows[:limit], cursors.of_text(kind, last.name, last.pk)  # type: ignore[attr-defined]  # each has a name
