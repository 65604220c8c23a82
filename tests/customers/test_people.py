"""People and what they are called."""

from __future__ import annotations

import threading

import pytest
from django.db import IntegrityError, connection, transaction

from careline.accounts.actor import SYSTEM, Actor
from careline.customers import actions, queries
from careline.customers.identities import Given
from careline.customers.models import Identity, Person
from careline.kit import text
from careline.kit.refusals import Conflicting, NotAllowed, NotVisible, Refused
from tests.customers.conftest import naughty_strings
from tests.web.screens.naughty import EXTENT

pytestmark = pytest.mark.django_db
ADA = Given("email", "Ada@Example.com ")


def identities_of(person: Person) -> set[tuple[str, str, str]]:
    return set(Identity.objects.filter(person=person).values_list("kind", "value", "original"))


def test_a_person_is_found_however_the_address_and_the_number_are_written(ada, bo):
    for given in (
        ADA,
        Given("email", "ADA@example.COM"),
        Given("phone", "+44 20 7183-8750"),
        Given("phone", "02071838750"),
    ):
        found = actions.find_or_create([given], actor=bo)
        assert (found.person, found.created) == (ada, False)
    assert Person.objects.count() == 1


def test_a_new_person_keeps_what_was_written_beside_what_is_compared(organization, bo):
    found = actions.find_or_create(
        [ADA, Given("phone", "(020) 7183 8750"), Given("external", "A-1", scope="inbox:3", verified=True)],
        actor=bo, name="Ada Moreau", language="fr", zone="Europe/Paris",
    )  # fmt: skip
    assert found.created
    assert identities_of(found.person) == {
        ("email", "ada@example.com", "Ada@Example.com "),
        ("phone", "+442071838750", "(020) 7183 8750"),
        ("external", "A-1", "A-1"),
    }
    stored = Person.objects.get()
    assert (stored.name, stored.search, stored.language, stored.zone) == (
        "Ada Moreau",
        "ada moreau",
        "fr",
        "Europe/Paris",
    )
    assert Identity.objects.get(kind="external").verified
    assert not Identity.objects.get(kind="email").verified


def test_an_importer_says_when_a_person_was_first_seen(organization, bo, nine):
    person = actions.find_or_create([ADA], actor=bo, at=nine).person
    actions.find_or_create([ADA], actor=bo)
    person.refresh_from_db()
    assert person.first_seen_at == nine


def test_phone_and_address_are_both_optional(organization, bo):
    assert actions.find_or_create([], actor=bo).created
    assert actions.find_or_create([], actor=bo, name="Somebody").created
    assert Person.objects.count() == 2


def test_what_nobody_has_is_added_and_what_is_somebody_elses_stays_theirs(ada, bo):
    other = actions.find_or_create([Given("external", "B-1")], actor=bo, name="Other").person
    found = actions.find_or_create([ADA, Given("external", "B-1"), Given("external", "A-1")], actor=bo)
    assert found.person == ada
    assert Identity.objects.get(value="B-1").person == other
    assert Identity.objects.get(value="A-1").person == ada


def test_the_first_identity_that_is_known_decides(ada, bo):
    other = actions.find_or_create([Given("external", "B-1")], actor=bo).person
    assert actions.find_or_create([Given("external", "new"), Given("external", "B-1"), ADA], actor=bo).person == other


def test_a_scope_tells_equal_ids_of_two_houses_apart(organization, bo):
    one = actions.find_or_create([Given("external", "7", scope="inbox:1")], actor=bo).person
    two = actions.find_or_create([Given("external", "7", scope="inbox:2")], actor=bo).person
    assert one != two


def test_a_name_is_given_to_who_had_none_but_never_taken(organization, bo):
    person = actions.find_or_create([ADA], actor=bo).person
    actions.find_or_create([ADA], actor=bo, name="Ada")
    actions.find_or_create([ADA], actor=bo, name="Somebody else")
    person.refresh_from_db()
    assert (person.name, person.search) == ("Ada", "ada")


def test_the_same_identity_twice_is_once(organization, bo):
    person = actions.find_or_create([ADA, Given("email", "ada@example.com", verified=True)], actor=bo).person
    assert Identity.objects.get().person == person


