"""Companies: described by whoever spoke last, joined and left, and true under every id of a customer."""

from __future__ import annotations

from datetime import timedelta

import pytest

from careline.accounts.actor import SYSTEM, Actor
from careline.customers import actions, companies, queries
from careline.customers.models import Company, CompanyMember, Person
from careline.kit import personal
from careline.kit.refusals import NotAllowed, NotVisible, Refused


def known(company: Company) -> dict:
    return dict(company.traits.values_list("name", "value"))


@pytest.fixture
def acme(bo) -> Company:
    return actions.make_company("Acme Ltd", external="acme", actor=bo).company


def test_what_was_said_last_holds_in_whatever_order_it_comes(ada, nine):
    later = nine + timedelta(hours=1)
    for at, said in ((later, {"plan": "gold", "name": "Acme"}), (nine, {"plan": "free", "name": "ACME?", "seats": 3})):
        companies.hear([companies.Heard("acme", ada.pk, said, at)], source="source:1")
    acme = Company.objects.get(external="acme")
    assert (acme.name, acme.search, known(acme)) == ("Acme", "acme", {"plan": "gold", "name": "Acme", "seats": 3})
    assert CompanyMember.objects.count() == 1


def test_what_is_written_by_hand_holds_against_a_clock_that_runs_ahead(acme, ada, bo):
    ahead = acme.created_at + timedelta(hours=5)
    companies.hear([companies.Heard("acme", ada.pk, {"plan": "gold"}, ahead)], source="source:1")
    actions.describe_company(acme.pk, {"plan": "free"}, actor=bo)
    [plan] = acme.traits.filter(name="plan")
    assert (plan.value, plan.source) == ("free", f"agent:{bo.agent_id}")
    actions.describe_company(acme.pk, {"plan": None}, actor=bo)
    assert "plan" not in known(acme)


def test_joining_and_leaving_are_moments(acme, ada, bo, line_of):
    assert actions.join_company(ada.pk, acme.pk, actor=bo)
    assert not actions.join_company(ada.pk, acme.pk, actor=bo)
    actions.leave_company(ada.pk, acme.pk, actor=bo)
    assert [(one.kind, one.facts) for one in line_of(ada.pk)] == [
        (kind, {"group": "acme", "label": "Acme Ltd"}) for kind in ("group.joined", "group.left")
    ]
    with pytest.raises(NotVisible):
        actions.leave_company(ada.pk, acme.pk, actor=bo)


def test_a_merge_joins_what_two_belonged_to_and_a_split_gives_each_their_own_back(acme, ada, bo):
    other = actions.make_company("Harbor", actor=bo).company
    twin = Person.objects.create(name="A. Moreau")
    for person, company in ((ada, acme), (twin, acme), (twin, other)):
        actions.join_company(person.pk, company.pk, actor=bo)
    entry = actions.merge(ada.pk, twin.pk, actor=bo)
    assert {one.name for one in queries.companies_of(bo, ada.pk)} == {"Acme Ltd", "Harbor"}
    assert [(one.name, one.people) for one in queries.companies(bo)] == [("Harbor", 1), ("Acme Ltd", 1)]
    assert [one.pk for one in queries.company_people(bo, other.pk)] == [ada.pk]
    assert set(queries.company_ids(bo, acme.pk, limit=10)) == {ada.pk, twin.pk}
    actions.split(entry.pk, actor=bo)
    assert [one.name for one in queries.companies_of(bo, ada.pk)] == ["Acme Ltd"]
    assert {one.pk for one in queries.company_people(bo, acme.pk)} == {ada.pk, twin.pk}


def test_companies_are_found_by_words_and_by_number(acme, bo):
    actions.make_company("Harbor Goods", actor=bo)
    found = {"goo": ["Harbor Goods"], "acme": ["Acme Ltd"], "ltd ac": ["Acme Ltd"], "zz": [], "'": []}
    for q, names in found.items():
        assert [one.name for one in queries.companies(bo, q)] == names, q


def test_who_belongs_to_a_company_by_name_joins_the_one_that_is_called_so(acme, ada, bo):
    for name in ("ACME ltd", " Acme Ltd ", "Harbor"):
        actions.join_company_named(ada.pk, name, actor=bo)
    assert [one.name for one in queries.companies_of(bo, ada.pk)] == ["Acme Ltd", "Harbor"]
    with pytest.raises(Refused):
        actions.join_company_named(ada.pk, " ", actor=bo)


def test_an_erased_customer_belongs_nowhere_and_joins_nothing_again(acme, ada, bo, boss, nine):
    actions.join_company(ada.pk, acme.pk, actor=bo)
    assert personal.export(ada.pk)["customers.CompanyMember"][0]["company"] == "Acme Ltd"
    actions.erase(ada.pk, actor=boss)
    assert queries.company(bo, acme.pk).people == 0
    companies.hear([companies.Heard("acme", ada.pk, {}, nine)], source="source:1")
    assert CompanyMember.objects.count() == 0


def test_a_customer_sees_no_company_and_who_may_only_look_changes_none(acme, ada, hire):
    herself = Actor.customer(ada.pk, 1)
    with pytest.raises(NotVisible):
        queries.company(herself, acme.pk)
    with pytest.raises(NotAllowed):
        queries.companies(herself)
    analyst = hire("Ana Lyst", role="analyst").as_actor()
    assert queries.company(analyst, acme.pk).name == "Acme Ltd"
    with pytest.raises(NotAllowed):
        actions.remove_company(acme.pk, actor=analyst)
    with pytest.raises(NotAllowed):
        actions.make_company("X", actor=analyst)


@pytest.mark.parametrize("name", ["", "  ", "a\0b", "x" * 301])
def test_a_company_needs_a_name_or_a_number(name, bo):
    with pytest.raises(Refused):
        actions.make_company(name, actor=bo)


def test_a_company_of_one_number_is_made_once(bo):
    first = actions.make_company(external="acme", actor=bo)
    again = actions.make_company("Acme", external="acme", actor=bo)
    assert (first.created, again.created, again.company.pk) == (True, False, first.company.pk)
    assert again.company.name == "Acme"
    actions.remove_company(again.company.pk, actor=SYSTEM)
    assert not Company.objects.exists()
