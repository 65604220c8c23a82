"""One's own ways of signing in beside the password: codes of an app, recovery codes, passkeys; and losing them."""

from __future__ import annotations

import secrets
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from careline.accounts import attempts, audit, passkeys, reach, sessions, steps, totp, ways
from careline.accounts.actions.signing_in import NotThisWay, OnTheWay, SignedIn, entered, is_accepted, wanted
from careline.accounts.actor import Actor
from careline.accounts.models import Agent, Codes, Passkey, RecoveryCode, Session
from careline.kit import clock, signing, text
from careline.kit.refusals import Conflicting, NotVisible, Refused

RECOVERY_CODES = 10
MOST_PASSKEYS = 20
# Without letters and digits that are taken for each other on paper.
_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"


class WrongCode(Refused):
    code = "wrong_code"


@transaction.atomic
def begin_codes(*, actor: Actor) -> bytes:
    """The secret for the app, another one each time. It opens nothing until the app's first code was right."""
    agent = _oneself(actor)
    if agent.has_codes:
        raise Conflicting(_("Codes are set up already; remove them first."))
    secret = totp.fresh_secret()
    sealed = signing.seal(secret, ways.codes_of(agent.pk))
    Codes.objects.update_or_create(agent=agent, defaults={"secret": sealed, "last_step": 0})
    return secret


def confirm_codes(written: str, *, actor: Actor, address: str = "", session: str = "") -> list[str]:
    """The app's first code; the recovery codes, shown this once. `session` is the key of the session it happens in."""
    agent_id = reach.oneself(actor)
    attempts.begin(attempts.CODE, str(agent_id), address)
    with transaction.atomic():
        agent = _oneself(actor)
        if agent.has_codes or not _is_code(agent, written):
            raise WrongCode(_("This code is not right. Look at the app again."), field="code")
        Codes.objects.filter(agent=agent).update(confirmed_at=clock.now())
        attempts.forgive(attempts.CODE, str(agent_id), address)
        _raise(session, agent, "code")
        audit.record("codes.set-up", f"agent:{agent.pk}", actor=actor)
        return _fresh_recovery_codes(agent)


@transaction.atomic
def renew_recovery_codes(*, actor: Actor) -> list[str]:
    """Ten new ones; those before no longer work."""
    agent = _oneself(actor)
    if not agent.has_codes:
        raise Conflicting(_("Set up codes first."))
    audit.record("recovery-codes.renewed", f"agent:{agent.pk}", actor=actor)
    return _fresh_recovery_codes(agent)


def answer_code(key: str, written: str, *, address: str, user_agent: str = "") -> SignedIn | OnTheWay:
    """The second half of signing in: a code of the app, or a recovery code, which is used up by it."""
    step = steps.tried(key, "code")
    assert step.agent_id is not None
    attempts.begin(attempts.CODE, str(step.agent_id), address)
    with transaction.atomic():
        agent = Agent.objects.select_for_update(of=("self",)).select_related("role").active().get(pk=step.agent_id)
        if not (_is_code(agent, written) or _is_recovery_code(agent, written)):
            raise WrongCode(_("This code is not right. Look at the app again."), field="code")
        attempts.forgive(attempts.CODE, str(agent.pk), address)
        carried = steps.take(key, "code").facts.get("carried", {})
        if is_accepted(agent, "code"):
            return entered(agent, "code", address=address, user_agent=user_agent)
        if not is_accepted(agent, "passkey") or agent.passkeys.exists():
            raise NotThisWay(wanted(agent))
        return OnTheWay("secure", steps.begin("secure", agent=agent, carried=carried))


@transaction.atomic
def secured(key: str, proof: str, *, address: str, user_agent: str = "") -> SignedIn:
    """In, after what the role wants was set up on the way; the step's key says that the password was right."""
    step = steps.take(key, "secure")
    assert step.agent_id is not None
    agent = Agent.objects.select_for_update(of=("self",)).select_related("role").active().get(pk=step.agent_id)
    if not (agent.has_codes if proof == "code" else proof == "passkey" and agent.passkeys.exists()):
        raise NotThisWay(wanted(agent))
    return entered(agent, proof, address=address, user_agent=user_agent)


@transaction.atomic
def begin_passkey(*, actor: Actor) -> tuple[str, dict[str, Any]]:
    """The key of the step, and what the browser is asked."""
    agent = _oneself(actor)
    if not passkeys.are_possible():
        raise Conflicting(_("Passkeys need a name: this house is reached by a bare address (CARELINE_BASE_URL)."))
    if agent.passkeys.count() >= MOST_PASSKEYS:
        raise Conflicting(_("At most %(most)s passkeys.") % {"most": MOST_PASSKEYS})
    asked, state = passkeys.asked_for_new(agent)
    return steps.begin("passkey", agent=agent, state=state), asked


@transaction.atomic
def add_passkey(key: str, answer: dict[str, Any], *, actor: Actor, name: str = "", session: str = "") -> Passkey:
    step = steps.take(key, "passkey")
    agent = _oneself(actor)
    if step.agent_id != agent.pk:
        raise NotVisible(_("There is no such passkey."))
    credential, counter = passkeys.made(step.facts["state"], answer)
    called = text.clean(name, field="name", limit=120) or _("Passkey")
    try:
        with transaction.atomic():
            made = Passkey.objects.create(
                agent=agent, name=called, credential=credential, counter=counter, credential_id=passkeys.named(answer)
            )
    except IntegrityError:
        raise Conflicting(_("This passkey is known here already.")) from None
    _raise(session, agent, "passkey")
    audit.record("passkey.added", f"passkey:{made.pk}", actor=actor)
    return made


