"""Topics are found in what customers said, and what somebody changed outlasts the next search."""

from __future__ import annotations

from datetime import timedelta

import msgspec
import pytest

from careline.accounts.actor import Actor
from careline.insights.models import Finding, Membership, Topic
from careline.insights.topics import actions, queries
from careline.kit import clock, personal
from careline.kit.refusals import NotAllowed, NotVisible, Refused
from careline.service.conversations.models import Conversation

pytestmark = pytest.mark.django_db


def without(actor: Actor, *permissions: str) -> Actor:
    return msgspec.structs.replace(actor, permissions=actor.permissions - set(permissions))


def of_word(word: str) -> Topic:
    return Topic.objects.get(words__contains=[word])


def test_what_many_write_about_is_one_topic_named_by_its_words(wrote, searched, boss):
    assert {"card", "parcel", "password"} <= {word for row in searched() for word in row.words}
    for about, numbers in wrote.items():
        held = Membership.objects.filter(topic=of_word(about)).values_list("conversation", flat=True)
        assert len(set(held) & set(numbers)) >= 5, about
        assert not set(held) - set(numbers), about
    found = queries.counts(boss)
    assert found.whole == 18
    assert sum(one.n for one in found.topics) + found.outside == 18
    assert found.topics[0].share.low is not None
    assert Finding.objects.get().done == 18


def test_every_number_opens(wrote, searched, boss):
    searched()
    for one in queries.counts(boss).topics:
        assert len(queries.members(boss, one.id)) == one.n
        assert len(queries.members(boss, one.id, which="read")) == one.negative.whole
        assert {each.mood for each in queries.members(boss, one.id, which="negative")} <= {"negative"}
        assert queries.members(boss, one.id, which="before") == []
        assert queries.members(boss, one.id)[0].words


def test_found_again_it_is_the_same_topic(wrote, searched):
    first = {row.pk: row.name for row in searched()}
    assert {row.pk: row.name for row in searched()} == first
    assert Finding.objects.count() == 2


def test_a_name_outlasts_the_search_and_takes_what_is_new(wrote, searched, begins, boss):
    searched()
    card = of_word("card")
    actions.change(card.pk, actor=boss, name="Declined at the till")
    new = begins("My card was declined in the bakery")
    searched()
    card.refresh_from_db()
    assert (card.name, card.is_locked) == ("Declined at the till", True)
    assert Membership.objects.get(conversation=new).topic == card


def test_merged_they_are_one_and_taken_apart_two(wrote, searched, boss):
    searched()
    card, parcel = of_word("card"), of_word("parcel")
    alone = {one.id: one.n for one in queries.counts(boss).topics}
    actions.merge(card.pk, parcel.pk, actor=boss)
    searched()
    merged = {one.id: one for one in queries.counts(boss).topics}
    assert card.pk not in merged
    assert merged[parcel.pk].n == alone[card.pk] + alone[parcel.pk] == len(queries.members(boss, parcel.pk))
    assert [pk for pk, _name in merged[parcel.pk].parts] == [card.pk]
    with pytest.raises(Refused):
        actions.merge(parcel.pk, card.pk, actor=boss)
    with pytest.raises(Refused):
        actions.change(card.pk, actor=boss, is_locked=False)
    actions.part(card.pk, actor=boss)
    apart = {one.id: one.n for one in queries.counts(boss).topics}
    assert (apart[card.pk], apart[parcel.pk]) == (alone[card.pk], alone[parcel.pk])


def test_put_away_it_stands_in_no_list_and_comes_back(wrote, searched, boss):
    searched()
    card = of_word("card")
    actions.change(card.pk, actor=boss, is_away=True)
    searched()
    assert card.pk not in [one.id for one in queries.counts(boss).topics]
    assert [one.id for one in queries.counts(boss, away=True).topics] == [card.pk]
    actions.change(card.pk, actor=boss, is_away=False)
    assert card.pk in [one.id for one in queries.counts(boss).topics]


def test_two_who_press_at_once_search_once(wrote, boss):
    assert actions.find(actor=boss).pk == actions.find(actor=boss).pk
    assert Finding.objects.count() == 1


def test_who_sees_none_of_it_does_not_learn_its_name(wrote, searched, elsewhere, hire, inbox):
    searched()
    here = hire("Ana Lyst", role="analyst").as_actor([inbox.pk])
    there = without(hire("Bea Lyst", role="analyst").as_actor([elsewhere.pk]), "inboxes.view_all")
    topic = queries.counts(here).topics[0].id
    assert queries.counts(there).topics == []
    with pytest.raises(NotVisible):
        queries.members(there, topic)
    with pytest.raises(NotVisible):
        actions.change(topic, actor=there, name="Mine")


def test_who_reads_no_figures_reads_no_topics(wrote, searched, bo):
    searched()
    for asked in (lambda: queries.counts(bo), lambda: actions.find(actor=bo)):
        with pytest.raises(NotAllowed):
            asked()


def test_a_trend_is_told_where_the_time_before_was_read(wrote, searched, begins, boss):
    for at in range(12):
        begins(f"Where is my parcel number {at}?", ago=timedelta(days=40))
    searched()
    assert queries.counts(boss).has_before is False, "the time before begins 56 days ago, the oldest word is of 40"
    begins("Where is my parcel now?", ago=timedelta(days=60))
    searched()
    parcel = next(one for one in queries.counts(boss).topics if one.id == of_word("parcel").pk)
    assert parcel.change is not None
    assert parcel.change.real
    assert parcel.change.value < 0
    assert len(queries.members(boss, parcel.id, which="before")) == parcel.before


def test_what_was_written_to_a_survey_belongs_too(wrote, searched, answered_in_words, boss, hire):
    response = answered_in_words("The password page is broken, I want my password back")
    searched()
    assert Membership.objects.get(response=response).topic == of_word("password")
    reader = hire("Una Seen", role="analyst").as_actor([])
    assert queries.counts(reader).whole == 1, "what was answered in no inbox is seen by whoever reads surveys"
    assert queries.counts(without(reader, "surveys.view")).whole == 0


def test_an_address_names_no_topic(searched, begins):
    for _one in range(6):
        begins("Write to mara.secretive@harbor.example about the bicycle wheel")
    for _one in range(6):
        begins("Where is my parcel?")
    assert not any("secretive" in word for row in searched() for word in row.words)


def test_erased_they_belong_to_none(wrote, searched):
    searched()
    one = Conversation.objects.get(pk=wrote["card"][0])
    told = personal.export(one.person_id)["insights.Membership"]
    assert told[0]["topic"]
    personal.erase(one.person_id)
    assert not Membership.objects.filter(conversation=one).exists()
    assert Membership.objects.count() == 17
    assert clock.now() > Finding.objects.get().ended_at
