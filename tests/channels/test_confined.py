"""Where a role ends: inboxes, teams, and what of it a token has."""

from __future__ import annotations

from datetime import timedelta

import pytest

from careline.accounts import actions, queries
from careline.accounts.models import Agent, Role, Team
from careline.channels import access, confining
from careline.channels import queries as channels
from careline.channels.models import Membership
from careline.kit.refusals import Conflicting, NotAllowed, NotVisible, Refused
from careline.service.conversations import actions as talks
from careline.service.conversations import queries as conversations


@pytest.fixture
def role_of(db):
    return lambda name: Role.objects.get(name=name).pk


def drawn(actor):
    return access.actor_of_agent(actor.agent_id)


def test_a_role_of_some_inboxes_sees_no_other(elsewhere, inbox, conversation, cy, bo, boss, role_of):
    confining.confine(role_of("lead"), actor=boss, inbox_ids=[elsewhere.pk])
    confined = drawn(cy)
    # To see every inbox means every inbox there; whoever asks for the permission hears that it is not there.
    assert (confined.inbox_ids, confined.may("inboxes.view_all")) == ((elsewhere.pk,), False)
    assert [one.pk for one in channels.visible_to(confined)] == [elsewhere.pk]
    with pytest.raises(NotVisible):
        talks.resolve(conversation.pk, actor=confined)
    with pytest.raises(Refused, match="does not work"):
        talks.assign(conversation.pk, actor=bo, agent_id=cy.agent_id)
    assert cy.agent_id not in [hand.id for hand in conversations.hands(bo, conversation.pk) if hand.is_agent]
    Membership.objects.create(agent_id=bo.agent_id, inbox=elsewhere)
    confining.confine(role_of("agent"), actor=boss, inbox_ids=[elsewhere.pk])
    assert drawn(bo).inbox_ids == (elsewhere.pk,)


def test_a_role_of_some_teams_reaches_their_people_alone(inbox, conversation, bo, cy, dee, hire, boss, role_of):
    ours, theirs = (
        actions.create_team(name, actor=boss, agent_ids=people)
        for name, people in (("Ours", [bo.agent_id, cy.agent_id]), ("Theirs", [dee.agent_id]))
    )
    Membership.objects.create(agent_id=dee.agent_id, inbox=inbox)
    confining.confine(role_of("lead"), actor=boss, team_ids=[ours.pk])
    confined = drawn(cy)
    assert conversations.hands(confined, conversation.pk) == []
    talks.assign(conversation.pk, actor=boss, team_id=ours.pk)
    assert [team.name for team in queries.teams(confined)] == ["Ours"]
    assert {agent.pk for agent in queries.agents(confined)} == {bo.agent_id, cy.agent_id}
    assert {(hand.is_agent, hand.id) for hand in conversations.hands(confined, conversation.pk)} == {
        (True, bo.agent_id), (True, cy.agent_id), (False, ours.pk),
    }  # fmt: skip
    for whom in ({"agent_id": dee.agent_id}, {"team_id": theirs.pk}):
        with pytest.raises(NotAllowed, match="ends at its teams"):
            talks.assign(conversation.pk, actor=confined, **whom)
    talks.assign(conversation.pk, actor=confined, agent_id=bo.agent_id, team_id=ours.pk)
    for refused in (
        lambda: actions.rename_team(theirs.pk, actor=confined, name="Mine"),
        lambda: actions.set_team_members(ours.pk, actor=confined, agent_ids=[bo.agent_id, dee.agent_id]),
        lambda: actions.create_team("Third", actor=confined),
    ):
        with pytest.raises((NotVisible, NotAllowed)):
            refused()
    Role.objects.filter(name="lead").update(permissions=[*confined.permissions, "agents.manage"])
    managing = drawn(cy)
    with pytest.raises(NotVisible):
        actions.deactivate(dee.agent_id, actor=managing)
    for team_id in (None, theirs.pk):
        with pytest.raises((NotVisible, NotAllowed)):
            actions.invite("new@harbor.example", actor=managing, role_id=role_of("agent"), team_id=team_id)
    assert actions.invite("new@harbor.example", actor=managing, role_id=role_of("agent"), team_id=ours.pk).id


def test_a_role_that_writes_roles_ends_nowhere(boss, role_of, inbox):
    with pytest.raises(Conflicting, match="write itself another"):
        confining.confine(role_of("owner"), actor=boss, inbox_ids=[inbox.pk])
    confining.confine(role_of("lead"), actor=boss, inbox_ids=[inbox.pk])
    with pytest.raises(Conflicting, match="write itself another"):
        actions.update_role(role_of("lead"), actor=boss, permissions=["roles.manage"])


@pytest.mark.parametrize("wrong", [{"inbox_ids": [10**9]}, {"team_ids": [10**9]}])
def test_what_is_not_there_confines_nothing(boss, role_of, wrong):
    with pytest.raises(NotVisible):
        confining.confine(role_of("lead"), actor=boss, **wrong)
    assert Role.objects.filter(only_inboxes=None, only_teams=None).count() == 5
    assert Team.objects.count() == 0


def test_a_token_has_a_part_and_an_end(cy, boss, inbox, elsewhere, nine, time_machine):
    time_machine.move_to(nine)
    _token, secret = actions.create_token(
        cy.agent_id, actor=boss, name="Nightly", days=7, permissions=["conversations.view", "customers.erase"]
    )
    part = access.actor_of_token(secret)
    # What its agent may not do, it may not either; and who sees no inbox but by that permission sees none.
    assert (part.permissions, part.inbox_ids) == ({"conversations.view"}, ())
    time_machine.shift(timedelta(days=7, minutes=1))
    assert access.actor_of_token(secret) is None


def test_the_house_says_how_long_tokens_live(cy, boss):
    actions.keep_policy(actor=boss, session_minutes=600, token_days=30)
    with pytest.raises(Refused, match="30 days at most"):
        actions.create_token(cy.agent_id, actor=boss, name="Nightly", days=31)
    token, _secret = actions.create_token(cy.agent_id, actor=boss, name="Nightly")
    assert (token.expires_at - token.created_at).days in (29, 30)


def test_a_role_of_a_network_binds_its_tokens(bo, boss, role_of):
    _token, secret = actions.create_token(bo.agent_id, actor=boss, name="Nightly")
    actions.confine_role(role_of("agent"), actor=boss, networks=["198.51.100.0/24"])
    assert access.actor_of_token(secret, "127.0.0.1") is None
    assert access.actor_of_token(secret, "198.51.100.7") is not None
    assert Agent.objects.get(pk=bo.agent_id).is_active
