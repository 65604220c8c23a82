"""Who is acting, and the roles every installation begins with."""

from __future__ import annotations

import pytest

from careline.accounts.actor import SYSTEM, Actor
from careline.accounts.models import Role
from careline.accounts.permissions import PERMISSIONS, ROLES
from careline.kit.refusals import NotAllowed


@pytest.mark.django_db
def test_the_roles_in_the_database_are_those_of_the_code():
    there = {role.name: frozenset(role.permissions) for role in Role.objects.filter(builtin=True)}
    assert there == ROLES


def test_every_role_is_made_of_known_permissions():
    for permissions in ROLES.values():
        assert permissions <= set(PERMISSIONS)


def test_roles_stand_in_one_order_of_power():
    assert ROLES["agent"] < ROLES["lead"] < ROLES["admin"] < ROLES["owner"] == frozenset(PERMISSIONS)
    assert not any(
        name.endswith((".reply", ".note", ".edit", ".manage", ".erase", ".export")) for name in ROLES["analyst"]
    )


def test_a_refusal_says_what_the_role_lacks():
    actor = Actor(kind="agent", id=1, name="Bo", agent_id=1, permissions=frozenset({"conversations.view"}))
    assert actor.may("conversations.view")
    actor.must("conversations.view")
    with pytest.raises(NotAllowed, match="invite, change and deactivate agents"):
        actor.must("agents.manage")


def test_a_permission_that_does_not_exist_is_a_mistake_and_no_refusal():
    with pytest.raises(KeyError):
        Actor(kind="agent", id=1, name="Bo").must("agents.mangae")


def test_the_system_may_everything_and_a_customer_nothing():
    assert SYSTEM.permissions == frozenset(PERMISSIONS)
    customer = Actor.customer(7, 3)
    assert not any(customer.may(permission) for permission in PERMISSIONS)
    assert (customer.kind, customer.id, customer.agent_id, customer.inbox_ids) == ("customer", 7, None, (3,))


@pytest.mark.django_db
def test_an_agent_acts_with_what_the_role_allows(hire):
    actor = hire("Bo Lindgren", role="agent").as_actor((5, 6))
    assert actor.permissions == ROLES["agent"]
    assert (actor.kind, actor.id, actor.inbox_ids) == ("agent", actor.agent_id, (5, 6))
