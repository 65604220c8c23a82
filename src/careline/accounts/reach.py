"""How far an actor reaches: oneself, and people who hold nothing the actor does not hold."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from careline.accounts.actor import Actor
from careline.accounts.models import Agent, Team
from careline.accounts.permissions import PERMISSIONS
from careline.kit import bus
from careline.kit.refusals import NotAllowed, NotVisible, Refused


def changed() -> None:
    """Open windows ask again who may look through them."""
    bus.after_commit("access", {})


def oneself(actor: Actor) -> int:
    if actor.agent_id is None:
        raise NotAllowed(_("Only an agent can do this."))
    return actor.agent_id


def oneself_or(permission: str, agent_id: int, *, actor: Actor) -> None:
    if actor.agent_id != agent_id:
        actor.must(permission)


def everywhere(actor: Actor) -> None:
    """For what belongs to no team: whose role ends at some teams does not do it."""
    if actor.team_ids is not None:
        raise NotAllowed(_("Your role ends at its teams."))


def joining(team_ids: Iterable[int], *, actor: Actor) -> list[Team]:
    """Teams somebody new joins; whose role ends at some teams brings nobody in elsewhere."""
    wanted = set(team_ids)
    found = list(Team.objects.visible_to(actor).filter(pk__in=wanted).order_by("pk"))
    if len(found) < len(wanted):
        raise NotVisible(_("There is no such team."), field="team_id")
    if not found:
        everywhere(actor)
    return found


def handing(actor: Actor, agent_id: int | None, team_id: int | None) -> None:
    """To whom work may be given: by whose role ends at some teams, to those and their people."""
    if actor.team_ids is None:
        return
    if agent_id is not None and not Agent.objects.visible_to(actor).filter(pk=agent_id).exists():
        raise NotAllowed(_("Your role ends at its teams."))
    if team_id is not None and team_id not in actor.team_ids:
        raise NotAllowed(_("Your role ends at its teams."))


def must_hold(permissions: Iterable[str], *, actor: Actor) -> None:
    """Nobody gives a permission they lack, or acts on someone who holds one they lack."""
    lacking = sorted(set(permissions) - actor.permissions)
    if lacking:
        raise NotAllowed(
            _("This needs a permission you do not have yourself: %(what)s.")
            % {"what": ", ".join(str(PERMISSIONS.get(name, name)) for name in lacking)}
        )


def known(permissions: Iterable[str]) -> list[str]:
    given = set(permissions)
    strange = sorted(given - set(PERMISSIONS))
    if strange:
        raise Refused(_("There is no permission %(name)s.") % {"name": strange[0][:60]}, field="permissions")
    return sorted(given)
