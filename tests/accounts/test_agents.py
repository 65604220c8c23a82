"""What agents may do, what they like, and how they leave."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction

from careline.accounts import actions, queries
from careline.accounts.actor import SYSTEM
from careline.accounts.models import Agent, AuditEntry, Token
from careline.channels.access import actor_of_session, actor_of_token
from careline.kit.refusals import Conflicting, NotAllowed, NotVisible, Refused
from tests.accounts.together import together
from tests.cast import PASSWORD


@pytest.fixture
def admin(hire):
    return hire("Ana Prieto", role="admin").as_actor()


def test_a_role_is_changed_and_the_trail_says_from_what_to_what(boss, bo, role_ids):
    actions.change_role(bo.agent_id, actor=boss, role_id=role_ids["lead"])
    assert queries.agent(boss, bo.agent_id).role.name == "lead"
    entry = AuditEntry.objects.get(verb="agent.role-changed")
    assert entry.facts == {"was": role_ids["agent"], "role_id": role_ids["lead"]}
    actions.change_role(bo.agent_id, actor=boss, role_id=role_ids["lead"])
    assert AuditEntry.objects.filter(verb="agent.role-changed").count() == 1


def test_the_last_owner_stays_owner_and_active(boss, bo, hire, role_ids):
    for verb in (
        lambda: actions.change_role(boss.agent_id, actor=boss, role_id=role_ids["admin"]),
        lambda: actions.deactivate(boss.agent_id, actor=boss),
    ):
        with pytest.raises(Conflicting, match="last owner"):
            verb()
    second = hire("Ines Duarte", role="owner")
    actions.change_role(boss.agent_id, actor=boss, role_id=role_ids["admin"])
    with pytest.raises(Conflicting, match="last owner"):
        actions.deactivate(second.pk, actor=SYSTEM)


def test_an_owner_who_left_does_not_count_as_one(boss, hire, role_ids):
    second = hire("Ines Duarte", role="owner")
    actions.deactivate(second.pk, actor=boss)
    with pytest.raises(Conflicting, match="last owner"):
        actions.deactivate(boss.agent_id, actor=boss)


def test_two_owners_who_remove_each_other_at_the_same_moment_leave_one(transactional_db, boss, hire):
    second = hire("Ines Duarte", role="owner").as_actor()
    answers = together(
        lambda: actions.deactivate(second.agent_id, actor=boss),
        lambda: actions.deactivate(boss.agent_id, actor=second),
    )
    assert {type(answer) for answer in answers} == {Agent, Conflicting}
    assert Agent.objects.owners().count() == 1


def test_nobody_acts_on_someone_who_may_more(boss, admin, hire, role_ids):
    hire("Ines Duarte", role="owner")
    for verb in (
        lambda: actions.change_role(boss.agent_id, actor=admin, role_id=role_ids["agent"]),
        lambda: actions.change_role(admin.agent_id, actor=admin, role_id=role_ids["owner"]),
        lambda: actions.deactivate(boss.agent_id, actor=admin),
        lambda: actions.update_profile(boss.agent_id, actor=admin, name="Somebody Else"),
    ):
        with pytest.raises(NotAllowed, match="do not have yourself"):
            verb()
    assert queries.agent(boss, boss.agent_id).name == "Rosa Varga"


def test_who_is_deactivated_is_out_by_every_door(boss, bo):
    session = actions.sign_in("bo@harbor.example", PASSWORD, address="127.0.0.1").key
    _token, secret = actions.create_token(bo.agent_id, actor=boss, name="Nightly export")
    assert actor_of_session(session)
    assert actor_of_token(secret)
    actions.deactivate(bo.agent_id, actor=boss)
    actions.deactivate(bo.agent_id, actor=boss)
    assert AuditEntry.objects.get(verb="agent.deactivated").facts == {"sessions": 1, "tokens": 1}
    with pytest.raises(actions.WrongSignIn):
        actions.sign_in("bo@harbor.example", PASSWORD, address="127.0.0.1")

    actions.reactivate(bo.agent_id, actor=boss)
    assert actor_of_session(session) is None
    assert actor_of_token(secret) is None
    assert not Token.objects.filter(revoked_at=None).exists()
    assert actions.sign_in("bo@harbor.example", PASSWORD, address="127.0.0.1").agent_id == bo.agent_id


def test_ones_own_likings_are_ones_own(bo, dee, boss):
    agent = actions.update_profile(
        bo.agent_id, actor=bo, language="ar", zone="Asia/Jakarta", theme="dark", density="compact", name="Bo L."
    )
    assert (agent.language, agent.zone, agent.theme, agent.density) == ("ar", "Asia/Jakarta", "dark", "compact")
    assert AuditEntry.objects.get(verb="agent.updated").facts == {
        "fields": ["density", "language", "name", "theme", "zone"]
    }
    actions.update_profile(bo.agent_id, actor=bo, theme="dark")
    assert AuditEntry.objects.filter(verb="agent.updated").count() == 1
    with pytest.raises(NotAllowed):
        actions.update_profile(bo.agent_id, actor=dee, theme="light")
    assert actions.update_profile(bo.agent_id, actor=boss, name="Bo Lindgren").name == "Bo Lindgren"


@pytest.mark.parametrize(
    "wrong",
    [
        {"language": "tlh"},
        {"zone": "Mars/Olympus"},
        {"theme": "pink"},
        {"density": "airy"},
        {"name": "  "},
        {"name": "\0"},
    ],
)
def test_likings_that_cannot_be_are_refused_with_a_word(bo, wrong):
    with pytest.raises(Refused) as refused:
        actions.update_profile(bo.agent_id, actor=bo, **wrong)
    assert [refused.value.field] == list(wrong)


@pytest.mark.parametrize("wrong", [{"theme": "pink"}, {"density": "airy"}])
def test_the_database_refuses_them_too(bo, wrong):
    with pytest.raises(IntegrityError), transaction.atomic():
        Agent.objects.filter(pk=bo.agent_id).update(**wrong)


def test_the_database_knows_an_address_in_any_case(bo, dee):
    with pytest.raises(IntegrityError), transaction.atomic():
        Agent.objects.filter(pk=dee.agent_id).update(email="BO@harbor.example")


def test_whoever_runs_the_installation_adds_people_without_mail(organization, role_ids, letters):
    team = actions.create_team("Returns", actor=SYSTEM)
    agent = actions.add_agent(
        "Noor@harbor.example",
        actor=SYSTEM,
        name="Noor Haddad",
        role_id=role_ids["agent"],
        password=PASSWORD,
        team_ids=[team.pk],
    )
    assert agent.email == "noor@harbor.example"
    assert [found.name for found in queries.agents(SYSTEM)] == ["Noor Haddad"]
    assert [member.pk for member in queries.team(SYSTEM, team.pk).agents.all()] == [agent.pk]
    assert letters == []
    with pytest.raises(Conflicting):
        actions.add_agent(
            "noor@harbor.example", actor=SYSTEM, name="Noor", role_id=role_ids["agent"], password=PASSWORD
        )


def test_colleagues_are_seen_and_those_who_left_by_who_manages_agents(boss, bo, dee, ada, inbox):
    from careline.accounts.actor import Actor

    actions.deactivate(dee.agent_id, actor=boss)
    assert [agent.name for agent in queries.agents(bo)] == ["Bo Lindgren", "Rosa Varga"]
    assert [agent.name for agent in queries.agents(boss)] == ["Bo Lindgren", "Dee Marsh", "Rosa Varga"]
    with pytest.raises(NotVisible):
        queries.agent(bo, dee.agent_id)
    customer = Actor.customer(ada.pk, inbox.pk)
    assert not queries.agents(customer).exists()
    assert not queries.teams(customer).exists()
    assert not queries.roles(customer).exists()
    assert queries.agent_by_email(boss, "Bo@harbor.example") == queries.agent(boss, bo.agent_id)
