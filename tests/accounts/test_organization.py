"""What the organization says of itself."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction

from careline.accounts import actions, queries
from careline.accounts.models import AuditEntry, Organization
from careline.kit.refusals import NotAllowed, Refused


def test_only_what_is_given_changes(boss):
    actions.update_organization(actor=boss, zone="Asia/Jakarta", languages=["id", "en", "id"], country="ID")
    found = queries.organization()
    assert (found.name, found.zone, found.country, found.currency) == ("Harbor Goods", "Asia/Jakarta", "ID", "EUR")
    assert found.languages == ["id", "en"]
    assert AuditEntry.objects.get(verb="organization.updated").facts == {"fields": ["country", "languages", "zone"]}
    actions.update_organization(actor=boss, zone="Asia/Jakarta")
    assert AuditEntry.objects.filter(verb="organization.updated").count() == 1


@pytest.mark.parametrize(
    "wrong",
    [
        {"name": " "},
        {"zone": "America"},
        {"zone": "Jakarta"},
        {"currency": "eur"},
        {"country": "Portugal"},
        {"languages": []},
        {"languages": ["english"]},
        {"languages": [""]},
        {"languages": ["en", "nul\0"]},
        {"calendars": {"S": {"days": {"mon": [["09:00", "12:00"], ["11:00", "17:00"]]}}}},
    ],
)
def test_what_cannot_be_is_refused_with_a_word(boss, wrong):
    with pytest.raises(Refused) as refused:
        actions.update_organization(actor=boss, **wrong)
    assert [refused.value.field] == list(wrong)


def test_a_language_may_have_a_script_and_a_country(boss):
    found = actions.update_organization(actor=boss, languages=["pt-br", "zh-Hant-TW", "ar"])
    assert found.languages == ["pt-BR", "zh-Hant-TW", "ar"]


def test_whoever_may_not_cannot(bo, cy):
    for actor in (bo, cy):
        with pytest.raises(NotAllowed):
            actions.update_organization(actor=actor, name="Ours")


def test_whoever_promises_keeps_the_hours_and_nothing_else(bo, cy, organization):
    hours = {"Shop": {"days": {"mon": [["09:00", "12:00"], ["13:00", "17:00"]]}, "holidays": ["2026-12-25"]}}
    assert actions.update_organization(actor=cy, calendars=hours).calendars["Shop"]["holidays"] == ["2026-12-25"]
    with pytest.raises(NotAllowed):
        actions.update_organization(actor=cy, calendars={}, zone="Asia/Jakarta")
    with pytest.raises(NotAllowed):
        actions.update_organization(actor=bo, calendars={})


def test_there_is_one_organization(organization):
    with pytest.raises(IntegrityError), transaction.atomic():
        Organization.objects.create(id=2, name="Another")
    with pytest.raises(IntegrityError), transaction.atomic():
        Organization.objects.create(name="Another")