@pytest.mark.django_db(transaction=True)
def test_many_at_once_make_one_person(organization):
    together = threading.Barrier(6)
    people: list[int] = []
    created: list[bool] = []
    trouble: list[BaseException] = []

    def arrive(n: int) -> None:
        given = [Given("external", "A-1"), ADA, Given("phone", "+442071838750")]
        try:
            connection.ensure_connection()
            together.wait(20)
            found = actions.find_or_create(given if n % 2 else given[::-1], actor=SYSTEM, name="Ada")
            people.append(found.person.pk)
            created.append(found.created)
        except BaseException as error:
            trouble.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=arrive, args=[n]) for n in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert trouble == []
    assert len(set(people)) == 1
    assert created.count(True) == 1
    assert Person.objects.count() == 1
    assert Identity.objects.count() == 3


@pytest.mark.parametrize(
    ("given", "word"),
    [
        (Given("email", "ada"), "email address"),
        (Given("phone", "12"), "phone number"),
        (Given("pigeon", "x"), "no identity of the kind"),
        (Given("external", "  "), "must not be empty"),
        (Given("external", "a\0"), "NUL"),
        (Given("email", "ada@example.com", scope="inbox:1"), "no scope"),
    ],
)
def test_what_cannot_be_an_identity_is_refused_in_words(organization, bo, given, word):
    with pytest.raises(Refused, match=word):
        actions.find_or_create([given], actor=bo)
    assert not Person.objects.exists()


def test_language_and_zone_are_checked(ada, bo):
    with pytest.raises(Refused, match="language"):
        actions.update(ada.pk, actor=bo, language="English, please")
    with pytest.raises(Refused, match="time zone"):
        actions.update(ada.pk, actor=bo, zone="Mars/Olympus")
    actions.update(ada.pk, actor=bo, language="pt-BR")
    actions.update(ada.pk, actor=bo, zone="Asia/Jakarta")
    ada.refresh_from_db()
    assert (ada.language, ada.zone) == ("pt-BR", "Asia/Jakarta")


def test_renaming_stands_on_the_line_without_the_names(ada, bo, line_of):
    actions.rename(ada.pk, "Ada King", actor=bo)
    [moment] = line_of(ada.pk)
    assert (moment.kind, moment.actor_id, moment.facts) == ("customer.renamed", bo.id, {})
    ada.refresh_from_db()
    assert (ada.name, ada.search) == ("Ada King", "ada king")
    actions.rename(ada.pk, "Ada King", actor=bo)
    assert len(line_of(ada.pk)) == 1


def test_blocking_twice_is_blocking_once(ada, bo, line_of):
    assert actions.block(ada.pk, actor=bo).is_blocked
    actions.block(ada.pk, actor=bo)
    assert not actions.unblock(ada.pk, actor=bo).is_blocked
    actions.unblock(ada.pk, actor=bo)
    assert [moment.kind for moment in line_of(ada.pk)] == ["customer.blocked", "customer.unblocked"]


@EXTENT
def test_any_string_comes_back_byte_equal_or_is_refused_with_a_word(ada, bo, extent):
    for string in naughty_strings(extent):
        returns_or_refuses(ada, bo, string)


def returns_or_refuses(ada, bo, string):
    written = refused_or(lambda: actions.rename(ada.pk, string, actor=bo))
    if isinstance(written, str):
        assert "\0" in string or "\ud800" in string or len(string) > 300, (string, written)
    else:
        assert Person.objects.get(pk=ada.pk).name == string
        if text.fold(string):
            assert ada in queries.search(bo, string[:200])
    noted = refused_or(lambda: actions.add_note(ada.pk, string, actor=bo))
    if isinstance(noted, str):
        assert "\0" in string or "\ud800" in string or not string.strip(), (string, noted)
    else:
        assert queries.notes(bo, ada.pk)[0].body == string
        assert noted.agent_id == bo.id


def refused_or(act):
    """What it gives, or the sentence that refuses it."""
    try:
        return act()
    except Refused as refusal:
        return str(refusal)


