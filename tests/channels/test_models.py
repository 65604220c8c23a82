"""What the database itself refuses about inboxes, deliveries and messages on their way."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from careline import contact
from careline.channels.models import Inbound, Inbox, Membership, Outbox, ParkedStatus
from careline.customers.models import Person


def refused(row: Any) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        row.save(force_insert=True)


def test_a_delivery_is_kept_once_in_each_inbox(inbox: Inbox, elsewhere: Inbox) -> None:
    Inbound.objects.create(inbox=inbox, external_key="a", raw=b"1")
    Inbound.objects.create(inbox=elsewhere, external_key="a", raw=b"1")
    refused(Inbound(inbox=inbox, external_key="a", raw=b"2"))


def test_a_failure_without_a_reason_is_refused(inbox: Inbox, ada: Person) -> None:
    refused(Inbound(inbox=inbox, external_key="a", raw=b"1", state="failed"))


def test_an_agent_is_a_member_once(bo: Any, inbox: Inbox) -> None:
    refused(Membership(inbox=inbox, agent_id=bo.agent_id))


@pytest.mark.parametrize(
    "authority",
    [
        {},
        {"message_id": uuid.uuid4()},
        {"message_id": uuid.uuid4(), "message_kind": "note"},
        {"message_kind": "reply"},
        {"decision_allowed": True},
        {"message_id": uuid.uuid4(), "message_kind": "reply", "decision_allowed": True},
    ],
)
def test_nothing_leaves_without_exactly_one_authority(elsewhere: Inbox, ada: Person, authority: dict[str, Any]) -> None:
    refused(Outbox(inbox=elsewhere, person=ada, recipient="x", payload={}, **authority))


def test_a_refused_decision_sends_nothing(elsewhere: Inbox, ada: Person) -> None:
    no = contact.decide(ada.pk, "survey", "nowhere", "k1")
    assert not no.allowed
    refused(Outbox(inbox=elsewhere, person=ada, payload={}, decision=no, decision_allowed=True))
    refused(Outbox(inbox=elsewhere, person=ada, payload={}, decision=no, decision_allowed=False))


def test_a_decision_sends_only_to_the_person_it_is_about(elsewhere: Inbox, ada: Person) -> None:
    yes = contact.decide(ada.pk, "survey", "api", "k1")
    assert yes.allowed
    other = Person.objects.create(name="Nobody")
    refused(Outbox(inbox=elsewhere, person=other, payload={}, decision=yes, decision_allowed=True))
    Outbox.objects.create(inbox=elsewhere, person=ada, payload={}, decision=yes, decision_allowed=True)
    refused(Outbox(inbox=elsewhere, person=ada, payload={}, decision=yes, decision_allowed=True))


def test_a_parked_status_is_one_another_side_can_tell(inbox: Inbox) -> None:
    refused(ParkedStatus(inbox=inbox, external_id="x", status="queued"))
    ParkedStatus.objects.create(inbox=inbox, external_id="x", status="read")
    refused(ParkedStatus(inbox=inbox, external_id="x", status="read"))


@pytest.mark.parametrize("change", [{"delivery": "carrier pigeon"}, {"name": ""}, {"kind": ""}, {"key": ""}])
def test_a_nameless_inbox_is_refused(organization: Any, change: dict[str, str]) -> None:
    refused(Inbox(**({"kind": "api", "name": "A", "key": "key-1", "secret": b"s"} | change)))
