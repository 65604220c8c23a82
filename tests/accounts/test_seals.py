"""Seals on the audit log: what is changed behind the database's own refusal is found, with the day it is of."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection

from careline.accounts import ageing, audit, seals
from careline.accounts.actor import SYSTEM
from careline.accounts.models import AuditEntry, AuditSeal

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


@pytest.fixture
def days(db, time_machine):
    """Three entries a day on four days with an empty one between, sealed on the sixth."""
    for n in (0, 1, 3, 4):
        time_machine.move_to(NOON + timedelta(days=n), tick=False)
        for number in range(3):
            audit.record("team.renamed", f"team:{number}", actor=SYSTEM, was=[number])
    time_machine.move_to(NOON + timedelta(days=5), tick=False)
    assert seals.seal() == 5
    return [NOON.date() + timedelta(days=n) for n in range(5)]


def behind_its_back(statement: str, *given: object) -> None:
    """As whoever owns the database does it: without triggers."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(statement, given)
        cursor.execute("SET LOCAL session_replication_role = origin")


def test_what_nobody_touched_is_whole(days):
    assert seals.verify() == seals.Sealed(5, days[-1])
    assert seals.seal() == 0
    assert [one.entries for one in AuditSeal.objects.order_by("day")] == [3, 3, 0, 3, 3]
    # Of today nothing is sealed before it is over, and the hour after.
    assert seals.seal(at=NOON.replace(hour=0, minute=59) + timedelta(days=6)) == 0
    assert seals.seal(at=NOON.replace(hour=1) + timedelta(days=6)) == 1


@pytest.mark.parametrize(
    ("statement", "day"),
    [
        ("UPDATE accounts_auditentry SET facts = '{}' WHERE id = %s", 1),
        ("UPDATE accounts_auditentry SET actor_id = 7 WHERE id = %s", 1),
        ("UPDATE accounts_auditentry SET at = at + interval '1 microsecond' WHERE id = %s", 1),
        ("DELETE FROM accounts_auditentry WHERE id = %s", 1),
        ("INSERT INTO accounts_auditentry SELECT gen_random_uuid(), at + interval '1 day', actor_kind, actor_id, verb,"
         " subject, facts FROM accounts_auditentry WHERE id = %s", 2),
        ("UPDATE accounts_auditentry SET at = at - interval '9 days' WHERE id = %s", 1),
    ],
)  # fmt: skip
def test_a_change_is_found_on_its_day(days, statement, day):
    one = AuditEntry.objects.filter(at__date=days[1]).order_by("id")[1]
    behind_its_back(statement, one.pk)
    assert seals.verify().broken == days[day]


def test_seals_cannot_be_made_to_fit(days):
    """Whoever changes a day has to seal it again, and lacks the key; and the seals after it lean on it."""
    AuditSeal.objects.filter(day=days[1]).update(digest=seals.NOTHING, entries=0)
    assert "key" in seals.verify().why
    AuditSeal.objects.filter(day=days[1]).delete()
    assert (seals.verify().broken, seals.verify().why) == (days[1], "its seal is missing")


def test_with_another_key_nothing_fits_until_it_is_sealed_anew(days, settings):
    settings.SECRET_KEY = "another " * 8
    assert (seals.verify().broken, "key" in seals.verify().why) == (days[0], True)
    assert seals.anew() == 5
    assert seals.verify().broken is None
    assert AuditEntry.objects.latest("id").verb == "audit.sealed-anew"


def test_entries_before_the_first_seal_are_found(days):
    old = AuditEntry.objects.create(at=NOON - timedelta(days=9), actor_kind="system", verb="x.made", subject="x:1")
    assert seals.verify().broken == old.at.date()


def test_what_goes_by_its_time_is_no_break_and_what_goes_before_is(days, time_machine):
    time_machine.move_to(NOON + timedelta(days=40), tick=False)
    before = datetime.combine(days[2], datetime.min.time(), UTC)
    behind_its_back("DELETE FROM accounts_auditentry WHERE at < %s", before)
    assert seals.verify().broken == days[0]
    ageing.seals.let_go(before)
    assert seals.verify().broken is None
    AuditSeal.objects.filter(day=days[4]).update(aged=True)
    assert seals.verify(at=NOON + timedelta(days=6)).why == "its entries went before their time"


def test_no_log_is_no_broken_log(db):
    assert seals.seal(at=NOON) == 0
    assert seals.verify() == seals.Sealed(0, None)
