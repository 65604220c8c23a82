"""Passwords: changed by who knows the old one, or by a link that works once."""

from django.db import transaction
from django.utils.translation import gettext as _

from careline.accounts import attempts, audit, jobs, reach, sessions, values
from careline.accounts.actor import Actor
from careline.accounts.models import Agent, PasswordReset
from careline.kit import clock, contacts, signing
from careline.kit.refusals import NotVisible, Refused


def request_reset(email: str, *, address: str) -> None:
    """A mail with a link, if somebody works here under this address. The answer is the same if nobody does."""
    key = contacts.email_key(email)
    attempts.begin("reset", key, address)
    agent = Agent.objects.active().filter(email=key).first()
    # Made and mailed by a worker, for nobody too: how long a mail server takes must not tell who works here.
    jobs.send_reset.soon(agent.pk if agent else 0)


@transaction.atomic
def reset_password(key: str, *, password: str) -> Agent:
    """The link's key sets the password, once, and ends every session."""
    link = PasswordReset.objects.filter(digest=signing.digest(key), used_at=None, expires_at__gt=clock.now())
    active = Agent.objects.active().select_for_update(of=("self",)).select_related("role")
    agent = active.filter(pk__in=link.values("agent_id")).first()
    # Asked again under the agent's lock: of two uses at the same moment the second finds the link used.
    if agent is None or not link.exists():
        raise NotVisible(_("This link is no longer valid; ask for a new one."))
    agent.set_password(values.password(password, agent))
    agent.save(update_fields=["password"])
    # Other links that are still out there go with it.
    agent.resets.filter(used_at=None).update(used_at=clock.now())
    ended = sessions.end_sessions(agent.pk)
    audit.record("password.reset", f"agent:{agent.pk}", actor=agent.as_actor(), sessions=ended)
    return agent


def change_password(*, actor: Actor, current: str, password: str, but: str | None = None) -> None:
    """One's own; other sessions end. `but` is the key of the session that stays."""
    agent_id = reach.oneself(actor)
    attempts.begin("password", str(agent_id), "")
    with transaction.atomic():
        agent = Agent.objects.select_for_update().get(pk=agent_id)
        if not values.is_hashable(current) or not agent.check_password(current):
            raise Refused(_("The current password is not right."), field="current")
        agent.set_password(values.password(password, agent))
        agent.save(update_fields=["password"])
        agent.resets.filter(used_at=None).update(used_at=clock.now())
        ended = sessions.end_sessions(agent_id, but=but)
        attempts.forgive("password", str(agent_id), "")
        audit.record("password.changed", f"agent:{agent_id}", actor=actor, sessions=ended)
