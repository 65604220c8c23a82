"""What holds for every verb of the room: who may not is refused; who may leaves one line that names nobody."""

from __future__ import annotations

import inspect
import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import msgspec
import pytest

from careline.accounts import actions, company, personal, queries
from careline.accounts.actor import Actor
from careline.accounts.models import Agent, AuditEntry, Provider, Role
from careline.accounts.permissions import PERMISSIONS, ROLES
from careline.kit.refusals import NotAllowed, NotVisible
from tests.cast import PASSWORD

# How one becomes somebody: there is no actor yet, and what is given is the proof.
WITHOUT_ACTOR = {
    "set_up", "sign_in", "accept_invitation", "request_reset", "reset_password", "answer_code", "ask_passkey",
    "sign_in_with_passkey", "begin_company", "sign_in_with_company", "secured",
}  # fmt: skip
# Notes of use, too many for a trail; what opens nothing until it is confirmed; and what only the console may.
WITHOUT_TRAIL = {"mark_token_used", "begin_codes", "begin_passkey", "recover_owner"}
# One's own ways in, which have to be there before they can be changed: test_ways and test_passkeys see their lines.
OWN_WAYS = {"confirm_codes", "renew_recovery_codes", "forget_codes", "add_passkey", "forget_passkey"}


@dataclass
class Scene:
    """What the verbs below are done to."""

    boss: Actor
    bo: Actor
    dee: Actor
    team_id: int
    role_id: int
    agent_role_id: int
    token_id: int
    invitation_id: int
    left_id: int
    key: str
    session_id: str
    provider_id: int


@dataclass
class Verb:
    permission: str | None  # None: one's own only
    verb: str
    call: Callable[[Scene, Actor], Any]