def test_identities_come_and_go(ada, bo):
    identity = actions.add_identity(ada.pk, Given("phone", "+62 812-3456-7890"), actor=bo)
    again = actions.add_identity(ada.pk, Given("phone", "0062 812 3456 7890", verified=True), actor=bo)
    assert again == identity
    assert again.original == "+62 812-3456-7890"
    assert again.verified
    actions.remove_identity(ada.pk, identity.pk, actor=bo)
    assert not Identity.objects.filter(value="+6281234567890").exists()
    with pytest.raises(NotVisible):
        actions.remove_identity(ada.pk, identity.pk, actor=bo)


def test_an_identity_of_another_is_not_taken(ada, bo):
    other = actions.find_or_create([Given("external", "B-1")], actor=bo).person
    with pytest.raises(Conflicting, match="another customer"):
        actions.add_identity(other.pk, ADA, actor=bo)
    note = actions.add_note(ada.pk, "hers", actor=bo)
    with pytest.raises(NotVisible):
        actions.remove_note(other.pk, note.pk, actor=bo)
    actions.remove_note(ada.pk, note.pk, actor=bo)
    with pytest.raises(NotVisible):
        actions.remove_identity(other.pk, ada.identities.all()[0].pk, actor=bo)
    assert ada.identities.count() == 2


def test_the_database_decides_whose_an_identity_is(ada):
    other = Person.objects.create(name="Other")
    with pytest.raises(IntegrityError), transaction.atomic():
        Identity.objects.create(person=other, kind="email", value="ada@example.com", original="x")
    with pytest.raises(IntegrityError), transaction.atomic():
        Identity.objects.create(person=other, kind="email", value="", original="x")
    with pytest.raises(IntegrityError), transaction.atomic():
        Identity.objects.create(person=other, kind="pigeon", value="x", original="x")


@pytest.mark.parametrize(
    "broken",
    [{"scrap": [0] * 9}, {"scrap": [3]}, {"efforts": [0] * 9}, {"efforts": [4]}, {"erased_at": "2026-03-02T09:00Z"}],
)
def test_the_database_refuses_people_that_cannot_be(ada, broken):
    with pytest.raises(IntegrityError), transaction.atomic():
        Person.objects.filter(pk=ada.pk).update(**broken)


def test_nobody_stands_for_themselves(ada):
    with pytest.raises(IntegrityError), transaction.atomic():
        Person.objects.filter(pk=ada.pk).update(canonical_id=ada.pk)


VERBS = [
    lambda ada, actor: actions.rename(ada.pk, "x", actor=actor),
    lambda ada, actor: actions.update(ada.pk, actor=actor, language="en"),
    lambda ada, actor: actions.block(ada.pk, actor=actor),
    lambda ada, actor: actions.unblock(ada.pk, actor=actor),
    lambda ada, actor: actions.add_identity(ada.pk, Given("external", "x"), actor=actor),
    lambda ada, actor: actions.remove_identity(ada.pk, 1, actor=actor),
    lambda ada, actor: actions.add_note(ada.pk, "x", actor=actor),
    lambda ada, actor: actions.remove_note(ada.pk, 1, actor=actor),
    lambda ada, actor: actions.set_attributes(ada.pk, {}, actor=actor),
    lambda ada, actor: actions.export(ada.pk, actor=actor),
    lambda ada, actor: actions.erase(ada.pk, actor=actor),
]


@pytest.mark.parametrize("verb", VERBS)
def test_every_verb_asks_who_may(ada, verb):
    stranger = Actor(kind="agent", id=99, name="Stranger", agent_id=99)
    analyst = Actor(kind="agent", id=98, name="Analyst", agent_id=98, permissions=frozenset({"customers.view"}))
    somebody_else = Actor.customer(ada.pk + 1, 1)
    with pytest.raises(NotVisible):
        verb(ada, stranger)
    with pytest.raises(NotVisible):
        verb(ada, somebody_else)
    for visible in (analyst, Actor.customer(ada.pk, 1)):
        with pytest.raises(NotAllowed):
            verb(ada, visible)


@pytest.mark.parametrize("verb", VERBS)
def test_who_does_not_exist_is_not_visible(organization, verb):
    with pytest.raises(NotVisible):
        verb(Person(pk=424242), SYSTEM)
