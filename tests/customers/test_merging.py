"""Two who are one, and taking it back: whatever was joined in whatever order, each split gives back exactly the two."""

from __future__ import annotations

import random
from collections.abc import Iterable

import pytest

from careline.accounts.actor import SYSTEM, Actor
from careline.customers import actions, ledger, queries
from careline.customers.ledger import Entry
from careline.customers.models import Identity, Merge, Person
from careline.kit.refusals import Conflicting, NotAllowed, NotVisible, Refused

pytestmark = pytest.mark.django_db


@pytest.fixture
def make():
    def make(name: str, *emails: str, verified: bool = False) -> Person:
        person = Person.objects.create(name=name, search=name.lower())
        for email in emails:
            Identity.objects.create(person=person, kind="email", value=email, original=email, verified=verified)
        return person

    return make


def roots(people: Iterable[Person]) -> dict[int, int]:
    return {one.pk: queries.canonical(one.pk) for one in people}


def test_the_kept_id_stands_for_both_and_nothing_else_moves(ada, make, bo, line_of):
    twin = make("A. Moreau", "am@example.com")
    entry = actions.merge(ada.pk, twin.pk, actor=bo, evidence=["name"])
    assert roots([ada, twin]) == {ada.pk: ada.pk, twin.pk: ada.pk}
    assert Identity.objects.get(value="am@example.com").person_id == twin.pk
    [moment] = line_of(ada.pk)
    assert (moment.kind, moment.facts) == ("customer.merged", {"merge": entry.pk, "other": twin.pk})
    whole = queries.customer(bo, twin.pk)
    assert whole.joined == [twin.pk]
    assert {name.value for name in whole.identities} == {"ada@example.com", "+442071838750", "am@example.com"}


def test_taken_back_both_are_again_who_they_were(ada, make, bo, line_of):
    twin, third = make("Twin"), make("Third")
    first = actions.merge(ada.pk, twin.pk, actor=bo)
    second = actions.merge(twin.pk, third.pk, actor=bo)
    assert roots([ada, twin, third]) == dict.fromkeys([ada.pk, twin.pk, third.pk], ada.pk)
    actions.split(first.pk, actor=bo)
    # What was said of the twin still holds.
    assert roots([ada, twin, third]) == {ada.pk: ada.pk, twin.pk: twin.pk, third.pk: twin.pk}
    assert line_of(ada.pk)[-1].kind == "customer.split"
    assert [one.pk for one in queries.merges(queries.customer(bo, third.pk))] == [second.pk]
    assert queries.merges(queries.customer(bo, ada.pk)) == []


def test_a_split_names_the_half_that_parted_whichever_side_of_the_entry_it_is(ada, make, bo, line_of):
    two, three = make("B. Moreau"), make("C. Moreau")
    first = actions.merge(two.pk, three.pk, actor=bo)
    actions.merge(ada.pk, three.pk, actor=bo)
    actions.split(first.pk, actor=bo)
    assert queries.canonical_of([two.pk, three.pk]) == {two.pk: two.pk, three.pk: ada.pk}
    [split] = [one for one in line_of(ada.pk) if one.kind == "customer.split"]
    assert split.facts == {"merge": first.pk, "other": two.pk}


