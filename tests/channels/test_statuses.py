"""Law 1 on statuses: whatever comes in whatever order, a message only rises, and nothing told is forgotten."""

from __future__ import annotations

import threading
from typing import Any

import pytest
from django.db import connections, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from careline import contact
from careline.channels import inbound, outbox
from careline.channels.models import Inbox, Outbox, ParkedStatus
from careline.channels.outbox import delivery
from careline.channels.outbox.delivery import Claim, Outcome
from careline.customers.models import Person
from careline.touchpoints.models import Touchpoint

TOLD = ("sent", "failed", "delivered", "read", "played")
EVENTS = st.lists(
    st.one_of(
        st.sampled_from(["our id", "refused for good", "lost"]),
        st.sampled_from(TOLD).map(lambda status: f"told {status}"),
        st.sampled_from(TOLD).map(lambda status: f"stranger {status}"),
    ),
    max_size=12,
)


@pytest.fixture
def row(pushing: Inbox, conversation: Any, bo: Any) -> Outbox:
    """A reply on its way, claimed once."""
    from careline.service.conversations import actions

    said = actions.reply(conversation.pk, actor=bo, body="Yes.")
    reply = contact.Reply(conversation.pk, said.message_id)
    row = outbox.enqueue(reply, inbox_id=pushing.pk, person_id=conversation.person_id, words="Yes.")
    row.state, row.attempts = "sending", 1
    row.save()
    return row


def claim_of(row: Outbox) -> Claim:
    return Claim(row.pk, row.inbox_id, "api", row.person_id, "x", "{}", row.message_id, None, 1, row.created_at)


def told_of(row: Outbox) -> list[str]:
    moments = Touchpoint.objects.filter(kind="delivery.updated", person_id=row.person_id).order_by("id")
    return [moment.facts["status"] for moment in moments]


@pytest.mark.django_db
@given(events=EVENTS)
@settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
def test_statuses_only_rise_and_none_is_lost(row: Outbox, events: list[str]) -> None:
    with transaction.atomic():
        best, named, waiting = "sending", False, []
        for event in events:
            what, _space, status = event.partition(" ")
            match what:
                case "our":
                    delivery._settle(claim_of(row), Outcome(external_id="ext-1"))
                    best = max([best, "sent", *waiting], key=outbox.RANK.__getitem__)
                    named, waiting = True, []
                case "refused" if best == "sending":
                    delivery._settle(claim_of(row), Outcome(failure="no", permanent=True))
                    best = "failed"
                case "refused" | "lost":
                    delivery._settle(claim_of(row), Outcome(failure="no", permanent=what == "refused"))
                case "told":
                    outbox.status(row.inbox_id, "ext-1", status)
                    if named:
                        best = max(best, status, key=outbox.RANK.__getitem__)
                    else:
                        waiting.append(status)
                case "stranger":
                    outbox.status(row.inbox_id, "another id", status)
            now = Outbox.objects.get(pk=row.pk)
            assert now.state == best, (event, events)
            assert (now.error != "") == (now.state == "failed") or now.state == "sending"
        ranks = [outbox.RANK[status] for status in told_of(row)]
        assert ranks == sorted(set(ranks)), "each step is told once, and upwards"
        assert (not ranks and best == "sending") or ranks[-1] == outbox.RANK[best]
        parked = set(ParkedStatus.objects.filter(external_id="ext-1").values_list("status", flat=True))
        assert parked == set(waiting)
        transaction.set_rollback(True)


def test_the_ranks_are_those_of_the_law() -> None:
    assert sorted(outbox.RANK, key=outbox.RANK.__getitem__) == [
        "queued", "sending", "sent", "failed", "delivered", "read", "played",
    ]  # fmt: skip


@pytest.mark.django_db
def test_a_status_that_came_too_early_is_applied_when_the_id_is_known(row: Outbox) -> None:
    assert outbox.status(row.inbox_id, "ext-1", "read") is False
    assert outbox.status(row.inbox_id, "ext-1", "delivered") is False
    delivery._settle(claim_of(row), Outcome(external_id="ext-1"))
    row.refresh_from_db()
    assert row.state == "read"
    assert told_of(row) == ["sent", "delivered", "read"]
    assert not ParkedStatus.objects.exists()


