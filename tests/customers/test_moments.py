"""Moments added by hand."""

from __future__ import annotations

from datetime import timedelta

import pytest

from careline.accounts.actor import Actor
from careline.customers import actions
from careline.kit import clock
from careline.kit.refusals import Conflicting, NotAllowed, NotVisible, Refused
from careline.touchpoints.models import Touchpoint

pytestmark = pytest.mark.django_db


def add(person, actor, *, way="call", words="Called about the kettle", at=None):
    return actions.add_moment(person.pk, way=way, words=words, at=at, actor=actor)


def test_it_stands_on_the_line_with_who_added_it(ada, bo):
    then = clock.now() - timedelta(days=3)
    at, id = add(ada, bo, at=then)
    found = Touchpoint.objects.get(id=id)
    assert (found.kind, found.person_id, found.occurred_at) == ("moment.added", ada.pk, then)
    assert (found.actor_kind, found.actor_id) == ("agent", bo.id)
    assert found.facts == {"way": "call", "author": bo.name, "words": "Called about the kettle"}
    assert at == then


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"way": "dream"}, "way"),
        ({"words": "  "}, "words"),
        ({"words": "x" * 2001}, "words"),
        ({"words": "\0"}, "words"),
    ],
)
def test_what_it_was_and_the_words_are_needed(ada, bo, given, field):
    with pytest.raises(Refused) as refused:
        add(ada, bo, **given)
    assert refused.value.field == field


@pytest.mark.parametrize("ahead", [timedelta(hours=1), -timedelta(days=365 * 200)])
def test_what_has_not_happened_is_refused(ada, bo, ahead):
    with pytest.raises(Refused) as refused:
        add(ada, bo, at=clock.now() + ahead)
    assert refused.value.field == "at"


def test_who_may_not_edit_adds_nothing(ada, bo):
    looking = Actor(
        kind="agent", id=1, name="Nadia", agent_id=1, permissions=frozenset({"customers.view"}), inbox_ids=()
    )
    with pytest.raises(NotAllowed):
        add(ada, looking)
    with pytest.raises(NotVisible):
        add(ada, Actor.customer(ada.pk + 1, 1))
    assert not Touchpoint.objects.filter(kind="moment.added").exists()


def test_nothing_is_added_to_the_erased_and_its_words_go_with_them(ada, boss):
    add(ada, boss)
    actions.erase(ada.pk, actor=boss)
    assert "words" not in Touchpoint.objects.get(kind="moment.added").facts
    with pytest.raises(Conflicting):
        add(ada, boss)
