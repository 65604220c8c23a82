"""Programs that act as an agent."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine

from careline.accounts import actions, queries
from careline.accounts.actor import SYSTEM
from careline.accounts.models import AuditEntry, Token
from careline.channels.access import actor_of_token
from careline.kit import signing
from careline.kit.refusals import Conflicting, NotAllowed, NotVisible, Refused


def test_a_token_acts_with_what_the_agent_may(boss, bo):
    token, secret = actions.create_token(bo.agent_id, actor=boss, name="Nightly export")
    actor = actor_of_token(secret)
    assert actor is not None
    assert (actor.kind, actor.id, actor.agent_id) == ("token", token.pk, bo.agent_id)
    assert (actor.permissions, actor.inbox_ids) == (bo.permissions, bo.inbox_ids)


def test_the_secret_is_shown_once_and_stored_nowhere(boss, bo):
    _token, secret = actions.create_token(bo.agent_id, actor=boss, name="Nightly export")
    assert secret.startswith("cl_")
    assert len(secret) == 46
    row = Token.objects.values().get()
    assert row["digest"] == signing.digest(secret)
    assert all(secret not in str(value) for value in row.values())
    assert secret.startswith(row["prefix"])
    assert actions.create_token(bo.agent_id, actor=boss, name="Another")[1] != secret


def test_only_the_system_brings_a_secret_of_its_own(boss, bo):
    with pytest.raises(NotAllowed):
        actions.create_token(bo.agent_id, actor=boss, name="Mine", secret="cl_chosen")
    _token, secret = actions.create_token(bo.agent_id, actor=SYSTEM, name="Demo", secret="cl_derived-from-the-key")
    assert secret == "cl_derived-from-the-key"
    assert actor_of_token(secret) is not None


def test_a_token_of_someone_stronger_is_no_way_up(hire, boss):
    admin = hire("Ana Prieto", role="admin").as_actor()
    with pytest.raises(NotAllowed, match="do not have yourself"):
        actions.create_token(boss.agent_id, actor=admin, name="Up")
    actions.create_token(admin.agent_id, actor=admin, name="Own")


def test_a_revoked_token_opens_nothing(boss, bo, dee):
    token, secret = actions.create_token(bo.agent_id, actor=boss, name="Nightly export")
    with pytest.raises(NotVisible):
        actions.revoke_token(token.pk, actor=dee)
    actions.revoke_token(token.pk, actor=bo)
    assert actor_of_token(secret) is None
    actions.revoke_token(token.pk, actor=boss)
    assert AuditEntry.objects.filter(verb="token.revoked").count() == 1


def test_lists_show_ones_own_and_to_who_manages_them_everybodys(boss, bo, dee):
    first, _ = actions.create_token(bo.agent_id, actor=boss, name="First")
    second, _ = actions.create_token(dee.agent_id, actor=boss, name="Second")
    actions.revoke_token(first.pk, actor=boss)
    assert list(queries.tokens_of(bo, bo.agent_id)) == [first]
    assert list(queries.tokens(boss)) == [second]
    with pytest.raises(NotAllowed):
        queries.tokens_of(bo, dee.agent_id)
    with pytest.raises(NotAllowed):
        queries.tokens(bo)


def test_what_cannot_have_a_token_is_refused(boss, dee):
    with pytest.raises(NotVisible):
        actions.create_token(10**9, actor=boss, name="Nobody")
    with pytest.raises(Refused):
        actions.create_token(dee.agent_id, actor=boss, name=" ")
    actions.deactivate(dee.agent_id, actor=boss)
    with pytest.raises(Conflicting):
        actions.create_token(dee.agent_id, actor=boss, name="Late")


def test_use_is_written_down_once_a_minute(boss, bo, nine):
    token, _ = actions.create_token(bo.agent_id, actor=boss, name="Nightly export")

    def seen_after(seconds):
        with time_machine.travel(nine + timedelta(seconds=seconds), tick=False):
            actions.mark_token_used(token.pk)
        token.refresh_from_db()
        return (token.last_used_at - nine).total_seconds()

    assert [seen_after(seconds) for seconds in (0, 30, 59, 60, 61)] == [0, 0, 0, 60, 60]
