"""Handing out and taking away everything that is kept of a person."""

from __future__ import annotations

import json

import pytest
from django.apps import apps
from django.db import connection

from careline import touchpoints
from careline.accounts.actor import SYSTEM
from careline.accounts.models import AuditEntry
from careline.customers import actions, queries, traits
from careline.customers.identities import Given
from careline.customers.models import Identity, Note, Person, Trait
from careline.kit import personal
from careline.kit.refusals import Conflicting

pytestmark = pytest.mark.django_db


@pytest.fixture
def known_well(ada, bo, boss):
    actions.define_attribute("hint", "Hint", "text", actor=boss)
    actions.set_attributes(ada.pk, {"hint": "unmistakable-attribute"}, actor=bo)
    actions.add_note(ada.pk, "unmistakable-note", actor=bo)
    actions.add_identity(ada.pk, Given("external", "unmistakable-id"), actor=bo)
    traits.set(ada.pk, "mood", "unmistakable-trait", actor=SYSTEM)
    touchpoints.record("page.viewed", person=ada.pk, actor=SYSTEM, source="x:1", url="unmistakable-url")
    return ada


def everywhere(words: list[str]) -> dict[str, list[str]]:
    """The tables in which one of the words still stands."""
    found: dict[str, list[str]] = {}
    with connection.cursor() as cursor:
        for model in apps.get_models():
            table = model._meta.db_table
            for word in words:
                cursor.execute(f"SELECT count(*) FROM {table} t WHERE t::text ILIKE %s", [f"%{word}%"])
                if cursor.fetchone()[0]:
                    found.setdefault(word, []).append(table)
    return found


WORDS = ["Moreau", "ada@example.com", "442071838750", "unmistakable"]


def test_the_export_holds_everything_said_of_the_person(known_well, boss):
    rows = actions.export(known_well.pk, actor=boss)
    written = json.dumps(rows)
    for word in (*WORDS, "unmistakable-attribute", "unmistakable-note", "unmistakable-id", "unmistakable-trait"):
        assert word in written, word
    assert "unmistakable-url" in written
    [entry] = AuditEntry.objects.filter(subject=f"customer:{known_well.pk}")
    assert (entry.verb, entry.actor_id, entry.facts) == ("customer.exported", boss.id, {})


def test_after_erasure_no_word_of_the_person_is_left_anywhere(known_well, boss):
    assert set(everywhere(WORDS)) == set(WORDS)
    counts = actions.erase(known_well.pk, actor=boss)
    assert everywhere(WORDS) == {}
    assert counts["customers.Person"] == 1
    assert counts["customers.Identity"] == 3
    shell = Person.objects.get(pk=known_well.pk)
    assert shell.erased_at is not None
    assert (shell.name, shell.search, shell.attributes, shell.scrap, shell.efforts) == ("", "", {}, [], [])
    [entry] = AuditEntry.objects.filter(subject=f"customer:{known_well.pk}")
    assert (entry.verb, entry.actor_id, entry.facts) == ("customer.erased", boss.id, {})
    assert queries.person(boss, known_well.pk) == shell


def test_the_erased_take_no_more_verbs_but_may_be_erased_again(known_well, boss):
    actions.erase(known_well.pk, actor=boss)
    with pytest.raises(Conflicting, match="erased"):
        actions.rename(known_well.pk, "Ada", actor=boss)
    with pytest.raises(Conflicting, match="erased"):
        actions.add_identity(known_well.pk, Given("email", "ada@example.com"), actor=boss)
    assert traits.set_many([traits.Score(known_well.pk, "mood", 1)], actor=SYSTEM) == 0
    actions.erase(known_well.pk, actor=boss)


def test_whoever_comes_back_with_the_same_address_is_somebody_new(known_well, boss):
    actions.erase(known_well.pk, actor=boss)
    found = actions.find_or_create([Given("email", "ada@example.com")], actor=boss)
    assert found.created
    assert found.person != known_well


def test_all_ids_of_a_person_go_together(known_well, boss):
    twin = Person.objects.create(name="Ada Moreau twin", canonical=known_well)
    Identity.objects.create(person=twin, kind="email", value="twin@unmistakable.example", original="x")
    Note.objects.create(person=twin, body="unmistakable twin")
    Trait.objects.create(person=twin, name="x", value="unmistakable")
    assert "unmistakable twin" in json.dumps(actions.export(known_well.pk, actor=boss))
    actions.erase(twin.pk, actor=boss)
    assert everywhere(WORDS) == {}


def test_every_model_of_the_room_is_in_the_register():
    for room in ("customers", "touchpoints"):
        for model in apps.get_app_config(room).get_models():
            assert model._meta.label in personal.registered() | set(personal.exempted()), model._meta.label
