"""Consent: a no of one side holds for both while they are joined, and parted each has what was said of them."""

from __future__ import annotations

import pytest

from careline import contact
from careline.contact import reasons
from careline.customers import actions, queries
from careline.customers.models import Consent, Person
from careline.kit import personal
from careline.kit.refusals import NotAllowed, Refused


@pytest.fixture
def twin(db) -> Person:
    return Person.objects.create(name="A. Moreau")


def said(actor, person) -> dict[str, bool]:
    return {one.purpose: one.given for one in queries.consents(actor, person.pk)}


def asked(person, purpose: str, key: str) -> str:
    return contact.decide(person.pk, purpose, "webchat", key).reason


@pytest.mark.parametrize("which", ["kept", "joined"])
def test_the_stricter_side_holds_and_a_split_gives_exactly_back(ada, twin, bo, which):
    strict, other = (ada, twin) if which == "kept" else (twin, ada)
    actions.say_consent(strict.pk, "newsletter", given=False, actor=bo)
    actions.say_consent(other.pk, "newsletter", given=True, actor=bo)
    actions.say_consent(other.pk, "survey", given=True, actor=bo)
    before = list(Consent.objects.order_by("pk").values())
    entry = actions.merge(ada.pk, twin.pk, actor=bo)
    assert said(bo, ada) == said(bo, twin) == {"newsletter": False, "survey": True}
    actions.split(entry.pk, actor=bo)
    assert said(bo, strict) == {"newsletter": False}
    assert said(bo, other) == {"newsletter": True, "survey": True}
    assert list(Consent.objects.order_by("pk").values()) == before


def test_what_is_said_as_one_is_said_of_both(ada, twin, bo):
    actions.say_consent(twin.pk, "newsletter", given=False, actor=bo)
    entry = actions.merge(ada.pk, twin.pk, actor=bo)
    assert actions.say_consent(ada.pk, "newsletter", given=True, actor=bo)
    assert said(bo, ada) == {"newsletter": True}
    actions.split(entry.pk, actor=bo)
    assert said(bo, ada) == said(bo, twin) == {"newsletter": True}


def test_a_no_keeps_us_from_writing_for_that_and_any_for_everything(ada, twin, bo):
    assert asked(ada, "newsletter", "1") != reasons.WITHDRAWN
    actions.say_consent(twin.pk, "newsletter", given=False, actor=bo)
    entry = actions.merge(ada.pk, twin.pk, actor=bo)
    assert asked(ada, "newsletter", "2") == reasons.WITHDRAWN
    assert asked(ada, "survey", "3") != reasons.WITHDRAWN
    actions.split(entry.pk, actor=bo)
    assert asked(ada, "newsletter", "4") != reasons.WITHDRAWN
    actions.say_consent(ada.pk, actions.ANY, given=False, actor=bo)
    assert asked(ada, "survey", "5") == reasons.WITHDRAWN


def test_each_change_is_a_moment_and_saying_it_again_is_none(ada, bo, line_of):
    for given in (True, True, False):
        actions.say_consent(ada.pk, "survey", given=given, actor=bo)
    assert [(one.kind, one.facts) for one in line_of(ada.pk)] == [
        ("consent.given", {"purpose": "survey"}), ("consent.withdrawn", {"purpose": "survey"}),
    ]  # fmt: skip
    assert personal.export(ada.pk)["customers.Consent"][0]["given"] is False


@pytest.mark.parametrize("purpose", ["", "No", "a b", "x" * 61, "a\0"])
def test_a_purpose_is_a_word(purpose, ada, bo, hire):
    with pytest.raises(Refused):
        actions.say_consent(ada.pk, purpose, given=True, actor=bo)
    with pytest.raises(NotAllowed):
        actions.say_consent(ada.pk, "survey", given=True, actor=hire("Ana Lyst", role="analyst").as_actor())
