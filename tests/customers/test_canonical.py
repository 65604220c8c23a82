"""One person under several ids: rows keep theirs, and `canonical` says whom they stand for."""

from __future__ import annotations

import pytest

from careline.accounts.actor import Actor
from careline.customers import actions, queries
from careline.customers.identities import Given
from careline.customers.models import Identity, Person
from careline.kit import text
from careline.kit.refusals import NotVisible

pytestmark = pytest.mark.django_db


@pytest.fixture
def twin(ada) -> Person:
    """Another id of Ada's, with an address of its own."""
    twin = Person.objects.create(name="A. Lovelace", search=text.fold("A. Lovelace"), canonical=ada)
    Identity.objects.create(person=twin, kind="email", value="lovelace@example.com", original="lovelace@example.com")
    return twin


def test_an_id_stands_for_itself_or_for_another(ada, twin):
    assert queries.canonical(ada.pk) == ada.pk
    assert queries.canonical(twin.pk) == ada.pk
    assert queries.canonical(424242) == 424242
    assert queries.canonical_of([ada.pk, twin.pk, 424242]) == {ada.pk: ada.pk, twin.pk: ada.pk}


def test_the_other_id_answers_the_person(ada, twin, bo):
    assert queries.person(bo, twin.pk) == ada


def test_the_other_name_and_address_find_the_person(ada, twin, bo):
    assert queries.search(bo, "lovel") == [ada]
    assert queries.search(bo, "lovelace@example.com") == [ada]
    assert queries.search(bo, "") == [ada]
    assert actions.find_or_create([Given("email", "lovelace@example.com")], actor=bo).person == ada


def test_verbs_on_the_other_id_are_done_to_the_person(ada, twin, bo, line_of):
    actions.block(twin.pk, actor=bo)
    assert Person.objects.get(pk=ada.pk).is_blocked
    assert [moment.kind for moment in line_of(ada.pk)] == ["customer.blocked"]
    actions.remove_identity(ada.pk, twin.identities.get().pk, actor=bo)
    assert not Identity.objects.filter(person=twin).exists()


def test_a_customer_sees_themselves_under_either_id_and_nobody_else(ada, twin):
    other = Person.objects.create(name="Other")
    for own in (ada, twin):
        assert queries.person(Actor.customer(own.pk, 1), own.pk) == ada
        with pytest.raises(NotVisible):
            queries.person(Actor.customer(own.pk, 1), other.pk)


def test_an_undone_join_gives_each_their_own_again(ada, twin, bo):
    Person.objects.filter(pk=twin.pk).update(canonical=None)
    assert queries.person(bo, twin.pk) == twin
    assert queries.search(bo, "lovelace@example.com") == [twin]
