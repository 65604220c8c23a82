"""Joined, a customer is one wherever somebody looks; parted, each has what they had."""

from __future__ import annotations

from datetime import timedelta

import pytest

from careline import contact, touchpoints
from careline.accounts.actor import SYSTEM
from careline.contact import queries as holding
from careline.contact import reasons
from careline.customers import actions, queries, traits
from careline.customers.identities import Given
from careline.customers.models import Identity, Merge, Person, Suggestion
from careline.customers.reactions import keep_scraps
from careline.kit import clock, personal, text
from careline.touchpoints import Moment, moments
from careline.touchpoints.models import Touchpoint

pytestmark = pytest.mark.django_db


@pytest.fixture
def twin(ada, nine) -> Person:
    """Whom the chat knew before Ada said who she is."""
    twin = Person.objects.create(
        name="A. Lovelace", search=text.fold("A. Lovelace"), language="fr", zone="Europe/Paris",
        attributes={"size": 39, "color": "red"}, first_seen_at=nine - timedelta(days=900),
    )  # fmt: skip
    Identity.objects.create(person=twin, kind="visitor", scope="inbox:1", value="v-1", original="v-1")
    return twin


def shown(actor, *people: Person) -> list[queries.Whole]:
    return [queries.customer(actor, one.pk) for one in people]


def written(*kinds: str) -> list[Moment]:
    rows = Touchpoint.objects.filter(kind__in=kinds).order_by("id").values_list(*moments.COLUMNS)
    return [Moment(*row) for row in rows]


def test_what_the_one_leaves_open_the_other_fills_and_parted_each_has_their_own(ada, twin, bo):
    Person.objects.filter(pk=ada.pk).update(attributes={"color": "green"})
    before = shown(bo, ada, twin)
    entry = actions.merge(ada.pk, twin.pk, actor=bo)
    both = queries.customer(bo, twin.pk)
    assert (both.pk, both.ids, both.name, both.language) == (ada.pk, [ada.pk, twin.pk], "Ada Moreau", "en")
    assert (both.zone, both.attributes) == ("Europe/Paris", {"color": "green", "size": 39})
    assert both.first_seen_at == twin.first_seen_at
    assert queries.ids_of(twin.pk) == queries.ids_of(ada.pk) == [ada.pk, twin.pk]
    beside = queries.beside(bo, twin.pk)
    assert (beside.pk, beside.ids, beside.name, beside.attributes) == (both.pk, both.ids, both.name, both.attributes)
    assert (beside.language, beside.first_seen_at) == (both.language, both.first_seen_at)
    assert [one.pk for one in beside.identities] == [one.pk for one in both.identities]
    actions.split(entry.pk, actor=bo)
    assert shown(bo, ada, twin) == before


def test_an_attribute_taken_away_does_not_shine_through(ada, twin, bo, boss):
    actions.define_attribute("size", "Size", "number", actor=boss)
    actions.merge(ada.pk, twin.pk, actor=bo)
    actions.set_attributes(ada.pk, {"size": None}, actor=bo)
    assert queries.customer(bo, ada.pk).attributes == {"color": "red"}


def test_notes_and_scores_of_both_are_there(ada, twin, bo):
    actions.add_note(ada.pk, "Likes tea.", actor=bo)
    actions.add_note(twin.pk, "Rides a tandem.", actor=bo)
    traits.set(ada.pk, "churn", 0.1, actor=SYSTEM, at=clock.now() - timedelta(days=1))
    traits.set(twin.pk, "churn", 0.7, actor=SYSTEM)
    traits.set(ada.pk, "value", 3, actor=SYSTEM)
    entry = actions.merge(ada.pk, twin.pk, actor=bo)
    assert {note.body for note in queries.notes(bo, twin.pk)} == {"Likes tea.", "Rides a tandem."}
    assert queries.traits(bo, ada.pk) == {"churn": 0.7, "value": 3}
    actions.split(entry.pk, actor=bo)
    assert [note.body for note in queries.notes(bo, ada.pk)] == ["Likes tea."]
    assert queries.traits(bo, ada.pk) == {"churn": 0.1, "value": 3}


@pytest.mark.parametrize("which", ["kept", "joined"])
def test_blocked_are_both_when_one_is_and_parted_only_that_one(ada, twin, bo, which):
    actions.block(ada.pk if which == "kept" else twin.pk, actor=bo)
    entry = actions.merge(ada.pk, twin.pk, actor=bo)
    assert queries.customer(bo, ada.pk).blocked_at
    assert queries.beside(bo, ada.pk).blocked_at
    assert contact.decide(ada.pk, "survey", "api", "k").reason == reasons.BLOCKED
    actions.split(entry.pk, actor=bo)
    assert [one.blocked_at is not None for one in shown(bo, ada, twin)] == [which == "kept", which == "joined"]


