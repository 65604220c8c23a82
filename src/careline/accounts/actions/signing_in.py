"""Signing in and out: the password, what may be wanted beside it, and the end of it."""

from __future__ import annotations

from typing import Any

import msgspec
from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.utils.translation import gettext as _

from careline.accounts import attempts, audit, loopback, networks, reach, sessions, steps, values
from careline.accounts.actor import Actor
from careline.accounts.models import Agent, Session
from careline.accounts.proofs import PROOFS
from careline.kit import clock, contacts
from careline.kit.refusals import NotAllowed, NotVisible, Refused


class WrongSignIn(Refused):
    """Does not tell whether it was the address, the password or a deactivated account."""

    code = "wrong_sign_in"


class NotThisWay(NotAllowed):
    """The proof was right, and the role wants another one, or another place."""

    code = "not_this_way"


class SignedIn(msgspec.Struct, frozen=True):
    agent_id: int
    key: str  # for the cookie


class OnTheWay(msgspec.Struct, frozen=True):
    """The password was right and is not enough: a code is asked for, or the way the role wants is set up first."""

    kind: str  # SignInStep.Kind: code or secure
    key: str  # for the cookie of the step


def sign_in(
    email: str, password: str, *, address: str, user_agent: str = "", carried: dict[str, Any] | None = None
) -> SignedIn | OnTheWay:
    """`carried` is what the door wants back at the next step."""
    account = email.strip().casefold()
    attempts.begin("sign-in", account, address)
    agent = _with_password(email, password)
    with transaction.atomic():
        # Looked at again under lock: meanwhile the password may have been changed or the agent deactivated.
        if agent is not None:
            unchanged = Agent.objects.select_for_update(of=("self",)).select_related("role").active()
            agent = unchanged.filter(pk=agent.pk, password=agent.password).first()
        if agent is None:
            raise WrongSignIn(_("The address or the password is not right."))
        must_be_near(agent, address)
        onward = _beyond_the_password(agent)
        if onward is None:
            signed_in = entered(agent, "password", address=address, user_agent=user_agent)
        attempts.forgive("sign-in", account, address)
    if onward is None:
        return signed_in
    return OnTheWay(onward, steps.begin(onward, agent=agent, carried=carried or {}))


def entered(agent: Agent, proof: str, *, address: str, user_agent: str) -> SignedIn:
    """A session for who has proved enough. A part of several verbs, inside their transaction, the agent locked."""
    must_be_near(agent, address)
    if not is_accepted(agent, proof):
        raise NotThisWay(wanted(agent))
    agent.last_login = clock.now()
    agent.save(update_fields=["last_login"])
    key = sessions.open_session(agent, proof=proof, user_agent=user_agent, address=address)
    audit.record("agent.signed-in", f"agent:{agent.pk}", actor=agent.as_actor(), proof=[proof])
    return SignedIn(agent_id=agent.pk, key=key)


def must_be_near(agent: Agent, address: str) -> None:
    if not loopback.may_enter(agent.email, address):
        raise WrongSignIn(_("The address or the password is not right."))
    if not networks.holds(agent.role.only_networks, address):
        sentence = _("Your role cannot be used from %(address)s.") % {"address": address or _("an unknown address")}
        raise NotThisWay(sentence)


def is_accepted(agent: Agent, proof: str) -> bool:
    return agent.role.only_proofs is None or proof in agent.role.only_proofs


def wanted(agent: Agent) -> str:
    """What the role wants instead."""
    ways = ", ".join(str(PROOFS[name]) for name in agent.role.only_proofs or PROOFS)
    return _("Your role signs in by: %(ways)s.") % {"ways": ways}


def _beyond_the_password(agent: Agent) -> str | None:
    """What follows a right password. Who has set a way up proves it; who has not yet may set one up by it."""
    if agent.has_codes:
        return "code"
    if is_accepted(agent, "password"):
        return None
    # With a passkey already there, a password would be the weaker way round it.
    may_set_up = is_accepted(agent, "code") or is_accepted(agent, "passkey")
    if not may_set_up or agent.passkeys.exists():
        raise NotThisWay(wanted(agent))
    return "secure"


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
