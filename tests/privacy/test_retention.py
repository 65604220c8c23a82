"""What grew old goes, and nothing else; what is counted of it beforehand is what goes."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection, transaction
from django.db.utils import DatabaseError

from careline import touchpoints
from careline.accounts.actor import SYSTEM
from careline.accounts.models import AuditEntry
from careline.files import actions as files
from careline.files.models import StoredFile
from careline.insights.models import Stale
from careline.kit import clock, retention
from careline.kit.refusals import NotAllowed, NotVisible, Refused
from careline.privacy import actions, nights, queries
from careline.privacy.models import Cleansing
from careline.service.conversations import actions as talk
from careline.service.conversations.models import Conversation, Message
from careline.touchpoints import partitions
from careline.touchpoints.ageing import GROUPS
from careline.touchpoints.kinds import KINDS
from careline.touchpoints.models import Seen, Touchpoint
from careline.web.settings.retention import words

pytestmark = pytest.mark.django_db


@pytest.fixture
def moment() -> Callable[..., None]:
    def moment(kind: str, *, days: float, person: int = 7, key: str | None = None, **facts: Any) -> None:
        with transaction.atomic():
            touchpoints.record(
                kind, person=person, actor=SYSTEM, source="source:1", key=key,
                occurred_at=clock.now() - timedelta(days=days), **facts,
            )  # fmt: skip

    return moment


def kinds_left() -> list[str]:
    return sorted(Touchpoint.objects.values_list("kind", flat=True))


def test_every_kind_of_touchpoint_grows_old_in_one_group():
    grouped = [kind for kinds in GROUPS.values() for kind in kinds]
    assert sorted(grouped) == sorted(KINDS)


def test_the_screen_has_words_for_whatever_grows_old():
    assert set(words()) == {sort.key for sort in retention.sorts()}


def test_old_moments_of_a_group_go_and_the_copy_is_told(moment, boss):
    moment("page.viewed", days=40, url="https://shop.example/a")
    moment("page.viewed", days=41, person=8)
    moment("page.viewed", days=5)
    moment("order.placed", days=400, order="A-1", total_minor=1, currency="EUR")
    going = queries.preview(boss, "pages", 30)
    assert going is not None
    assert (going.rows, going.people) == (2, 2)
    assert going.oldest is not None
    assert going.oldest < clock.now() - timedelta(days=40)
    assert going.size > 100
    assert nights.age() == {}
    actions.set_period("pages", 30, actor=boss)
    assert nights.age() == {"pages": 2}
    assert kinds_left() == ["order.placed", "page.viewed"]
    assert set(Stale.objects.values_list("person_id", flat=True)) == {7, 8}
    assert nights.age() == {}
    entry = AuditEntry.objects.get(verb="retention.applied")
    assert (entry.subject, entry.facts, entry.actor_kind) == ("retention:pages", {"rows": 2}, "system")
    # Where they lay is cleaned with the next erasure.
    assert Cleansing.objects.get().tables


def test_a_moment_stays_until_every_subscriber_has_had_it(moment, boss):
    moment("page.viewed", days=40)
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO touchpoints_cursor (subscriber, xid, id, failures, error) VALUES ('slow', '3', %s, 0, '')",
            ["00000000-0000-0000-0000-000000000000"],
        )
    actions.set_period("pages", 30, actor=boss)
    assert nights.age() == {}
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM touchpoints_cursor")
    assert nights.age() == {"pages": 1}


def test_a_month_in_which_nothing_stays_goes_whole_and_late_moments_are_still_taken(moment, boss):
    now = datetime(2026, 11, 20, tzinfo=UTC)
    with time_machine.travel(now, tick=False):
        partitions.ensure_partitions(datetime(2026, 6, 1, tzinfo=UTC).date(), now.date())
        for days in (150, 120, 90):
            moment("page.viewed", days=days)
        moment("order.placed", days=120, order="A-1", total_minor=1, currency="EUR")
        for kind in ("pages", "orders"):
            actions.set_period(kind, 100, actor=boss)
        assert nights.age() == {"months": 3}
        assert kinds_left() == ["page.viewed"]
        assert set(Stale.objects.values_list("person_id", flat=True)) == {0}
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT to_regclass('touchpoints_touchpoint_2026_06'), to_regclass('touchpoints_touchpoint_2026_08')"
            )
            assert cursor.fetchone()[0] is None
        moment("page.viewed", days=160)
        assert nights.age() == {"pages": 1}
        assert partitions.ensure_partitions(datetime(2026, 5, 1, tzinfo=UTC).date(), now.date()) > 0


def test_a_conversation_at_rest_goes_with_what_was_said_and_what_the_line_quoted(conversation, ada, bo, boss):
    file = files.store(b"%PDF-1.4 bill", name="bill.pdf", person_id=ada.pk)
    talk.hear(conversation.pk, actor=bo, body="Here it is", person_id=ada.pk, files=[file])
    talk.resolve(conversation.pk, actor=bo)
    actions.set_period("conversations", 30, actor=boss)
    assert nights.age() == {}
    before = Touchpoint.objects.count()
    with time_machine.travel(clock.now() + timedelta(days=31)):
        going = queries.preview(boss, "conversations", 30)
        assert going is not None
        assert (going.rows, going.people) == (1, 1)
        assert nights.age() == {"conversations": 1}
    assert (Conversation.objects.count(), Message.objects.count()) == (0, 0)
    assert StoredFile.objects.get().erased_at is not None
    assert Touchpoint.objects.count() == before
    quoted = {"preview", "subject"}
    assert not any(quoted & set(one.facts) for one in Touchpoint.objects.all())


def test_an_open_conversation_never_grows_old(conversation, boss):
    actions.set_period("conversations", 7, actor=boss)
    with time_machine.travel(clock.now() + timedelta(days=4000)):
        assert "conversations" not in nights.age()
    assert Conversation.objects.filter(pk=conversation.pk).exists()


def test_keys_of_events_stay_ninety_days_at_least(moment, boss):
    moment("page.viewed", days=0, key="m-1")
    with pytest.raises(Refused, match="at least 90 days"):
        actions.set_period("keys", 89, actor=boss)
    assert nights.age() == {}
    with time_machine.travel(clock.now() + timedelta(days=181)):
        assert nights.age()["keys"] == 1
    assert not Seen.objects.exists()


def test_the_audit_log_loses_old_entries_to_the_period_and_to_nothing_else(boss):
    actions.set_period("audit", 30, actor=boss)
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM accounts_auditentry")
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL careline.ageing = 'on'")
        cursor.execute("DELETE FROM accounts_auditentry")  # younger than a month
    AuditEntry.objects.create(at=clock.now() - timedelta(days=31), actor_kind="system", verb="x.done", subject="x:1")
    assert nights.age() == {"audit": 1}
    assert not AuditEntry.objects.filter(verb="x.done").exists()


def test_files_and_debugger_rows_and_sessions_grow_old(ada, boss):
    from careline.accounts import sessions
    from careline.accounts.models import Agent, Session
    from careline.tracking.models import Sighting, Source

    files.store(b"%PDF-1.4 bill", name="bill.pdf", person_id=ada.pk)
    Sighting.objects.create(source=Source.objects.create(name="Shop", key="k", side="client"), outcome="accepted")
    sessions.open_session(Agent.objects.get(pk=boss.agent_id))
    for kind in ("files", "debugger", "sessions"):
        actions.set_period(kind, 10, actor=boss)
    assert nights.age() == {}
    with time_machine.travel(clock.now() + timedelta(days=11)):
        assert nights.age() == {"files": 1, "debugger": 1, "sessions": 1}
    assert (StoredFile.objects.filter(erased_at=None).count(), Sighting.objects.count(), Session.objects.count()) == (
        0, 0, 0,
    )  # fmt: skip


def test_who_may_not_sets_no_period(bo, boss):
    with pytest.raises(NotAllowed):
        actions.set_period("pages", 30, actor=bo)
    with pytest.raises(NotVisible):
        actions.set_period("secrets", 30, actor=boss)
    with pytest.raises(Refused):
        actions.set_period("pages", 36501, actor=boss)
    actions.set_period("pages", 30, actor=boss)
    actions.set_period("pages", None, actor=boss)
    assert queries.period(boss, "pages").days is None
    assert queries.period(boss, "raw").days == 30
    changed = AuditEntry.objects.filter(verb="retention.changed").order_by("id").values_list("facts", flat=True)
    assert list(changed) == [{"before": None, "after": 30}, {"before": 30, "after": None}]