def test_what_is_blocked_as_one_stays_blocked_as_two_and_is_let_in_as_one(ada, twin, bo, line_of):
    entry = actions.merge(ada.pk, twin.pk, actor=bo)
    actions.block(ada.pk, actor=bo)
    actions.block(twin.pk, actor=bo)
    actions.split(entry.pk, actor=bo)
    assert [one.blocked_at is not None for one in shown(bo, ada, twin)] == [True, True]
    actions.merge(ada.pk, twin.pk, actor=bo)
    actions.unblock(twin.pk, actor=bo)
    assert queries.customer(bo, ada.pk).blocked_at is None
    assert [one.kind for one in line_of(ada.pk)].count("customer.blocked") == 1
    assert [one.kind for one in line_of(ada.pk)].count("customer.unblocked") == 1


def test_a_hold_on_one_holds_both_and_stays_where_it_was(ada, twin, bo):
    held = contact.hold(twin.pk, "Asked for silence", actor=bo)
    entry = actions.merge(ada.pk, twin.pk, actor=bo)
    assert list(holding.holds(bo, ada.pk)) == [held]
    assert contact.decide(ada.pk, "survey", "api", "k1").reason == reasons.HELD
    assert [why.allowed for why in holding.why(bo, twin.pk)] == [False]
    actions.split(entry.pk, actor=bo)
    assert list(holding.holds(bo, ada.pk)) == []
    assert list(holding.holds(bo, twin.pk)) == [held]
    assert contact.decide(ada.pk, "survey", "api", "k2").allowed


def test_search_finds_both_names_then_each_their_own(ada, twin, bo):
    entry = actions.merge(ada.pk, twin.pk, actor=bo)
    for q in ("moreau", "lovelace", "ada@example.com", "v-1"):
        assert queries.search(bo, q) == [ada], q
    assert actions.find_or_create([Given("visitor", "v-1", "inbox:1")], actor=bo).person == ada
    actions.split(entry.pk, actor=bo)
    assert queries.search(bo, "lovelace") == queries.search(bo, "v-1") == [twin]
    assert queries.search(bo, "moreau") == [ada]
    assert actions.find_or_create([Given("visitor", "v-1", "inbox:1")], actor=bo).person == twin


def test_export_and_erasure_take_every_id(ada, twin, bo, boss):
    third = Person.objects.create(name="Third")
    Suggestion.objects.create(one=twin, other=third, evidence=["name"])
    entry = actions.merge(ada.pk, twin.pk, actor=bo)
    told = actions.export(twin.pk, actor=boss)
    assert [one["name"] for one in told["customers.Person"]] == ["Ada Moreau", "A. Lovelace"]
    assert told["customers.Suggestion"][0]["evidence"] == ["name"]
    counts = actions.erase(twin.pk, actor=boss)
    assert (counts["customers.Person"], counts["customers.Identity"], counts["customers.Suggestion"]) == (2, 3, 1)
    assert not Identity.objects.exists()
    assert not Suggestion.objects.exists()
    assert {one.erased_at is not None for one in Person.objects.filter(pk__in=[ada.pk, twin.pk])} == {True}
    # Who was said to be whom is told in ids alone, and stays.
    assert Merge.objects.get().pk == entry.pk
    assert "customers.Merge" in personal.exempted()


def test_erased_after_they_were_parted_the_other_keeps_everything(ada, twin, bo, boss):
    actions.split(actions.merge(ada.pk, twin.pk, actor=bo).pk, actor=bo)
    actions.erase(twin.pk, actor=boss)
    assert queries.customer(bo, ada.pk).name == "Ada Moreau"
    assert Identity.objects.filter(person=ada).count() == 2


def answered(person: Person, score: int) -> None:
    touchpoints.record(
        "survey.answered", person=person.pk, actor=SYSTEM, source="survey:1", survey="1", metric="csat", score=score,
        scale_max=5,
    )  # fmt: skip


def test_the_short_line_is_read_again_from_both_lines(ada, twin, bo):
    for person, score in ((ada, 1), (twin, 5), (ada, 4)):
        answered(person, score)
    keep_scraps(written("survey.answered"))
    entry = actions.merge(ada.pk, twin.pk, actor=bo)
    keep_scraps(written("customer.merged"))
    assert Person.objects.get(pk=ada.pk).scrap == [-2, 2, 1]
    assert Person.objects.get(pk=twin.pk).scrap == [2]
    actions.split(entry.pk, actor=bo)
    keep_scraps(written("customer.split"))
    assert Person.objects.get(pk=ada.pk).scrap == [-2, 1]
    assert Person.objects.get(pk=twin.pk).scrap == [2]
