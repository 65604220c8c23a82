"""The first run."""

from __future__ import annotations

import pytest

from careline.accounts import actions, queries
from careline.accounts.models import Agent, AuditEntry, Organization
from careline.kit.refusals import Conflicting, NotVisible, Refused
from tests.accounts.together import together

FIRST = {
    "organization_name": "Harbor Goods",
    "name": "Rosa Varga",
    "email": "Rosa@Harbor.example",
    "password": "a long enough phrase",
    "zone": "Europe/Lisbon",
    "currency": "EUR",
    "country": "PT",
}


@pytest.mark.django_db
def test_the_first_run_makes_the_organization_and_its_owner():
    assert not queries.is_set_up()
    with pytest.raises(NotVisible):
        queries.organization()
    owner = actions.set_up(**FIRST)
    assert queries.is_set_up()
    assert (owner.email, owner.role.name, owner.zone) == ("rosa@harbor.example", "owner", "Europe/Lisbon")
    assert owner.check_password(FIRST["password"])
    assert (queries.organization().name, queries.organization().currency) == ("Harbor Goods", "EUR")
    [entry] = AuditEntry.objects.all()
    assert (entry.verb, entry.actor_kind, entry.actor_id) == ("organization.set-up", "agent", owner.pk)


@pytest.mark.django_db
def test_it_runs_once():
    actions.set_up(**FIRST)
    with pytest.raises(Conflicting, match="already set up"):
        actions.set_up(**FIRST | {"email": "mallory@elsewhere.example"})
    assert Agent.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_of_two_at_the_same_moment_one_is_refused():
    first, second = together(
        lambda: actions.set_up(**FIRST), lambda: actions.set_up(**FIRST | {"email": "mallory@elsewhere.example"})
    )
    assert {type(first), type(second)} == {Agent, Conflicting}
    assert Agent.objects.count() == Organization.objects.count() == 1


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("organization_name", " "),
        ("organization_name", "nul\0nul"),
        ("name", ""),
        ("email", "not an address"),
        ("password", "short"),
        ("password", "qwertyuiop"),
        ("password", "half of a \ud800 character"),
        ("password", "p" * 1001),
        ("zone", "Mars/Olympus"),
        ("zone", "../../etc/passwd"),
        ("zone", ""),
        ("zone", "nul\0"),
        ("currency", "EURO"),
        ("country", "XX"),
        ("language", "tlh"),
    ],
)
def test_what_cannot_be_is_refused_with_a_word_and_leaves_nothing(field, value):
    with pytest.raises(Refused) as refused:
        actions.set_up(**FIRST | {field: value})
    assert refused.value.field == field
    assert len(str(refused.value)) > 10
    assert not Agent.objects.exists()


def test_a_refused_first_run_can_be_tried_again(transactional_db):
    with pytest.raises(Refused):
        actions.set_up(**FIRST | {"password": "short"})
    assert not queries.is_set_up()
    actions.set_up(**FIRST)
