"""Ways of signing in beside a password: codes and recovery codes, and what a role accepts."""

from __future__ import annotations

from datetime import timedelta

import pytest

from careline.accounts import actions, queries, sessions, totp
from careline.accounts.models import Agent, Role, Session
from careline.accounts.proofs import PROOFS
from careline.channels.access import actor_of_session
from careline.kit import clock, signing
from careline.kit.refusals import Conflicting, NotAllowed, Refused, TooMany
from tests.accounts.together import together
from tests.cast import PASSWORD

HERE = "127.0.0.7"  # the cast belongs to the demo, which lets in whoever is near


def entering(name="bo", address=HERE):
    return actions.sign_in(f"{name}@harbor.example", PASSWORD, address=address)


def code_of(secret: bytes, later: int = 0) -> str:
    return totp.code(secret, int(clock.now().timestamp()) // totp.SECONDS + later)


def with_codes(actor) -> tuple[bytes, list[str]]:
    secret = actions.begin_codes(actor=actor)
    return secret, actions.confirm_codes(code_of(secret), actor=actor)


def locked(boss, role: str, *proofs: str, **more) -> None:
    actions.confine_role(Role.objects.get(name=role).pk, actor=boss, proofs=proofs or PROOFS, **more)


def test_codes_count_from_the_first_right_one_on(bo):
    actions.begin_codes(actor=bo)
    assert isinstance(entering(), actions.SignedIn)
    secret = actions.begin_codes(actor=bo)
    with pytest.raises(actions.WrongCode):
        actions.confirm_codes("000000", actor=bo)
    assert len(actions.confirm_codes(code_of(secret), actor=bo)) == 10
    onward = entering()
    assert isinstance(onward, actions.OnTheWay)
    # The code it was set up by was used up by that.
    with pytest.raises(actions.WrongCode):
        actions.answer_code(onward.key, code_of(secret), address=HERE)
    entered = actions.answer_code(onward.key, code_of(secret, 1), address=HERE)
    assert actor_of_session(entered.key).agent_id == bo.agent_id
    assert Session.objects.get(session_key=signing.digest(entered.key)).proof == "code"


def test_the_key_of_a_step_opens_no_page_and_is_taken_once(bo):
    secret, _codes = with_codes(bo)
    onward = entering()
    assert actor_of_session(onward.key) is None
    actions.answer_code(onward.key, code_of(secret, 1), address=HERE)
    with pytest.raises(Refused, match="Sign in again"):
        actions.answer_code(onward.key, code_of(secret, 1), address=HERE)


def test_a_step_bears_five_tries_and_ten_minutes(bo, nine, time_machine):
    time_machine.move_to(nine)
    with_codes(bo)
    onward = entering()
    for number in range(5):
        with pytest.raises(actions.WrongCode):
            actions.answer_code(onward.key, "000000", address=f"127.0.1.{number}")
    with pytest.raises(Refused, match="Sign in again"):
        actions.answer_code(onward.key, "000000", address="127.0.1.9")
    late = entering()
    time_machine.shift(timedelta(minutes=11))
    with pytest.raises(Refused, match="Sign in again"):
        actions.answer_code(late.key, "000000", address=HERE)


def test_a_recovery_code_stands_in_once(bo):
    _secret, codes = with_codes(bo)
    actions.answer_code(entering().key, codes[0].upper().replace("-", " "), address=HERE)
    with pytest.raises(actions.WrongCode):
        actions.answer_code(entering().key, codes[0], address=HERE)
    fresh = actions.renew_recovery_codes(actor=bo)
    with pytest.raises(actions.WrongCode):
        actions.answer_code(entering().key, codes[1], address=HERE)
    assert actions.answer_code(entering().key, fresh[1], address=HERE).key


def test_a_secret_is_kept_sealed(bo):
    secret = actions.begin_codes(actor=bo)
    assert secret not in bytes(Agent.objects.get(pk=bo.agent_id).codes.secret)


def test_a_role_that_wants_more_is_out_at_once_and_sets_it_up_on_the_way(bo, boss):
    before = entering()
    locked(boss, "agent", "code")
    assert actor_of_session(before.key) is None
    onward = entering()
    assert onward.kind == "secure"
    assert actor_of_session(onward.key) is None
    secret = actions.begin_codes(actor=bo)
    with pytest.raises(NotAllowed, match="a password and a code"):
        actions.secured(onward.key, "code", address=HERE)
    actions.confirm_codes(code_of(secret), actor=bo)
    with pytest.raises(NotAllowed, match="a password and a code"):
        actions.secured(onward.key, "passkey", address=HERE)
    assert actor_of_session(actions.secured(onward.key, "code", address=HERE).key) == queries_actor(bo)


def queries_actor(actor):
    return Agent.objects.get(pk=actor.agent_id).as_actor(actor.inbox_ids)


def test_a_code_is_not_enough_for_a_role_of_passkeys(bo, boss):
    secret, _codes = with_codes(bo)
    locked(boss, "agent", "passkey")
    onward = entering()
    assert onward.kind == "code"
    assert actions.answer_code(onward.key, code_of(secret, 1), address=HERE).kind == "secure"


def test_a_role_of_company_accounts_is_told_so(bo, boss):
    Role.objects.filter(name="agent").update(only_proofs=["company"])
    with pytest.raises(NotAllowed, match="the company account"):
        entering()


def test_nobody_locks_themselves_out(boss):
    for proofs, why in ((("passkey",), "lock yourself out"), (("company",), "company sign-in first")):
        with pytest.raises(Conflicting, match=why):
            locked(boss, "owner", *proofs)
    with pytest.raises(Conflicting, match="lock yourself out"):
        locked(boss, "owner", networks=["198.51.100.0/24"], address=HERE)
    with_codes(boss)
    locked(boss, "owner", "code", networks=["127.0.0.0/24"], address=HERE)


def test_a_way_set_up_in_a_session_is_proved_in_it(bo, boss):
    signed_in = entering()
    secret = actions.begin_codes(actor=bo)
    actions.confirm_codes(code_of(secret), actor=bo, session=signed_in.key)
    locked(boss, "agent", "code")
    assert actor_of_session(signed_in.key) is not None


def test_who_lost_every_way_is_let_in_by_the_password_again(bo, boss):
    with_codes(bo)
    actions.forget_ways(bo.agent_id, actor=boss)
    assert isinstance(entering(), actions.SignedIn)


def test_a_role_of_a_network_is_of_that_network(bo, boss):
    signed_in = entering()
    locked(boss, "agent", networks=["198.51.100.0/24"], address=HERE)
    assert actor_of_session(signed_in.key, HERE) is None
    assert actor_of_session(signed_in.key, "198.51.100.9") is not None
    assert actor_of_session(signed_in.key) is None
    with pytest.raises(NotAllowed, match=HERE):
        entering()
    with_codes(bo)
    with pytest.raises(NotAllowed, match=HERE):
        entering()


def test_a_session_ends_idle_or_not(bo, boss, nine, time_machine):
    time_machine.move_to(nine)
    actions.keep_policy(actor=boss, session_minutes=120, idle_minutes=30)
    key = entering().key
    for _look in range(4):
        time_machine.shift(timedelta(minutes=29))
        assert actor_of_session(key) is not None
        sessions.mark_seen(key)
    time_machine.shift(timedelta(minutes=5))
    assert actor_of_session(key) is None
    idle = entering().key
    time_machine.shift(timedelta(minutes=31))
    assert actor_of_session(idle) is None


def test_a_shorter_stay_ends_sessions_that_are_open(bo, boss, nine, time_machine):
    time_machine.move_to(nine)
    key = entering().key
    time_machine.shift(timedelta(hours=3))
    assert actor_of_session(key) is not None
    actions.keep_policy(actor=boss, session_minutes=120)
    assert actor_of_session(key) is None
    actions.keep_policy(actor=boss, session_minutes=600)
    assert queries.sessions_of(bo, bo.agent_id) == []


def test_the_way_back_in_from_the_console(boss, link_key):
    from careline.accounts.actor import SYSTEM

    with_codes(boss)
    locked(boss, "owner", "code", networks=["198.51.100.0/24"])
    with pytest.raises(NotAllowed):
        actions.recover_owner("rosa@harbor.example", actor=boss)
    agent, link = actions.recover_owner("rosa@harbor.example", actor=SYSTEM)
    assert agent.pk == boss.agent_id
    actions.reset_password(link_key(link), password=PASSWORD)
    assert isinstance(entering("rosa"), actions.SignedIn)
    new, _link = actions.recover_owner("new@harbor.example", actor=SYSTEM, name="New Owner")
    assert new.role.name == "owner"


def test_guessing_codes_from_many_places_is_one_guessing(bo):
    """Whoever has the password and a thousand addresses has fifteen tries, not five at each."""
    secret, recovery = with_codes(bo)
    for n in range(15):
        onward = entering(address=f"127.0.1.{n}")
        with pytest.raises(actions.WrongCode):
            actions.answer_code(onward.key, "000000", address=f"127.0.1.{n}")
    onward = entering()
    for right in (code_of(secret, 1), recovery[0]):
        with pytest.raises(TooMany):
            actions.answer_code(onward.key, right, address=HERE)


def test_of_one_recovery_code_at_the_same_moment_one_works(transactional_db, bo):
    _secret, recovery = with_codes(bo)
    steps = [entering() for _n in range(3)]
    answers = together(*[lambda step=step: actions.answer_code(step.key, recovery[0], address=HERE) for step in steps])
    assert sorted(type(answer).__name__ for answer in answers) == ["SignedIn", "WrongCode", "WrongCode"]


def test_of_one_code_at_the_same_moment_one_works(transactional_db, bo):
    secret, _recovery = with_codes(bo)
    steps, right = [entering() for _n in range(3)], code_of(secret, 1)
    answers = together(*[lambda step=step: actions.answer_code(step.key, right, address=HERE) for step in steps])
    assert sorted(type(answer).__name__ for answer in answers) == ["SignedIn", "WrongCode", "WrongCode"]
