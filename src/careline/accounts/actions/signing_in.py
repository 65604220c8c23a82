"""Signing in and out."""

import msgspec
from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.utils.translation import gettext as _

from careline.accounts import attempts, audit, loopback, reach, sessions, values
from careline.accounts.actor import Actor
from careline.accounts.models import Agent, Session
from careline.kit import clock, contacts
from careline.kit.refusals import NotVisible, Refused


class WrongSignIn(Refused):
    """Does not tell whether it was the address, the password or a deactivated account."""

    code = "wrong_sign_in"


class SignedIn(msgspec.Struct, frozen=True):
    agent_id: int
    key: str  # for the cookie


def sign_in(email: str, password: str, *, address: str, user_agent: str = "") -> SignedIn:
    account = email.strip().casefold()
    attempts.begin("sign-in", account, address)
    agent = _with_password(email, password)
    if agent is not None and not loopback.may_enter(agent.email, address):
        agent = None
    with transaction.atomic():
        # Looked at again under lock: meanwhile the password may have been changed or the agent deactivated.
        if agent is not None:
            unchanged = Agent.objects.select_for_update(of=("self",)).select_related("role").active()
            agent = unchanged.filter(pk=agent.pk, password=agent.password).first()
        if agent is None:
            raise WrongSignIn(_("The address or the password is not right."))
        agent.last_login = clock.now()
        agent.save(update_fields=["last_login"])
        key = sessions.open_session(agent, user_agent=user_agent, address=address)
        attempts.forgive("sign-in", account, address)
        audit.record("agent.signed-in", f"agent:{agent.pk}", actor=agent.as_actor())
    return SignedIn(agent_id=agent.pk, key=key)


def _with_password(email: str, password: str) -> Agent | None:
    """One password is hashed whoever asks, so that the time it takes tells nothing about who works here."""
    if not values.is_hashable(password):
        return None
    try:
        agent = Agent.objects.filter(email=contacts.email_key(email)).first()
    except Refused:
        agent = None
    if agent is None:
        make_password(password)
        return None
    return agent if agent.check_password(password) else None


@transaction.atomic
def sign_out(key: str, *, actor: Actor) -> None:
    if sessions.end_session(key):
        audit.record("agent.signed-out", f"agent:{reach.oneself(actor)}", actor=actor)


@transaction.atomic
def sign_out_everywhere(agent_id: int, *, actor: Actor, but: str | None = None) -> int:
    """How many sessions ended; `but` is the key of the session that stays."""
    reach.oneself_or("agents.manage", agent_id, actor=actor)
    ended = sessions.end_sessions(agent_id, but=but)
    if ended:
        audit.record("agent.signed-out-everywhere", f"agent:{agent_id}", actor=actor, sessions=ended)
    return ended


@transaction.atomic
def end_session(session_id: str, *, actor: Actor) -> None:
    """One from the list, by the id the list shows, which opens nothing."""
    # PostgreSQL cannot even be asked for a NUL.
    known = Session.objects.select_for_update().filter(session_key=session_id.replace("\0", ""), agent__isnull=False)
    session = known.first()
    if session is None or not (session.agent_id == actor.agent_id or actor.may("agents.manage")):
        raise NotVisible(_("There is no such session."))
    session.delete()
    reach.changed()
    audit.record("agent.signed-out", f"agent:{session.agent_id}", actor=actor)
