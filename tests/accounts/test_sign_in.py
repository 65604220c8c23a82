"""Signing in and out, and what a stranger learns from trying: nothing."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.contrib.auth import hashers
from django.db import transaction

from careline.accounts import actions, attempts, queries
from careline.accounts.models import Agent, AuditEntry, Session, SignInAttempt
from careline.channels.access import actor_of_session
from careline.kit import signing
from careline.kit.refusals import NotVisible, TooMany
from tests.accounts.together import together
from tests.cast import PASSWORD

HOME = "127.0.0.1"
BO = "bo@harbor.example"


def wrongly(email: str = BO, password: str = "wrong", address: str = HOME) -> str:
    with pytest.raises(actions.WrongSignIn) as refused:
        actions.sign_in(email, password, address=address)
    return str(refused.value)


def test_the_right_password_opens_a_session(bo):
    signed_in = actions.sign_in(" Bo@Harbor.example", PASSWORD, address=HOME, user_agent="Firefox\0 150")
    assert signed_in.agent_id == bo.agent_id
    assert actor_of_session(signed_in.key) == bo
    [session] = queries.sessions_of(bo, bo.agent_id, key=signed_in.key)
    assert (session.user_agent, session.address, session.current) == ("Firefox 150", HOME, True)
    assert Agent.objects.get(pk=bo.agent_id).last_login is not None
    assert AuditEntry.objects.get(verb="agent.signed-in").subject == f"agent:{bo.agent_id}"


def test_the_table_of_sessions_opens_none(bo):
    key = actions.sign_in(BO, PASSWORD, address=HOME).key
    row = Session.objects.get()
    assert row.session_key == signing.digest(key)
    assert actor_of_session(row.session_key) is None


def test_one_sentence_for_everything_that_was_wrong(bo, dee, boss):
    actions.deactivate(dee.agent_id, actor=boss)
    said = {
        wrongly(),
        wrongly("nobody@harbor.example"),
        wrongly("not an address"),
        wrongly("nul\0@harbor.example"),
        wrongly("dee@harbor.example", PASSWORD),
        wrongly(password="nul\0"),
        wrongly(password="half of a \ud800 character", address="127.0.0.2"),
        wrongly(password="p" * 10_000, address="127.0.0.2"),
        wrongly(password="", address="127.0.0.2"),
    }
    assert len(said) == 1
    assert not Session.objects.exists()


def test_one_password_is_hashed_whoever_asks(bo, monkeypatch, argon2):
    Agent.objects.filter(pk=bo.agent_id).update(password=hashers.make_password(PASSWORD))
    hashed = []
    hasher = hashers.get_hasher()

    class Counting(type(hasher)):
        def encode(self, password, salt):
            hashed.append(password)
            return super().encode(password, salt)

        def verify(self, password, encoded):
            hashed.append(password)
            return super().verify(password, encoded)

    monkeypatch.setattr(hashers, "get_hasher", lambda algorithm="default": Counting())
    monkeypatch.setattr(hashers, "identify_hasher", lambda encoded: Counting())
    for email in (BO, "nobody@harbor.example", "not an address"):
        hashed.clear()
        wrongly(email, "some password")
        assert hashed == ["some password"]


class TestThrottle:
    def test_after_five_slips_even_the_right_password_waits(self, bo):
        for _ in range(5):
            wrongly()
        with pytest.raises(TooMany) as refused:
            actions.sign_in(BO, PASSWORD, address=HOME)
        assert refused.value.status == 429
        assert 880 <= refused.value.retry_after <= 900
        assert "15 minutes" in str(refused.value)
        with time_machine.travel(SignInAttempt.objects.latest("at").at + timedelta(minutes=15, seconds=1)):
            assert actions.sign_in(BO, PASSWORD, address=HOME).agent_id == bo.agent_id

    def test_refused_tries_do_not_prolong_the_wait(self, bo):
        for _ in range(5):
            wrongly()
        counted = SignInAttempt.objects.count()
        for _ in range(3):
            with pytest.raises(TooMany):
                actions.sign_in(BO, "wrong", address=HOME)
        assert SignInAttempt.objects.count() == counted

    def test_who_tries_from_elsewhere_is_not_kept_out(self, bo):
        for _ in range(5):
            wrongly()
        assert actions.sign_in(BO, PASSWORD, address="127.0.0.99").agent_id == bo.agent_id

    def test_a_house_of_many_addresses_is_one_place(self, bo):
        """Whoever has one address of the new kind has 2^64 of them."""
        for n in range(5):
            with pytest.raises(actions.WrongSignIn):
                actions.sign_in(BO, "wrong", address=f"2001:db8:7:7::{n:x}")
        with pytest.raises(TooMany):
            actions.sign_in(BO, PASSWORD, address="2001:db8:7:7:ffff::1")
        with pytest.raises(actions.WrongSignIn):
            actions.sign_in(BO, "wrong", address="2001:db8:7:8::1")

    def test_a_case_of_letters_is_no_new_account(self, bo):
        for email in (BO, BO.upper(), f" {BO}", BO.title(), f"{BO} "):
            wrongly(email)
        with pytest.raises(TooMany):
            actions.sign_in(BO, PASSWORD, address=HOME)

    def test_an_account_that_is_not_there_is_throttled_alike(self, bo):
        for _ in range(5):
            wrongly("nobody@harbor.example")
        with pytest.raises(TooMany):
            actions.sign_in("nobody@harbor.example", "wrong", address=HOME)

    def test_one_address_may_try_thirty_times(self, bo):
        for n in range(30):
            wrongly(f"guess-{n}@harbor.example")
        with pytest.raises(TooMany):
            actions.sign_in(BO, PASSWORD, address=HOME)

    def test_a_right_password_wipes_the_slips(self, bo):
        for _ in range(3):
            for _ in range(4):
                wrongly()
            actions.sign_in(BO, PASSWORD, address=HOME)

    def test_the_table_names_nobody(self, bo):
        wrongly()
        assert all(BO not in str(row) and HOME not in str(row) for row in SignInAttempt.objects.values())

    def test_what_is_too_old_to_count_is_purged(self, bo):
        wrongly()
        assert attempts.purge() == 0
        with time_machine.travel(SignInAttempt.objects.latest("at").at + timedelta(minutes=16)):
            assert attempts.purge() == 2

    def test_of_many_tries_side_by_side_no_more_than_five_are_looked_at(self, transactional_db, bo):
        answers = together(*[lambda: actions.sign_in(BO, "wrong", address=HOME)] * 12)
        looked_at = [answer for answer in answers if isinstance(answer, actions.WrongSignIn)]
        assert len(looked_at) <= 5
        assert {type(answer) for answer in answers} <= {actions.WrongSignIn, TooMany}


def test_a_count_that_a_refusal_could_take_back_is_no_count(transactional_db, bo):
    with transaction.atomic(), pytest.raises(RuntimeError, match="durable"):
        actions.sign_in(BO, "wrong", address=HOME)


def test_a_password_changed_in_the_same_moment_opens_nothing(bo, monkeypatch):
    real = Agent.check_password

    def slowly(agent, raw):
        found = real(agent, raw)
        Agent.objects.filter(pk=agent.pk).update(password="changed meanwhile")
        return found

    monkeypatch.setattr(Agent, "check_password", slowly)
    wrongly(password=PASSWORD)


def test_the_demos_people_enter_on_this_machine_alone(bo, boss, settings):
    """The cast works where the demo's people do."""
    wrongly(password=PASSWORD, address="10.0.0.1")
    wrongly(password=PASSWORD, address="")
    actions.sign_in(BO, PASSWORD, address="::1")
    Agent.objects.filter(pk=boss.agent_id).update(email="rosa@lighthouse.example")
    actions.sign_in("rosa@lighthouse.example", PASSWORD, address="10.0.0.1")
    settings.CARELINE_BASE_URL = "https://care.lighthouse.example"
    wrongly(password=PASSWORD)


