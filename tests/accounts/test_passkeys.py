"""Passkeys: what a key must have signed to open a session, and what opens none."""

from __future__ import annotations

import pytest

from careline.accounts import actions
from careline.accounts.models import Agent, Passkey, Session
from careline.accounts.passkeys import NotThisKey
from careline.channels.access import actor_of_session
from careline.kit.refusals import Refused
from tests.accounts.soft_key import SoftKey

HERE, ORIGIN = "127.0.0.7", "http://localhost:8000"
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def named(settings):
    settings.CARELINE_BASE_URL = ORIGIN


@pytest.fixture
def key(bo) -> SoftKey:
    """One that is Bo's."""
    made = SoftKey(ORIGIN)
    step, asked = actions.begin_passkey(actor=bo)
    actions.add_passkey(step, made.made(asked), actor=bo)
    return made


def entering(key: SoftKey, **wrong):
    step, asked = actions.ask_passkey()
    return actions.sign_in_with_passkey(step, key.signed(asked, **wrong), address=HERE)


def test_a_key_says_whose_it_is(bo, key):
    entered = entering(key)
    assert actor_of_session(entered.key).agent_id == bo.agent_id
    assert Session.objects.get().proof == "passkey"
    assert Passkey.objects.get().counter == 1


@pytest.mark.parametrize(
    "wrong",
    [
        {"origin": "http://localhost:8000.evil.example"}, {"origin": "https://localhost:8000"},
        {"rp": "evil.example"}, {"challenge": b"x" * 32}, {"verified": False},
    ],
    ids=["origin", "scheme", "party", "challenge", "nobody there"],
)  # fmt: skip
def test_what_was_not_asked_opens_nothing(bo, key, wrong):
    with pytest.raises(NotThisKey):
        entering(key, **wrong)
    with pytest.raises(NotThisKey):
        step, asked = actions.begin_passkey(actor=bo)
        actions.add_passkey(step, SoftKey(ORIGIN, name=b"two").made(asked, **wrong), actor=bo)
    assert not Session.objects.exists()


def test_a_counter_that_does_not_rise_is_a_copied_key(key):
    entering(key, counter=7)
    for counter in (7, 6, 0):
        with pytest.raises(NotThisKey):
            entering(key, counter=counter)
    assert entering(key, counter=8).key


def test_a_key_that_counts_nothing_is_no_copy(key):
    assert entering(key, counter=0).key != entering(key, counter=0).key


def test_an_answer_is_worth_something_once_and_for_its_own_question(key):
    step, asked = actions.ask_passkey()
    answer = key.signed(asked)
    other, _asked = actions.ask_passkey()
    with pytest.raises(NotThisKey):
        actions.sign_in_with_passkey(other, answer, address=HERE)
    actions.sign_in_with_passkey(step, answer, address=HERE)
    with pytest.raises(Refused, match="Sign in again"):
        actions.sign_in_with_passkey(step, answer, address=HERE)


def test_another_key_of_that_name_is_not_it(key):
    with pytest.raises(NotThisKey):
        entering(SoftKey(ORIGIN))
    with pytest.raises(NotThisKey):
        entering(SoftKey(ORIGIN, name=b"two"))


def test_who_left_comes_back_by_no_key(bo, key):
    Agent.objects.filter(pk=bo.agent_id).update(is_active=False)
    with pytest.raises(NotThisKey):
        entering(key)


def test_a_step_that_adds_a_key_lets_nobody_in_and_is_its_own_persons(bo, cy, key):
    step, asked = actions.begin_passkey(actor=bo)
    with pytest.raises(NotThisKey):
        actions.sign_in_with_passkey(step, key.signed({**asked, "rpId": asked["rp"]["id"]}), address=HERE)
    with pytest.raises(Refused, match="no such passkey"):
        actions.add_passkey(step, SoftKey(ORIGIN, name=b"two").made(asked), actor=cy)
    # The key of one is not entered as another's.
    step, asked = actions.begin_passkey(actor=cy)
    with pytest.raises(Refused, match="known here already"):
        actions.add_passkey(step, key.made(asked), actor=cy)
