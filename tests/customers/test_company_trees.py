"""Companies that are parts of others: no circles, whoever moves what at once, and everybody of a tree counted once."""

from __future__ import annotations

import threading

import pytest
from django.db import IntegrityError, connection, transaction

from careline.customers import actions, queries
from careline.customers.models import Company, Person
from careline.customers.sheets import outgoing
from careline.kit.refusals import NotAllowed, NotVisible, Refused


@pytest.fixture
def grown(bo, db) -> dict[str, Company]:
    """A group with two countries, one of which has a branch."""
    made = {name: actions.make_company(name, actor=bo).company for name in ("Group", "North", "South", "Branch")}
    for part, whole in (("North", "Group"), ("South", "Group"), ("Branch", "North")):
        actions.place_company(made[part].pk, made[whole].pk, actor=bo)
    return made


def test_the_tree_is_told_from_everywhere_in_it(grown, bo):
    told = queries.tree(bo, grown["Group"].pk)
    assert [(one.name, one.depth) for one in told.below] == [("North", 1), ("Branch", 2), ("South", 1)]
    assert (told.companies, told.above) == (3, [])
    assert [(one.name, one.depth) for one in queries.tree(bo, grown["Branch"].pk).above] == [
        ("Group", -2),
        ("North", -1),
    ]
    assert queries.company(bo, grown["Branch"].pk).parent_name == "North"


def test_everybody_of_the_tree_is_listed_and_counted_once(grown, ada, bo):
    twin, other = Person.objects.create(name="A. Moreau"), Person.objects.create(name="Cem")
    for person, name in ((ada, "Branch"), (ada, "South"), (twin, "Group"), (other, "North")):
        actions.join_company(person.pk, grown[name].pk, actor=bo)
    actions.merge(ada.pk, twin.pk, actor=bo)
    group = grown["Group"].pk
    assert queries.tree(bo, group).people == 2
    assert [one.pk for one in queries.company_people(bo, group, below=True)] == [other.pk, ada.pk]
    assert [one.pk for one in queries.company_people(bo, group)] == [ada.pk]
    assert queries.tree(bo, grown["North"].pk).people == 2


@pytest.mark.parametrize(("part", "whole"), [("Group", "Group"), ("Group", "North"), ("Group", "Branch")])
def test_no_company_stands_above_itself(grown, bo, part, whole):
    with pytest.raises(Refused, match="part of itself") as refusal:
        actions.place_company(grown[part].pk, grown[whole].pk, actor=bo)
    assert refusal.value.field == "parent"
    # Nor by any other way of writing.
    with pytest.raises(IntegrityError), transaction.atomic():
        Company.objects.filter(pk=grown[part].pk).update(parent=grown[whole].pk)


def test_a_company_is_placed_by_name_or_number_and_stands_for_itself_again(grown, bo):
    harbor = actions.make_company("Harbor", external="h-1", actor=bo).company
    for name in ("h-1", "HARBOR "):
        actions.place_company_named(grown["Group"].pk, name, actor=bo)
        assert queries.company(bo, grown["Group"].pk).parent == harbor.pk
        actions.place_company_named(grown["Group"].pk, "", actor=bo)
    assert queries.company(bo, grown["Group"].pk).parent is None
    with pytest.raises(Refused, match="No company is called"):
        actions.place_company_named(grown["Group"].pk, "Nowhere", actor=bo)
    with pytest.raises(Refused, match="no such company above"):
        actions.place_company(grown["Group"].pk, 10**9, actor=bo)


def test_one_that_is_taken_away_leaves_its_parts_to_themselves(grown, bo):
    actions.remove_company(grown["North"].pk, actor=bo)
    assert queries.company(bo, grown["Branch"].pk).parent is None
    assert [one.name for one in queries.tree(bo, grown["Group"].pk).below] == ["South"]


def test_only_who_may_change_customers_moves_companies(grown, bo):
    looker = type(bo)("agent", bo.id, "An", bo.agent_id, frozenset({"customers.view"}), bo.inbox_ids)
    with pytest.raises(NotAllowed):
        actions.place_company(grown["South"].pk, grown["North"].pk, actor=looker)
    stranger = type(bo)("agent", bo.id, "An", bo.agent_id, frozenset(), bo.inbox_ids)
    with pytest.raises(NotVisible):
        actions.place_company(grown["South"].pk, grown["North"].pk, actor=stranger)


def test_a_file_names_the_company_above(grown, ada, boss):
    for name in ("Group", "Branch"):
        actions.join_company(ada.pk, grown[name].pk, actor=boss)
    [heads, row] = list(outgoing.as_csv(boss))
    named = dict(zip(heads.strip().split(","), row.strip().split(","), strict=False))
    assert "company,parent_company" in heads
    assert (named["company"], named["parent_company"]) == ('"Group\nBranch"', '"\nNorth"')


@pytest.mark.django_db(transaction=True)
def test_of_two_who_close_a_circle_at_once_one_is_refused(organization, bo):
    for _round in range(5):
        one, other = (actions.make_company("A", actor=bo).company.pk for _side in range(2))
        said, ready = [], threading.Barrier(2)

        def place(part, whole, said=said, ready=ready):
            try:
                ready.wait()
                actions.place_company(part, whole, actor=bo)
                said.append("")
            except Refused as refusal:
                said.append(str(refusal))
            finally:
                connection.close()

        both = [threading.Thread(target=place, args=pair) for pair in ((one, other), (other, one))]
        for thread in both:
            thread.start()
        for thread in both:
            thread.join()
        assert sorted(map(bool, said)) == [False, True]
