"""What there is to know, and who knows how much of it."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from ninja import Router

from careline.accounts import queries as accounts
from careline.api import paging, reading, shapes
from careline.api.describing import operation
from careline.api.door import Request, asked, told
from careline.service.routing import actions, queries

router = Router(tags=["Routing"])


@router.get(
    "/skills",
    **operation("list_skills", "List the skills", gives=shapes.Skills, paged=True, problems=(422,)),
)
def index(request: Request) -> HttpResponse:
    rows, following = paging.of_places(
        "k", request, queries.skills(request.auth), lambda one: (f"{one.pk:019}", one.pk)
    )
    return told(shapes.Skills([_drawn(one) for one in rows], following))


@router.post(
    "/skills",
    **operation("make_skill", "Make a skill", takes=shapes.SkillNaming, gives=shapes.Skill, status=201),
)
def make(request: Request) -> HttpResponse:
    wanted = asked(request, shapes.SkillNaming)
    return told(_drawn(actions.keep_skill(wanted.name, actor=request.auth, language=wanted.language)), 201)


@router.put(
    "/skills/{skill_id}",
    **operation("keep_skill", "Rename a skill", takes=shapes.SkillNaming, gives=shapes.Skill, problems=(404,)),
)
def keep(request: Request, skill_id: str) -> HttpResponse:
    wanted, number = asked(request, shapes.SkillNaming), reading.number(skill_id)
    kept = actions.keep_skill(wanted.name, actor=request.auth, language=wanted.language, skill_id=number)
    return told(_drawn(kept))


@router.delete(
    "/skills/{skill_id}",
    **operation(
        "drop_skill", "Take a skill away; no queue asks for it any longer", gives=shapes.Skill, write=True,
        problems=(404,),
    ),
)  # fmt: skip
def drop(request: Request, skill_id: str) -> HttpResponse:
    last = _drawn(queries.skill(request.auth, reading.number(skill_id)))
    actions.drop_skill(reading.number(skill_id), actor=request.auth)
    return told(last)


@router.get(
    "/agents/{agent_id}/abilities",
    **operation("get_abilities", "What an agent can do and carry", gives=shapes.Abilities, problems=(404,)),
)
def abilities(request: Request, agent_id: str) -> HttpResponse:
    return told(_abilities(request, accounts.agent(request.auth, reading.number(agent_id)).pk))


@router.put(
    "/agents/{agent_id}/abilities",
    **operation(
        "keep_abilities", "Say what an agent can do and carry", takes=shapes.Abilities, gives=shapes.Abilities,
        problems=(404,),
    ),
)  # fmt: skip
def know(request: Request, agent_id: str) -> HttpResponse:
    wanted, number = asked(request, shapes.Abilities), reading.number(agent_id)
    levels = {reading.number(one.skill_id): one.level for one in wanted.skills}
    actions.keep_skills_of(number, levels, actor=request.auth)
    actions.keep_capacity(number, wanted.capacity, actor=request.auth)
    return told(_abilities(request, number))


def _abilities(request: Request, number: int) -> shapes.Abilities:
    levels = queries.levels(request.auth).get(number, {})
    return shapes.Abilities(
        [shapes.SkillLevel(str(skill), level) for skill, level in sorted(levels.items())],
        queries.capacities(request.auth).get(number),
    )


def _drawn(one: Any) -> shapes.Skill:
    return shapes.Skill(str(one.pk), one.name, one.language)