@transaction.atomic
def forget_passkey(passkey_id: int, *, actor: Actor) -> None:
    """One's own."""
    found = Passkey.objects.select_for_update().filter(pk=passkey_id, agent=reach.oneself(actor)).first()
    if found is None:
        raise NotVisible(_("There is no such passkey."))
    found.delete()
    audit.record("passkey.forgotten", f"passkey:{passkey_id}", actor=actor)


@transaction.atomic
def forget_codes(*, actor: Actor) -> None:
    """One's own, with the recovery codes."""
    agent = _oneself(actor)
    if not agent.has_codes:
        raise Conflicting(_("Set up codes first."))
    Codes.objects.filter(agent=agent).delete()
    agent.recovery_codes.all().delete()
    audit.record("codes.forgotten", f"agent:{agent.pk}", actor=actor)


@transaction.atomic
def forget_ways(agent_id: int, *, actor: Actor) -> None:
    """All ways of a colleague who lost them, and their sessions; the password is asked next, then what is wanted."""
    actor.must("agents.manage")
    agent = Agent.objects.visible_to(actor).select_for_update(of=("self",)).select_related("role")
    found = agent.filter(pk=agent_id).first()
    if found is None:
        raise NotVisible(_("There is no such agent."))
    reach.must_hold(found.role.permissions, actor=actor)
    lose_ways(found)
    audit.record("agent.ways-forgotten", f"agent:{agent_id}", actor=actor)


def lose_ways(agent: Agent) -> None:
    """A part of several verbs, which write the audit."""
    Codes.objects.filter(agent=agent).delete()
    agent.recovery_codes.all().delete()
    agent.passkeys.all().delete()
    agent.company_accounts.all().delete()
    sessions.end_sessions(agent.pk)


def ask_passkey(*, carried: dict[str, Any] | None = None) -> tuple[str, dict[str, Any]]:
    """Of whoever wants in: the key of the step, and what the browser is asked."""
    if not passkeys.are_possible():
        raise Conflicting(_("Passkeys need a name: this house is reached by a bare address (CARELINE_BASE_URL)."))
    asked, state = passkeys.asked_for_known()
    return steps.begin("passkey", state=state, carried=carried or {}), asked


def sign_in_with_passkey(key: str, answer: dict[str, Any], *, address: str, user_agent: str = "") -> SignedIn:
    attempts.begin("passkey", key, address)
    with transaction.atomic():
        step = steps.take(key, "passkey")
        known = Passkey.objects.select_for_update().filter(credential_id=passkeys.named(answer)).first()
        active = Agent.objects.select_for_update(of=("self",)).select_related("role").active()
        agent = active.filter(pk=known.agent_id).first() if known else None
        if known is None or agent is None or step.agent_id is not None:
            raise passkeys.unknown()
        counter = passkeys.right(step.facts["state"], answer, known)
        # A counter that does not rise is a copied key. Keys that are kept in an account count nothing and say 0.
        if (counter or known.counter) and counter <= known.counter:
            raise passkeys.unknown()
        known.counter, known.last_used_at = counter, clock.now()
        known.save(update_fields=["counter", "last_used_at"])
        signed_in = entered(agent, "passkey", address=address, user_agent=user_agent)
        attempts.forgive("passkey", key, address)
    return signed_in


def _oneself(actor: Actor) -> Agent:
    locked = Agent.objects.select_for_update(of=("self",)).select_related("role")
    return locked.active().get(pk=reach.oneself(actor))


def _raise(session: str, agent: Agent, proof: str) -> None:
    """Who came by a password alone and sets a better way up has proved it there: a lock to it leaves them in."""
    if session and is_accepted(agent, proof):
        weak = Session.objects.filter(session_key=signing.digest(session), agent=agent, proof="password")
        weak.update(proof=proof)


def _is_code(agent: Agent, written: str) -> bool:
    """Whether it is the app's code of now, used up by asking."""
    codes = Codes.objects.select_for_update().filter(agent=agent).first()
    if codes is None:
        return False
    digits = "".join(written.split())
    secret = signing.unseal(bytes(codes.secret), ways.codes_of(agent.pk))
    step = totp.step_of(secret, digits, at=clock.now(), after=codes.last_step) if digits.isascii() else None
    if step is not None:
        Codes.objects.filter(agent=agent).update(last_step=step)
    return step is not None


def _is_recovery_code(agent: Agent, written: str) -> bool:
    plain = "".join(letter for letter in written.casefold() if letter in _LETTERS)
    unused = RecoveryCode.objects.filter(agent=agent, digest=signing.digest(f"{agent.pk}:{plain}"), used_at=None)
    return bool(unused.update(used_at=clock.now()))


def _fresh_recovery_codes(agent: Agent) -> list[str]:
    agent.recovery_codes.all().delete()
    found = ["".join(secrets.choice(_LETTERS) for _n in range(10)) for _code in range(RECOVERY_CODES)]
    RecoveryCode.objects.bulk_create(
        RecoveryCode(agent=agent, digest=signing.digest(f"{agent.pk}:{code}")) for code in found
    )
    return [f"{code[:5]}-{code[5:]}" for code in found]