VERBS = {
    "update_organization": Verb(
        "organization.manage",
        "organization.updated",
        lambda s, a: actions.update_organization(actor=a, zone="Asia/Tokyo"),
    ),
    "invite": Verb(
        "agents.manage",
        "invitation.made",
        lambda s, a: actions.invite("new@harbor.example", actor=a, role_id=s.agent_role_id, name="New Person"),
    ),
    "resend_invitation": Verb(
        "agents.manage", "invitation.resent", lambda s, a: actions.resend_invitation(s.invitation_id, actor=a)
    ),
    "revoke_invitation": Verb(
        "agents.manage", "invitation.revoked", lambda s, a: actions.revoke_invitation(s.invitation_id, actor=a)
    ),
    "add_agent": Verb(
        "agents.manage",
        "agent.added",
        lambda s, a: actions.add_agent(
            "new@harbor.example", actor=a, name="New Person", role_id=s.agent_role_id, password=PASSWORD
        ),
    ),
    "change_role": Verb(
        "agents.manage",
        "agent.role-changed",
        lambda s, a: actions.change_role(s.bo.agent_id, actor=a, role_id=s.role_id),
    ),
    "deactivate": Verb("agents.manage", "agent.deactivated", lambda s, a: actions.deactivate(s.bo.agent_id, actor=a)),
    "reactivate": Verb("agents.manage", "agent.reactivated", lambda s, a: actions.reactivate(s.left_id, actor=a)),
    "update_profile": Verb(
        "agents.manage", "agent.updated", lambda s, a: actions.update_profile(s.bo.agent_id, actor=a, name="New Person")
    ),
    "sign_out_everywhere": Verb(
        "agents.manage", "agent.signed-out-everywhere", lambda s, a: actions.sign_out_everywhere(s.bo.agent_id, actor=a)
    ),
    "end_session": Verb("agents.manage", "agent.signed-out", lambda s, a: actions.end_session(s.session_id, actor=a)),
    "sign_out": Verb(None, "agent.signed-out", lambda s, a: actions.sign_out(s.key, actor=a)),
    "change_password": Verb(
        None,
        "password.changed",
        lambda s, a: actions.change_password(actor=a, current=PASSWORD, password="another long phrase"),
    ),
    "create_team": Verb("teams.manage", "team.created", lambda s, a: actions.create_team("New Person", actor=a)),
    "rename_team": Verb(
        "teams.manage", "team.renamed", lambda s, a: actions.rename_team(s.team_id, actor=a, name="Else")
    ),
    "set_team_members": Verb(
        "teams.manage",
        "team.members-changed",
        lambda s, a: actions.set_team_members(s.team_id, actor=a, agent_ids=[s.bo.agent_id]),
    ),
    "delete_team": Verb("teams.manage", "team.deleted", lambda s, a: actions.delete_team(s.team_id, actor=a)),
    "create_role": Verb(
        "roles.manage", "role.created", lambda s, a: actions.create_role("Night", actor=a, permissions=["reports.view"])
    ),
    "update_role": Verb(
        "roles.manage", "role.updated", lambda s, a: actions.update_role(s.role_id, actor=a, name="New Person")
    ),
    "delete_role": Verb("roles.manage", "role.deleted", lambda s, a: actions.delete_role(s.role_id, actor=a)),
    "confine_role": Verb(
        "roles.manage",
        "role.confined",
        lambda s, a: actions.confine_role(s.role_id, actor=a, networks=["192.0.2.0/24"]),
    ),
    "keep_policy": Verb(
        "organization.manage",
        "organization.sign-in-changed",
        lambda s, a: actions.keep_policy(actor=a, session_minutes=60),
    ),
    "forget_ways": Verb(
        "agents.manage", "agent.ways-forgotten", lambda s, a: actions.forget_ways(s.bo.agent_id, actor=a)
    ),
    "keep_provider": Verb(
        "roles.manage",
        "provider.kept",
        lambda s, a: actions.keep_provider(
            actions.Given(name="New Person", issuer="https://id.example", client_id="careline", secret="s"), actor=a
        ),
    ),
    "drop_provider": Verb(
        "roles.manage", "provider.dropped", lambda s, a: actions.drop_provider(s.provider_id, actor=a)
    ),
    "create_token": Verb(
        "tokens.manage", "token.created", lambda s, a: actions.create_token(s.bo.agent_id, actor=a, name="New Person")
    ),
    "revoke_token": Verb("tokens.manage", "token.revoked", lambda s, a: actions.revoke_token(s.token_id, actor=a)),
}


@pytest.fixture
def scene(boss, bo, dee, hire, role_ids, letters, monkeypatch) -> Scene:
    monkeypatch.setattr(company, "places", lambda issuer, **_more: None)
    left = hire("Lou Ferrer", role="agent")
    actions.deactivate(left.pk, actor=boss)
    key = actions.sign_in("bo@harbor.example", PASSWORD, address="127.0.0.1").key
    return Scene(
        boss=boss,
        bo=bo,
        dee=dee,
        team_id=actions.create_team("Returns", actor=boss).pk,
        role_id=actions.create_role("Night shift", actor=boss, permissions=["conversations.view"]).pk,
        agent_role_id=role_ids["agent"],
        token_id=actions.create_token(bo.agent_id, actor=boss, name="Nightly export")[0].pk,
        invitation_id=actions.invite("noor@harbor.example", actor=boss, role_id=role_ids["agent"]).id,
        left_id=left.pk,
        key=key,
        session_id=queries.sessions_of(bo, bo.agent_id)[0].id,
        provider_id=Provider.objects.create(name="Works", issuer="https://x.example", client_id="c", secret=b"").pk,
    )


def public_actions() -> list[str]:
    return [name for name in actions.__all__ if inspect.isfunction(getattr(actions, name))]


def test_every_action_is_held_to_these_laws():
    assert set(public_actions()) == set(VERBS) | WITHOUT_ACTOR | WITHOUT_TRAIL | OWN_WAYS


@pytest.mark.parametrize("name", VERBS)
def test_every_action_takes_its_actor_by_name(name):
    actor = inspect.signature(getattr(actions, name)).parameters["actor"]
    assert actor.kind is inspect.Parameter.KEYWORD_ONLY
    assert actor.default is inspect.Parameter.empty


