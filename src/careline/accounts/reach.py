"""How far an actor reaches: oneself, and people who hold nothing the actor does not hold."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from careline.accounts.actor import Actor
from careline.accounts.permissions import PERMISSIONS
from careline.kit import bus
from careline.kit.refusals import NotAllowed, Refused


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