def test_what_cannot_be_is_refused_in_words(ada, make, bo, hire):
    twin = make("Twin")
    entry = actions.merge(ada.pk, twin.pk, actor=bo)
    with pytest.raises(Conflicting):
        actions.merge(twin.pk, ada.pk, actor=bo)
    with pytest.raises(Conflicting):
        actions.merge(ada.pk, ada.pk, actor=bo)
    with pytest.raises(NotVisible):
        actions.merge(ada.pk, 424242, actor=bo)
    with pytest.raises(NotVisible):
        actions.split(424242, actor=bo)
    with pytest.raises(NotVisible):
        actions.split(entry.pk, actor=bo, person_id=make("Somebody else").pk)
    with pytest.raises(Refused):
        actions.merge(ada.pk, make("Other").pk, actor=bo, evidence=["ada@example.com"])
    # A customer sees nobody else to join, and who only looks joins nobody.
    with pytest.raises(NotVisible):
        actions.merge(ada.pk, make("Other").pk, actor=Actor.customer(ada.pk, 1))
    with pytest.raises(NotAllowed):
        actions.merge(ada.pk, make("Other").pk, actor=hire("Nia Works", role="analyst").as_actor())
    actions.split(entry.pk, actor=bo)
    with pytest.raises(Conflicting):
        actions.split(entry.pk, actor=bo)
    erased = make("Gone")
    actions.erase(erased.pk, actor=SYSTEM)
    with pytest.raises(Conflicting):
        actions.merge(ada.pk, erased.pk, actor=bo)


def test_a_program_never_joins_two_who_proved_who_they_are(make, bo):
    one, two, guest = (
        make("One", "one@example.com", verified=True),
        make("Two", "two@example.com", verified=True),
        make(""),
    )
    with pytest.raises(Refused):
        actions.merge(one.pk, two.pk, actor=SYSTEM)
    actions.merge(one.pk, guest.pk, actor=SYSTEM)
    # Nor by way of a third.
    with pytest.raises(Refused):
        actions.merge(two.pk, guest.pk, actor=SYSTEM)
    actions.merge(one.pk, two.pk, actor=bo)


def components(people: range, entries: list[Entry]) -> dict[int, frozenset[int]]:
    """Who is together, the slow and obvious way."""
    groups = {one: frozenset([one]) for one in people}
    for entry in entries:
        both = groups[entry.kept] | groups[entry.joined]
        groups |= dict.fromkeys(both, both)
    return groups


def graph_holds(seed: int) -> None:
    chance, people = random.Random(seed), range(8)
    entries: list[Entry] = []
    for _step in range(chance.randrange(4, 14)):
        if entries and chance.random() < 0.35:
            taken = entries.pop(chance.randrange(len(entries)))
            before = components(people, [*entries, taken])
            after = components(people, entries)
            # The two it had made one are two again, and nobody else noticed.
            assert after[taken.kept] | after[taken.joined] == before[taken.kept]
            assert not after[taken.kept] & after[taken.joined]
            assert all(after[one] == before[one] for one in people if one not in before[taken.kept])
        else:
            kept, joined = chance.sample(people, 2)
            if joined not in components(people, entries)[kept]:
                entries.append(Entry(kept, joined))
        found = ledger.roots(entries)
        wanted = components(people, entries)
        assert all((found.get(a, a) == found.get(b, b)) == (b in wanted[a]) for a in people for b in people)
        assert all(found[root] == root for root in found.values())


@pytest.mark.parametrize("extent", [200, pytest.param(10_000, marks=pytest.mark.long)])
def test_whatever_was_joined_each_split_gives_back_exactly_the_two(extent):
    for seed in range(extent):
        graph_holds(seed)


@pytest.mark.parametrize("seed", range(6))
def test_the_table_says_what_the_ledger_says(seed, make, bo):
    chance = random.Random(seed)
    people = [make(f"No {n}") for n in range(6)]
    for _step in range(14):
        standing = list(Merge.objects.filter(undone_at=None))
        if standing and chance.random() < 0.4:
            actions.split(chance.choice(standing).pk, actor=bo)
        else:
            kept, joined = chance.sample(people, 2)
            if queries.canonical(kept.pk) != queries.canonical(joined.pk):
                actions.merge(kept.pk, joined.pk, actor=bo)
        rows = Merge.objects.filter(undone_at=None).order_by("pk")
        wanted = ledger.roots(Entry(one.kept_id, one.joined_id) for one in rows)
        assert roots(people) == {one.pk: wanted.get(one.pk, one.pk) for one in people}