def test_signing_out_ends_this_session_alone(bo):
    one, other = (actions.sign_in(BO, PASSWORD, address=HOME).key for _ in range(2))
    actions.sign_out(one, actor=bo)
    assert actor_of_session(one) is None
    assert actor_of_session(other) == bo
    actions.sign_out(one, actor=bo)  # twice is no mistake
    assert AuditEntry.objects.filter(verb="agent.signed-out").count() == 1


def test_signing_out_everywhere_may_spare_the_session_one_sits_in(bo):
    keys = [actions.sign_in(BO, PASSWORD, address=HOME).key for _ in range(3)]
    assert actions.sign_out_everywhere(bo.agent_id, actor=bo, but=keys[1]) == 2
    assert [actor_of_session(key) is not None for key in keys] == [False, True, False]
    assert actions.sign_out_everywhere(bo.agent_id, actor=bo) == 1


def test_one_session_is_ended_from_the_list(bo, dee):
    key = actions.sign_in(BO, PASSWORD, address=HOME).key
    [session] = queries.sessions_of(bo, bo.agent_id)
    with pytest.raises(NotVisible):
        actions.end_session(session.id, actor=dee)
    actions.end_session(session.id, actor=bo)
    assert actor_of_session(key) is None
    with pytest.raises(NotVisible):
        actions.end_session(session.id, actor=bo)


def test_a_session_ends_after_two_weeks(bo):
    key = actions.sign_in(BO, PASSWORD, address=HOME).key
    with time_machine.travel(Session.objects.get().created_at + timedelta(days=14, seconds=1)):
        assert actor_of_session(key) is None
        assert queries.sessions_of(bo, bo.agent_id) == []