@pytest.mark.parametrize("name", [name for name, verb in VERBS.items() if verb.permission])
def test_whoever_lacks_the_permission_is_refused_and_nothing_happens(scene, name):
    verb = VERBS[name]
    # Dee with every permission but this one, a customer, and a rule of the house without any.
    almost = msgspec.structs.replace(scene.dee, permissions=frozenset(PERMISSIONS) - {verb.permission})
    customer = Actor.customer(7, 1)
    rule = Actor(kind="rule", id=1, name="A rule")
    before = AuditEntry.objects.count()
    for actor in (almost, customer, rule):
        with pytest.raises((NotAllowed, NotVisible)):
            verb.call(scene, actor)
    assert AuditEntry.objects.count() == before
    unchanged = Agent.objects.get(pk=scene.bo.agent_id)
    assert (unchanged.is_active, unchanged.name, unchanged.role_id) == (True, "Bo Lindgren", scene.agent_role_id)


@pytest.mark.parametrize("name", VERBS)
def test_every_action_leaves_one_line_of_ids(scene, name):
    verb = VERBS[name]
    before = set(AuditEntry.objects.values_list("pk", flat=True))
    actor = scene.boss if verb.permission else scene.bo
    verb.call(scene, actor)
    [entry] = AuditEntry.objects.exclude(pk__in=before)
    assert (entry.verb, entry.actor_kind, entry.actor_id) == (verb.verb, "agent", actor.id)
    assert re.fullmatch(r"[a-z]+:\d+", entry.subject)
    assert_only_ids(entry.facts)


@pytest.mark.parametrize("name", [name for name, verb in VERBS.items() if verb.permission])
def test_one_permission_is_enough_where_nobody_stronger_is_touched(scene, name):
    verb = VERBS[name]
    needed = {verb.permission} | ROLES["agent"] | {"reports.view"}
    verb.call(scene, msgspec.structs.replace(scene.dee, permissions=frozenset(needed)))


def assert_only_ids(facts: dict[str, Any]) -> None:
    for value in facts.values():
        for item in value if isinstance(value, list) else [value]:
            assert item is None or isinstance(item, int) or re.fullmatch(r"[a-z_.]+", item)
    assert not re.search(r"@|New Person|cl_|\$", json.dumps(facts))


def test_every_action_without_actor_leaves_its_line_too(boss, role_ids, letters, link_key):
    agent = actions.accept_invitation(
        link_key(actions.invite("noor@harbor.example", actor=boss, role_id=role_ids["agent"]).link),
        name="New Person",
        password=PASSWORD,
    )
    actions.sign_in("noor@harbor.example", PASSWORD, address="127.0.0.1")
    lines = AuditEntry.objects.filter(actor_id=agent.pk).order_by("id")
    assert [line.verb for line in lines] == ["agent.joined", "agent.signed-in"]
    for line in lines:
        assert_only_ids(line.facts)


def test_ones_own_ways_in_are_ones_own(scene):
    for look in (queries.sessions_of, queries.tokens_of):
        assert len(look(scene.bo, scene.bo.agent_id)) == 1
        assert len(look(scene.boss, scene.bo.agent_id)) == 1
        with pytest.raises(NotAllowed):
            look(scene.dee, scene.bo.agent_id)
    for look in (queries.invitations, queries.tokens, queries.audit_trail):
        with pytest.raises(NotAllowed):
            look(scene.bo)


def test_every_model_of_the_room_is_in_the_register_of_personal_data():
    from django.apps import apps

    from careline.kit import personal as register

    assert personal.register  # entered by the room's AppConfig
    models = {f"accounts.{model.__name__}" for model in apps.get_app_config("accounts").get_models()}
    assert models <= set(register.exempted()) | register.registered()


@pytest.mark.django_db
def test_owners_hold_every_permission_there_is():
    assert set(Role.objects.get(name="owner").permissions) == set(PERMISSIONS)
