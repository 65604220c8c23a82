"""Teams and who is in them."""

from collections.abc import Iterable

from django.db import IntegrityError, transaction
from django.db.models import ProtectedError
from django.utils.translation import gettext as _

from careline.accounts import audit, reach
from careline.accounts.actor import Actor
from careline.accounts.models import Agent, Team, TeamMember
from careline.kit import text
from careline.kit.refusals import Conflicting, NotVisible


@transaction.atomic
def create_team(name: str, *, actor: Actor, agent_ids: Iterable[int] = ()) -> Team:
    actor.must("teams.manage")
    reach.everywhere(actor)
    team = _named(Team(), name)
    members = _put(team, agent_ids, actor=actor)
    audit.record("team.created", f"team:{team.pk}", actor=actor, agent_ids=members)
    return team


@transaction.atomic
def rename_team(team_id: int, *, actor: Actor, name: str) -> Team:
    actor.must("teams.manage")
    team = _locked(team_id, actor=actor)
    if team.name != name:
        _named(team, name)
        audit.record("team.renamed", f"team:{team.pk}", actor=actor)
    return team


@transaction.atomic
def set_team_members(team_id: int, *, actor: Actor, agent_ids: Iterable[int]) -> Team:
    """Exactly these agents from now on."""
    actor.must("teams.manage")
    team = _locked(team_id, actor=actor)
    before = sorted(TeamMember.objects.filter(team=team).values_list("agent_id", flat=True))
    after = _put(team, agent_ids, actor=actor)
    if before != after:
        audit.record("team.members-changed", f"team:{team.pk}", actor=actor, was=before, agent_ids=after)
    return team


@transaction.atomic
def delete_team(team_id: int, *, actor: Actor) -> None:
    actor.must("teams.manage")
    team = _locked(team_id, actor=actor)
    try:
        team.delete()
    except ProtectedError:
        raise Conflicting(_("The team is still in use.")) from None
    audit.record("team.deleted", f"team:{team_id}", actor=actor)


def _locked(team_id: int, *, actor: Actor) -> Team:
    team = Team.objects.visible_to(actor).select_for_update().filter(pk=team_id).first()
    if team is None:
        raise NotVisible(_("There is no such team."))
    return team


def _named(team: Team, name: str) -> Team:
    team.name = text.clean(name, field="name", limit=120, required=True)
    try:
        with transaction.atomic():
            team.save()
    except IntegrityError:
        raise Conflicting(_("There is already a team with this name."), field="name") from None
    return team


def _put(team: Team, agent_ids: Iterable[int], *, actor: Actor) -> list[int]:
    wanted = set(agent_ids)
    there = set(Agent.objects.visible_to(actor).filter(pk__in=wanted).values_list("pk", flat=True))
    there |= wanted & set(TeamMember.objects.of([team.pk]))  # who left the house may still stand there
    if wanted - there:
        raise NotVisible(_("There is no such agent."), field="agent_ids")
    TeamMember.objects.filter(team=team).exclude(agent_id__in=wanted).delete()
    TeamMember.objects.bulk_create(
        (TeamMember(team=team, agent_id=agent_id) for agent_id in sorted(wanted)), ignore_conflicts=True
    )
    return sorted(wanted)
