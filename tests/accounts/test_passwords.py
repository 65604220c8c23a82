"""New passwords, by link and by knowing the old one."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
import time_machine
from django.db import connection

from careline.accounts import actions, jobs, queries
from careline.accounts.models import Agent, AuditEntry, PasswordReset
from careline.channels.access import actor_of_session, actor_of_token
from careline.kit.refusals import NotAllowed, NotVisible, Refused, TooMany
from tests.accounts.together import together
from tests.cast import PASSWORD

HOME = "127.0.0.1"
BO = "bo@harbor.example"
PHRASE = "another long phrase"


def waiting() -> list[dict[str, int]]:
    """What the queue will be asked to do."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT args::text FROM procrastinate_jobs WHERE task_name LIKE '%send_reset' ORDER BY id")
        return [json.loads(args) for (args,) in cursor.fetchall()]


@pytest.fixture
def reset_key(bo, letters, link_key):
    """The key of a link mailed to Bo."""
    jobs.send_reset(bo.agent_id)
    return link_key(letters[-1].text)


def test_a_reset_is_mailed_by_a_worker_and_its_link_sets_the_password(bo, letters, link_key):
    actions.request_reset("Bo@harbor.example", address=HOME)
    assert letters == []
    assert waiting() == [{"agent_id": bo.agent_id}]
    jobs.send_reset(**waiting()[0])
    [letter] = letters
    assert letter.to == BO
    key = link_key(letter.text)
    assert queries.agent_of_reset(key).pk == bo.agent_id
    actions.reset_password(key, password=PHRASE)
    assert actions.sign_in(BO, PHRASE, address=HOME).agent_id == bo.agent_id
    with pytest.raises(actions.WrongSignIn):
        actions.sign_in(BO, PASSWORD, address=HOME)


def test_asking_for_nobody_looks_the_same_and_mails_nobody(bo, dee, boss, letters):
    actions.deactivate(dee.agent_id, actor=boss)
    answers = [actions.request_reset(email, address=HOME) for email in (BO, "nobody@x.example", "dee@harbor.example")]
    assert answers == [None, None, None]
    assert [sorted(args) for args in waiting()] == [["agent_id"]] * 3
    for args in waiting()[1:]:
        jobs.send_reset(**args)
    assert letters == []
    assert not PasswordReset.objects.exists()


def test_what_is_no_address_is_said_to_be_none(db):
    with pytest.raises(Refused, match="email address"):
        actions.request_reset("nobody", address=HOME)


def test_asking_again_and_again_is_refused(bo):
    for _ in range(5):
        actions.request_reset(BO, address=HOME)
    with pytest.raises(TooMany):
        actions.request_reset(BO, address=HOME)
    assert len(waiting()) == 5
    # Signing in is counted by itself.
    actions.sign_in(BO, PASSWORD, address=HOME)


def test_the_key_is_stored_nowhere(bo, reset_key):
    rows = [*PasswordReset.objects.values(), *AuditEntry.objects.values()]
    assert rows
    assert all(reset_key not in str(row) for row in rows)


def test_a_link_works_once(reset_key):
    actions.reset_password(reset_key, password=PHRASE)
    with pytest.raises(NotVisible):
        actions.reset_password(reset_key, password="a third long phrase")
    with pytest.raises(NotVisible):
        queries.agent_of_reset(reset_key)


def test_a_link_works_for_an_hour(reset_key):
    made = PasswordReset.objects.get().created_at
    with time_machine.travel(made + timedelta(minutes=61)), pytest.raises(NotVisible):
        actions.reset_password(reset_key, password=PHRASE)
    with time_machine.travel(made + timedelta(minutes=59)):
        actions.reset_password(reset_key, password=PHRASE)


def test_a_weak_password_does_not_use_the_link_up(reset_key):
    with pytest.raises(Refused):
        actions.reset_password(reset_key, password="short")
    actions.reset_password(reset_key, password=PHRASE)


def test_a_reset_ends_every_session_and_every_other_link(bo, reset_key, letters, link_key):
    session = actions.sign_in(BO, PASSWORD, address=HOME).key
    jobs.send_reset(bo.agent_id)
    other = link_key(letters[-1].text)
    actions.reset_password(reset_key, password=PHRASE)
    assert actor_of_session(session) is None
    with pytest.raises(NotVisible):
        actions.reset_password(other, password="a third long phrase")


def test_a_link_of_someone_deactivated_since_is_dead(bo, boss, reset_key):
    actions.deactivate(bo.agent_id, actor=boss)
    actions.reactivate(bo.agent_id, actor=boss)
    with pytest.raises(NotVisible):
        actions.reset_password(reset_key, password=PHRASE)


def test_of_two_uses_of_one_link_at_the_same_moment_one_works(transactional_db, reset_key):
    answers = together(
        lambda: actions.reset_password(reset_key, password="the phrase of the first"),
        lambda: actions.reset_password(reset_key, password="the phrase of the second"),
    )
    assert {type(answer) for answer in answers} == {Agent, NotVisible}
    won = "first" if isinstance(answers[0], Agent) else "second"
    assert Agent.objects.get(email=BO).check_password(f"the phrase of the {won}")


def test_changing_it_needs_the_old_one_and_ends_the_other_sessions(bo):
    here, elsewhere = (actions.sign_in(BO, PASSWORD, address=HOME).key for _ in range(2))
    with pytest.raises(Refused) as refused:
        actions.change_password(actor=bo, current="wrong", password=PHRASE, but=here)
    assert refused.value.field == "current"
    actions.change_password(actor=bo, current=PASSWORD, password=PHRASE, but=here)
    assert actor_of_session(here) == bo
    assert actor_of_session(elsewhere) is None
    assert Agent.objects.get(pk=bo.agent_id).check_password(PHRASE)


def test_a_new_password_is_held_to_the_same_rules(bo):
    for password in ("short", "qwertyuiop", "nul\0nul\0nul\0"):
        with pytest.raises(Refused) as refused:
            actions.change_password(actor=bo, current=PASSWORD, password=password)
        assert refused.value.field == "password"


def test_guessing_the_old_one_is_throttled(bo):
    for _ in range(5):
        with pytest.raises(Refused):
            actions.change_password(actor=bo, current="wrong", password=PHRASE)
    with pytest.raises(TooMany):
        actions.change_password(actor=bo, current=PASSWORD, password=PHRASE)


def test_tokens_outlive_a_new_password(boss):
    _token, secret = actions.create_token(boss.agent_id, actor=boss, name="Nightly export")
    actions.change_password(actor=boss, current=PASSWORD, password=PHRASE)
    assert actor_of_token(secret) is not None


def test_passwords_are_kept_by_argon2(boss, argon2):
    actions.change_password(actor=boss, current=PASSWORD, password=PHRASE)
    assert Agent.objects.get(pk=boss.agent_id).password.startswith("argon2$argon2id$")
    assert actions.sign_in("rosa@harbor.example", PHRASE, address=HOME).agent_id == boss.agent_id


def test_only_agents_have_a_password(ada, inbox):
    from careline.accounts.actor import Actor

    with pytest.raises(NotAllowed):
        actions.change_password(actor=Actor.customer(ada.pk, inbox.pk), current=PASSWORD, password=PHRASE)
