"""Teams, and roles an organization makes for itself."""

from __future__ import annotations

import pytest

from careline.accounts import actions, queries
from careline.accounts.models import AuditEntry, Role
from careline.kit.refusals import Conflicting, NotAllowed, NotVisible, Refused


def test_a_team_is_made_renamed_filled_and_deleted(boss, bo, dee):
    team = actions.create_team("Returns", actor=boss, agent_ids=[bo.agent_id])
    actions.rename_team(team.pk, actor=boss, name="Returns & refunds")
    actions.set_team_members(team.pk, actor=boss, agent_ids=[dee.agent_id, bo.agent_id])
    actions.set_team_members(team.pk, actor=boss, agent_ids=[dee.agent_id])
    [found] = queries.teams(bo)
    assert found.name == queries.team_name(team.pk) == "Returns & refunds"
    assert [agent.pk for agent in found.agents.all()] == [dee.agent_id]
    assert AuditEntry.objects.filter(verb="team.members-changed").latest("id").facts == {
        "was": sorted([bo.agent_id, dee.agent_id]),
        "agent_ids": [dee.agent_id],
    }
    actions.delete_team(team.pk, actor=boss)
    with pytest.raises(NotVisible):
        queries.team(bo, team.pk)
    assert queries.team_name(team.pk) is None


def test_team_names_are_one_of_a_kind_and_not_empty(boss, bo):
    actions.create_team("Returns", actor=boss)
    other = actions.create_team("Orders", actor=boss)
    with pytest.raises(Conflicting):
        actions.create_team("Returns", actor=boss)
    with pytest.raises(Conflicting):
        actions.rename_team(other.pk, actor=boss, name="Returns")
    for name in ("", "  ", "nul\0", "x" * 121):
        with pytest.raises(Refused):
            actions.create_team(name, actor=boss)
    with pytest.raises(NotVisible):
        actions.create_team("Nobody", actor=boss, agent_ids=[10**9])
    with pytest.raises(NotVisible):
        actions.set_team_members(other.pk, actor=boss, agent_ids=[bo.agent_id, 10**9])


def test_a_role_of_ones_own(boss, bo):
    role = actions.create_role("Night shift", actor=boss, permissions=["conversations.view", "conversations.note"])
    actions.change_role(bo.agent_id, actor=boss, role_id=role.pk)
    assert queries.role(boss, role.pk).people == 1
    assert queries.role_named(boss, "Night shift").permissions == ["conversations.note", "conversations.view"]
    actions.update_role(role.pk, actor=boss, name="Late shift", permissions=["conversations.view"])
    assert AuditEntry.objects.get(verb="role.updated").facts == {
        "renamed": True,
        "added": [],
        "removed": ["conversations.note"],
    }
    assert queries.agent(boss, bo.agent_id).as_actor().permissions == {"conversations.view"}
    with pytest.raises(Conflicting, match="still has this role"):
        actions.delete_role(role.pk, actor=boss)


def test_a_role_goes_when_nobody_has_it_any_more(boss, role_ids, letters, link_key):
    role = actions.create_role("Night shift", actor=boss, permissions=["conversations.view"])
    invited = actions.invite("noor@harbor.example", actor=boss, role_id=role.pk)
    with pytest.raises(Conflicting, match="still has this role"):
        actions.delete_role(role.pk, actor=boss)
    agent = actions.accept_invitation(link_key(invited.link), name="Noor", password="a long enough phrase")
    actions.change_role(agent.pk, actor=boss, role_id=role_ids["agent"])
    actions.delete_role(role.pk, actor=boss)
    assert not Role.objects.filter(pk=role.pk).exists()


def test_what_came_with_careline_stays(boss, role_ids):
    for name, role_id in role_ids.items():
        with pytest.raises(Conflicting):
            actions.delete_role(role_id, actor=boss)
        with pytest.raises(Conflicting):
            actions.update_role(role_id, actor=boss, name=f"{name} 2")
    with pytest.raises(Conflicting, match="Owners may do everything"):
        actions.update_role(role_ids["owner"], actor=boss, permissions=["conversations.view"])
    narrowed = actions.update_role(role_ids["analyst"], actor=boss, permissions=["reports.view"])
    assert narrowed.permissions == ["reports.view"]


def test_nobody_gives_a_permission_they_lack(boss, bo, role_ids):
    keeper = actions.create_role("Keeper", actor=boss, permissions=["roles.manage", "conversations.view"])
    actions.change_role(bo.agent_id, actor=boss, role_id=keeper.pk)
    keeper_actor = queries.agent(boss, bo.agent_id).as_actor()
    with pytest.raises(NotAllowed, match="export what is stored"):
        actions.create_role("Mine", actor=keeper_actor, permissions=["customers.export"])
    with pytest.raises(NotAllowed):
        actions.update_role(keeper.pk, actor=keeper_actor, permissions=[*keeper.permissions, "agents.manage"])
    # Making a role smaller takes nothing one does not have.
    smaller = actions.update_role(role_ids["lead"], actor=keeper_actor, permissions=["conversations.view"])
    assert smaller.permissions == ["conversations.view"]


def test_role_names_and_permissions_must_make_sense(boss):
    with pytest.raises(Refused, match=r"no permission conversations\.fly"):
        actions.create_role("Pilot", actor=boss, permissions=["conversations.fly"])
    with pytest.raises(Conflicting):
        actions.create_role("lead", actor=boss, permissions=[])
    with pytest.raises(Refused):
        actions.create_role(" ", actor=boss, permissions=[])
