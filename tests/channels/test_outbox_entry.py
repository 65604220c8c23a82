"""Only a reply or a decision puts a message in line, and each does so once."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
from django.db import IntegrityError, connections, transaction

from careline import contact
from careline.accounts.actor import Actor
from careline.channels import outbox
from careline.channels.models import Inbox, Outbox
from careline.customers.models import Person
from careline.kit import clock
from careline.kit.refusals import Refused
from careline.service.conversations import actions as conversations
from careline.service.conversations.reactions import show_delivery
from tests.channels.counterpart import Counterpart
from tests.channels.together import in_threads


@pytest.mark.django_db
class TestAuthority:
    @pytest.mark.parametrize("authority", [None, "reply", 7, {"message_id": uuid.uuid4()}, Actor.customer(1, 1)])
    def test_nothing_else_sends(self, pushing: Inbox, ada: Person, authority: Any) -> None:
        with pytest.raises(TypeError):
            outbox.enqueue(authority, inbox_id=pushing.pk, person_id=ada.pk, words="Hello")
        assert not Outbox.objects.exists()

    def test_a_decision_sends_once(self, pushing: Inbox, ada: Person, other_side: Counterpart) -> None:
        yes = contact.decide(ada.pk, "survey", "api", "survey:1")
        first = outbox.enqueue(yes, inbox_id=pushing.pk, person_id=ada.pk, words="How was it?")
        again = outbox.enqueue(yes, inbox_id=pushing.pk, person_id=ada.pk, words="How was it?")
        assert first.pk == again.pk
        assert outbox.deliver() == 1
        assert [one["body"] for one in other_side.messages] == ["How was it?"]
        assert other_side.keys == [f"dec_{yes.pk}"]

    def test_a_queued_decision_stands_on_the_line(self, pushing: Inbox, ada: Person, line_of: Any) -> None:
        yes = contact.decide(ada.pk, "survey", "api", "survey:1")
        row = outbox.enqueue(yes, inbox_id=pushing.pk, person_id=ada.pk, words="How was it?")
        assert [moment.kind for moment in line_of(ada.pk)] == ["contact.decided", "outbound.queued"]
        assert line_of(ada.pk)[1].facts["outbound"] == row.pk

    def test_what_became_of_it_stands_on_the_line_and_moves_no_conversation(
        self, pushing: Inbox, ada: Person, line_of: Any, other_side: Counterpart
    ) -> None:
        yes = contact.decide(ada.pk, "survey", "api", "survey:1")
        row = outbox.enqueue(yes, inbox_id=pushing.pk, person_id=ada.pk, words="How was it?")
        assert outbox.deliver() == 1
        sent = line_of(ada.pk)[-1]
        assert (sent.kind, sent.source, sent.journey) == ("delivery.updated", f"outbox:{row.pk}", None)
        assert sent.facts == {"status": "sent", "outbound": row.pk}
        show_delivery([sent])

    def test_a_refused_decision_sends_nothing_and_says_why(self, pushing: Inbox, ada: Person) -> None:
        Person.objects.update(blocked_at=clock.now())
        no = contact.decide(ada.pk, "survey", "api", "survey:1")
        with pytest.raises(Refused, match="blocked"):
            outbox.enqueue(no, inbox_id=pushing.pk, person_id=ada.pk, words="How was it?")

    def test_a_decision_about_another_person_sends_nothing(self, pushing: Inbox, ada: Person) -> None:
        yes = contact.decide(ada.pk, "survey", "api", "survey:1")
        with pytest.raises(ValueError, match="another person"):
            outbox.enqueue(yes, inbox_id=pushing.pk, person_id=Person.objects.create().pk, words="Hello")

    def test_a_made_up_decision_is_refused_by_the_database(self, pushing: Inbox, ada: Person) -> None:
        forged = contact.Decision(id=999, key="x", person=ada, purpose="p", channel="api", allowed=True)
        with pytest.raises(IntegrityError):
            outbox.enqueue(forged, inbox_id=pushing.pk, person_id=ada.pk, words="Hello")

    def test_a_note_cannot_pass_for_a_reply(self, conversation: Any, bo: Actor, pushing: Inbox) -> None:
        note = conversations.note(conversation.pk, actor=bo, body="He is rude.")
        with pytest.raises(IntegrityError), transaction.atomic():
            outbox.enqueue(
                contact.Reply(conversation.pk, note.message_id),
                inbox_id=pushing.pk, person_id=conversation.person_id, words="He is rude.",
            )  # fmt: skip
            connections["default"].check_constraints()

    def test_an_inbox_whose_answers_are_fetched_sends_nothing(self, inbox: Inbox, ada: Person) -> None:
        yes = contact.decide(ada.pk, "survey", "api", "survey:1")
        with pytest.raises(Refused, match="fetched"):
            outbox.enqueue(yes, inbox_id=inbox.pk, person_id=ada.pk, words="Hello")


@pytest.mark.django_db(transaction=True)
def test_racing_entries_of_one_authority_are_one_row(pushing: Inbox, ada: Person) -> None:
    yes = contact.decide(ada.pk, "survey", "api", "survey:1")
    rows = in_threads(lambda: outbox.enqueue(yes, inbox_id=pushing.pk, person_id=ada.pk, words="Hello").pk, 4)
    assert len(rows) == 4
    assert len(set(rows)) == Outbox.objects.count() == 1
