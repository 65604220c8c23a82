"""What metrics and doctor say stands in the tables."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection

from careline import touchpoints
from careline.accounts.actor import SYSTEM
from careline.channels.figures import TRAFFIC
from careline.channels.models import Inbound, Inbox
from careline.cli.rooms import discover
from careline.kit import clock
from careline.kit.backlog import BACKLOG
from careline.touchpoints import subscribers
from careline.touchpoints.figures import NEWEST_MONTH, STANDINGS
from careline.touchpoints.models import Cursor
from tests.touchpoints.conftest import wait_for_the_horizon

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True, scope="module")
def everybody() -> None:
    discover()


def test_a_subscriber_is_behind_until_it_has_passed(transactional_db: None):
    from django.db import transaction

    subscribers.advance_all()
    with transaction.atomic():
        touchpoints.record(
            "order.placed", person=1, actor=SYSTEM, source="order:1", order="1", total_minor=1, currency="EUR"
        )
    standings = STANDINGS.all()
    assert {one.behind for one in standings} == {1}
    assert all(0 <= one.age < 60 and not one.ahead for one in standings)
    wait_for_the_horizon()
    subscribers.advance_all()
    assert {(one.behind, one.age) for one in STANDINGS.all()} == {(0, 0.0)}


def test_a_cursor_of_another_cluster_is_ahead(transactional_db: None):
    subscribers.enroll()
    Cursor.objects.update(xid="999999999999")
    assert {one.ahead for one in STANDINGS.all()} == {True}


def test_what_waits_and_what_failed_on_the_way_in(inbox: Inbox):
    long_ago = clock.now() - timedelta(minutes=30)
    for number, state in enumerate(["new", "new", "taken", "failed"]):
        Inbound.objects.create(
            inbox=inbox, external_key=str(number), raw=b"{}", state=state, received_at=long_ago,
            error="unreadable" if state == "failed" else "",
        )  # fmt: skip
    traffic = TRAFFIC.one()
    assert traffic is not None
    assert (traffic.in_waiting, traffic.in_failed, traffic.out_waiting, traffic.out_failed) == (2, 1, 0, 0)
    assert 1790 < traffic.in_age < 1900


def test_jobs_are_counted_by_what_becomes_of_them():
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM procrastinate_jobs")
        cursor.execute(
            "INSERT INTO procrastinate_jobs (queue_name, task_name, args, status, scheduled_at) VALUES"
            " ('default', 'a', '{}', 'todo', now() - interval '5 minutes'), ('default', 'b', '{}', 'todo', NULL),"
            " ('default', 'c', '{}', 'todo', now() + interval '1 hour'), ('default', 'd', '{}', 'doing', NULL),"
            " ('default', 'e', '{}', 'failed', NULL), ('default', 'f', '{}', 'succeeded', NULL)"
        )
    backlog = BACKLOG.one()
    assert backlog is not None
    assert (backlog.due, backlog.later, backlog.doing, backlog.stalled, backlog.failed) == (2, 1, 1, 1, 1)
    assert 299 < backlog.age < 400


def test_the_newest_month_is_known():
    newest = NEWEST_MONTH.one()
    assert newest is not None
    assert newest.month >= f"{clock.now():%Y_%m}"