@pytest.mark.django_db
def test_a_status_is_of_one_inbox(row: Outbox, elsewhere: Inbox) -> None:
    delivery._settle(claim_of(row), Outcome(external_id="ext-1"))
    outbox.status(elsewhere.pk, "ext-1", "read")
    row.refresh_from_db()
    assert row.state == "sent"


@pytest.mark.django_db
def test_a_failure_keeps_its_reason_and_a_later_arrival_corrects_it(row: Outbox) -> None:
    delivery._settle(claim_of(row), Outcome(external_id="ext-1"))
    outbox.status(row.inbox_id, "ext-1", "failed", "The number\0 does not exist.")
    row.refresh_from_db()
    assert (row.state, row.error) == ("failed", "The number does not exist.")
    outbox.status(row.inbox_id, "ext-1", "delivered")
    row.refresh_from_db()
    assert (row.state, row.error) == ("delivered", "")


@pytest.mark.django_db
@pytest.mark.parametrize("status", ["queued", "sending", "flying", ""])
def test_only_what_another_side_can_know_is_a_status(row: Outbox, status: str) -> None:
    with pytest.raises(ValueError):
        outbox.status(row.inbox_id, "ext-1", status)


@pytest.mark.django_db
def test_one_id_for_several_messages_names_the_first(row: Outbox, pushing: Inbox, ada: Person) -> None:
    yes = contact.decide(ada.pk, "conversation", "api", "start:1")
    other = outbox.enqueue(yes, inbox_id=pushing.pk, person_id=ada.pk, words="Hello")
    delivery._settle(claim_of(row), Outcome(external_id="ok"))
    Outbox.objects.filter(pk=other.pk).update(state="sending", attempts=1)
    delivery._settle(claim_of(other), Outcome(external_id="ok"))
    assert list(Outbox.objects.order_by("id").values_list("state", "external_id")) == [("sent", "ok"), ("sent", None)]


@pytest.mark.django_db
def test_a_late_failure_of_an_attempt_that_was_given_up_changes_nothing(row: Outbox) -> None:
    Outbox.objects.update(attempts=2)
    delivery._settle(claim_of(row), Outcome(failure="no", permanent=True))
    row.refresh_from_db()
    assert row.state == "sending"


@pytest.mark.django_db(transaction=True)
def test_a_status_and_its_id_that_arrive_at_once_meet(row: Outbox) -> None:
    for n in range(8):
        Outbox.objects.filter(pk=row.pk).update(state="sending", external_id=None)
        both = threading.Barrier(2)

        def meanwhile(work: Any, both: threading.Barrier = both) -> None:
            both.wait()
            try:
                work()
            finally:
                connections.close_all()

        name = f"ext-{n}"
        pair = [
            threading.Thread(target=meanwhile, args=(lambda name=name: outbox.status(row.inbox_id, name, "read"),)),
            threading.Thread(
                target=meanwhile, args=(lambda name=name: delivery._settle(claim_of(row), Outcome(external_id=name)),)
            ),
        ]
        for one in pair:
            one.start()
        for one in pair:
            one.join(10)
        row.refresh_from_db()
        assert row.state == "read"
        assert not ParkedStatus.objects.exists()


@pytest.mark.django_db
def test_receipts_come_in_by_the_api_channel(row: Outbox, pushing: Inbox, intake: Any) -> None:
    import json

    from careline.channels import queries
    from tests.channels.api.provider import headers

    delivery._settle(claim_of(row), Outcome(external_id="ext-1"))
    for status in ("read", "delivered"):
        raw = json.dumps({"type": "receipt", "id": "ext-1", "status": status}).encode()
        inbound.accept("api", pushing.key, raw, headers(queries.endpoint(pushing.pk), raw))
    inbound.take()
    row.refresh_from_db()
    assert row.state == "read"
    assert told_of(row) == ["sent", "read"]
