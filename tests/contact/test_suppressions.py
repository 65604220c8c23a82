"""Addresses nothing is sent to: once each, whatever a person's other addresses are, and after the person is gone."""

from __future__ import annotations

import json

import pytest
from django.db import IntegrityError

from careline import contact
from careline.accounts.actor import SYSTEM
from careline.contact import queries, reach, reasons
from careline.contact.models import Suppression
from careline.customers.models import Identity, Person
from careline.kit import personal
from careline.kit.refusals import NotAllowed, NotVisible


@pytest.fixture(autouse=True)
def by_mail(monkeypatch):
    monkeypatch.setitem(reach._ways, "post", reach.Way(frozenset({"email"})))


@pytest.fixture
def lin(db):
    lin = Person.objects.create(name="Lin")
    for address in ("lin@example.com", "lin@work.example"):
        Identity.objects.create(person=lin, kind="email", value=address, original=address)
    return lin


def test_an_address_is_suppressed_once_however_it_is_written(db):
    first = contact.suppress(" Lin@Example.com ", "user_unknown", code="5.1.1", words="no \0 such user")
    assert contact.suppress("LIN@EXAMPLE.COM", "host_unknown").pk == first.pk
    assert (first.address, first.words) == ("Lin@Example.com", "no such user")
    found = queries.suppressed(["lin@example.com", "Ada@example.com", "no address"])
    assert {address: one.pk for address, one in found.items()} == {"lin@example.com": first.pk}


def test_a_dead_address_outweighs_a_complaint_and_not_the_other_way_around(db):
    complaint = contact.suppress("lin@example.com", "complaint")
    assert complaint.allows_answers
    dead = contact.suppress("lin@example.com", "user_unknown")
    assert dead.pk == complaint.pk
    assert not contact.suppress("lin@example.com", "complaint").allows_answers
    assert Suppression.objects.get().reason == "user_unknown"


def test_who_has_one_address_that_works_is_written_to(lin):
    assert contact.decide(lin.pk, "newsletter", "post", "1").allowed
    contact.suppress("lin@example.com", "user_unknown")
    assert contact.decide(lin.pk, "newsletter", "post", "2").allowed
    last = contact.suppress("lin@work.example", "host_unknown")
    refused = contact.decide(lin.pk, "newsletter", "post", "3")
    assert (refused.allowed, refused.reason) == (False, reasons.SUPPRESSED)
    assert contact.decide(lin.pk, "newsletter", "api", "4").reason != reasons.SUPPRESSED

    assert contact.lift(last.pk, actor=SYSTEM).address == "lin@work.example"
    assert contact.decide(lin.pk, "newsletter", "post", "5").allowed


def test_who_complained_is_written_to_unasked_no_more_and_still_acknowledged(lin):
    contact.suppress("lin@example.com", "complaint")
    assert contact.decide(lin.pk, "newsletter", "post", "1").reason == reasons.COMPLAINED
    assert contact.decide(lin.pk, reach.ACKNOWLEDGEMENT, "post", "2").allowed


def test_only_who_may_change_customers_lifts(hire, db):
    known = contact.suppress("lin@example.com", "user_unknown")
    analyst = hire("Ana Lyst", role="analyst").as_actor()
    assert [one.pk for one in queries.suppressions(analyst)] == [known.pk]
    with pytest.raises(NotAllowed):
        contact.lift(known.pk, actor=analyst)
    with pytest.raises(NotVisible):
        contact.lift(known.pk + 1, actor=SYSTEM)


def test_an_erased_person_leaves_a_proof_and_no_address(lin, everything_stored_of_contact):
    contact.suppress("lin@example.com", "user_unknown", words="550 <lin@example.com> unknown")
    assert "lin@example.com" in json.dumps(personal.export(lin.pk)["contact.Suppression"])
    personal.erase(lin.pk)
    assert "lin" not in everything_stored_of_contact()
    assert queries.suppressed(["lin@example.com"])


@pytest.fixture
def everything_stored_of_contact():
    return lambda: json.dumps(list(Suppression.objects.values("address", "words", "code", "message_id")))


def test_the_database_knows_its_reasons(db):
    with pytest.raises(IntegrityError):
        Suppression.objects.create(key="k", reason="mood")
