"""How long people stay signed in, and tokens alive; and the way back in from the server's own console."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from careline.accounts import audit, letters, reach, sessions
from careline.accounts.actions.ways import lose_ways
from careline.accounts.actor import Actor
from careline.accounts.models import Agent, Organization, PasswordReset, Role
from careline.kit import clock, contacts, signing, text
from careline.kit.refusals import NotAllowed, Refused

LONGEST_SESSION = 366 * 24 * 60
LONGEST_TOKEN = 3650


@transaction.atomic
def keep_policy(
    *, actor: Actor, session_minutes: int, idle_minutes: int | None = None, token_days: int | None = None
) -> Organization:
    """Sessions that are open are measured by it too; tokens that are there keep their end."""
    actor.must("organization.manage")
    if not 5 <= session_minutes <= LONGEST_SESSION:
        raise Refused(_("A session lasts from 5 minutes to a year."), field="session_minutes")
    if idle_minutes is not None and not 5 <= idle_minutes <= session_minutes:
        raise Refused(_("Give at least 5 minutes, and no more than a session lasts."), field="idle_minutes")
    if token_days is not None and not 1 <= token_days <= LONGEST_TOKEN:
        raise Refused(_("Give from 1 to %(days)s days.") % {"days": LONGEST_TOKEN}, field="token_days")
    house = Organization.objects.select_for_update().get()
    given = {"session_minutes": session_minutes, "idle_minutes": idle_minutes, "token_days": token_days}
    changed = sorted(name for name, value in given.items() if getattr(house, name) != value)
    if changed:
        for name in changed:
            setattr(house, name, given[name])
        house.save(update_fields=changed)
        sessions.last_anew()
        audit.record("organization.sign-in-changed", f"organization:{house.pk}", actor=actor, fields=changed)
    return house


@transaction.atomic
def recover_owner(email: str, *, actor: Actor, name: str = "") -> tuple[Agent, str]:
    """An owner who can get in again, and the link to a new password; for whoever sits at the server.

    Their other ways are gone with their sessions, and the owner's role is open again to every way and network: what
    had locked it may be what is broken. Somebody new becomes an owner, somebody who left comes back.
    """
    if actor.kind != "system":
        raise NotAllowed(_("This is done at the server itself."))
    owner = Role.objects.select_for_update().get(builtin=True, name="owner")
    key = contacts.email_key(email)
    agent = Agent.objects.select_for_update(of=("self",)).filter(email=key).first()
    if agent is None:
        agent = Agent(email=key, name=text.clean(name, field="name", limit=200) or key, role=owner)
        agent.set_unusable_password()
    agent.role, agent.is_active = owner, True
    agent.save()
    owner.only_networks = owner.only_proofs = None
    owner.save(update_fields=["only_networks", "only_proofs"])
    lose_ways(agent)
    reach.changed()
    key, now = letters.secret(), clock.now()
    PasswordReset.objects.create(
        agent=agent, digest=signing.digest(key), created_at=now, expires_at=now + letters.RESET_LASTS
    )
    audit.record("owner.recovered", f"agent:{agent.pk}", actor=actor)
    return agent, letters.reset_link(key)
