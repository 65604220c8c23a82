"""What there is to know, who knows how much of it, and how much each can carry."""

from __future__ import annotations

from collections.abc import Mapping

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from careline.accounts import audit
from careline.accounts import queries as accounts
from careline.accounts.actor import Actor
from careline.kit import clock, text
from careline.kit.refusals import Conflicting, NotVisible, Refused
from careline.service.routing import offering, placing
from careline.service.routing.models import AgentSkill, Presence, Skill

NAME = 80
MOST_CAPACITY = 100


@transaction.atomic
def keep_skill(name: str, *, actor: Actor, language: str = "", skill_id: int | None = None) -> Skill:
    """Make a skill or rename one; `language` is the code customers' languages are known by ("ar")."""
    actor.must("queues.manage")
    skill = Skill() if skill_id is None else _taken(skill_id)
    skill.name = text.clean(name, field="name", limit=NAME, required=True)
    skill.language = text.clean(language, field="language", limit=12).casefold().partition("-")[0]
    try:
        with transaction.atomic():
            skill.save()
    except IntegrityError:
        raise Conflicting(_("There is a skill of that name or language."), field="name") from None
    audit.record("skill.kept", f"skill:{skill.pk}", actor=actor)
    _again()
    return skill


@transaction.atomic
def drop_skill(skill_id: int, *, actor: Actor) -> None:
    """No queue asks for it any longer."""
    actor.must("queues.manage")
    _taken(skill_id).delete()
    audit.record("skill.dropped", f"skill:{skill_id}", actor=actor)
    _again()


@transaction.atomic
def keep_skills_of(agent_id: int, levels: Mapping[int, int], *, actor: Actor) -> None:
    """All of an agent's skills, each with a level from 1 to 5."""
    actor.must("queues.manage")
    agent = accounts.agent(actor, agent_id)
    if any(not 1 <= level <= 5 for level in levels.values()):
        raise Refused(_("A level is a number from 1 to 5."), field="skills")
    if Skill.objects.filter(pk__in=levels).count() != len(levels):
        raise NotVisible(_("There is no such skill."))
    AgentSkill.objects.filter(agent=agent).delete()
    AgentSkill.objects.bulk_create(
        [AgentSkill(agent=agent, skill_id=skill, level=level) for skill, level in sorted(levels.items())]
    )
    audit.record("agent-skills.kept", f"agent:{agent.pk}", actor=actor)
    offering.wake()


@transaction.atomic
def keep_capacity(agent_id: int, capacity: int | None, *, actor: Actor) -> None:
    """None: as much as the house says."""
    actor.must("queues.manage")
    agent = accounts.agent(actor, agent_id)
    if capacity is not None and not 1 <= capacity <= MOST_CAPACITY:
        raise Refused(_("Give a capacity from 1 to %(most)s.") % {"most": MOST_CAPACITY}, field="capacity")
    Presence.objects.update_or_create(
        agent=agent, defaults={"capacity": capacity}, create_defaults={"capacity": capacity, "since": clock.now()}
    )
    audit.record("agent-capacity.kept", f"agent:{agent.pk}", actor=actor)
    offering.wake()


def _again() -> None:
    """Needs name skills by the languages and queues of now."""
    placing.rearrange()
    offering.wake()


def _taken(skill_id: int) -> Skill:
    found = Skill.objects.select_for_update(of=("self",)).filter(pk=skill_id).first()
    if found is None:
        raise NotVisible(_("There is no such skill."))
    return found
