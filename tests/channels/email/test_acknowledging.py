"""The automatic first answer: to humans, once, marked as a machine's, and stopped where machines talk to each other."""

from __future__ import annotations

import re
from datetime import timedelta
from email.message import EmailMessage
from typing import Any

import msgspec
import pytest
from django.db import connection

from careline import contact
from careline.accounts.actor import SYSTEM
from careline.accounts.models import AuditEntry, Organization
from careline.channels import actions as inboxes
from careline.channels import alarms, inbound, outbox, queries
from careline.channels.models import Inbound, Outbox
from careline.channels.outbox import entry
from careline.contact.models import Breaker, Decision
from careline.customers.models import Person
from careline.kit import clock
from careline.kit import mail as to_agents
from careline.kit.refusals import Conflicting, NotAllowed
from careline.service.conversations import actions
from careline.service.conversations.models import Conversation, Message
from careline.web.desk import telling
from tests.channels.email.letters import parsed
from tests.channels.email.servers import PASSWORD, Desk, serving
from tests.channels.email.test_mailbox import arrive, mail, sent

pytestmark = pytest.mark.django_db(transaction=True)
THANKS = "Thank you, we are reading it."


@pytest.fixture
def desk(settings: Any):
    settings.CARELINE_ALLOW_PRIVATE_HTTP = True
    desk = Desk()
    with serving(desk) as port:
        desk.port = port  # type: ignore[attr-defined]
        yield desk


@pytest.fixture
def answering(desk: Any, open_inbox: Any):
    """A mailbox that answers by itself."""

    def answering(address: str = "help@shop.example", **settings: Any):
        return open_inbox(
            "email", address=address, smtp_host="127.0.0.1", smtp_port=str(desk.port), smtp_security="none",
            smtp_user="help@shop.example", smtp_password=PASSWORD, acknowledgement=THANKS, signature="Your Lamp Shop",
            **settings,
        )  # fmt: skip

    return answering


def delivered() -> None:
    while outbox.deliver():
        pass


def lines() -> list[str]:
    return [
        telling.said(msgspec.json.encode(one.event).decode(), by="")
        for one in Message.objects.filter(kind="system").order_by("occurred_at", "conversation_id", "seq")
    ]


def test_whoever_begins_a_conversation_is_answered_once(answering, desk, boss):
    mailbox, first = answering(), mail()
    arrive(mailbox, first)
    answer = sent(desk)
    assert answer["To"] == "Ada Lovelace <ada@example.com>"
    assert answer["Subject"] == "Re: Lamp"
    assert (answer["In-Reply-To"], answer["References"]) == (first["Message-ID"], first["Message-ID"])
    assert (answer["Auto-Submitted"], answer["X-Auto-Response-Suppress"]) == ("auto-replied", "All")
    assert answer["X-Loop"].startswith("careline.")
    assert answer.get_body(("plain",)).get_content().strip() == THANKS
    [talk] = Conversation.objects.all()
    assert (talk.waiting_on, talk.first_replied_at) == ("us", None)
    assert lines() == ["Answered automatically"]
    assert Decision.objects.get().purpose == "acknowledgement"
    # More of the same conversation is answered by people, and so is an answer to the automatic one.
    again = mail("Are you?", Subject="Re: Lamp", In_Reply_To=answer["Message-ID"], References=answer["References"])
    arrive(mailbox, again)
    delivered()
    assert (Conversation.objects.count(), len(desk.taken)) == (1, 1)
    arrive(mailbox, mail("Another matter."))
    delivered()
    assert (Conversation.objects.count(), len(desk.taken)) == (2, 2)


def test_outside_the_hours_it_says_when_they_begin(answering, desk, organization):
    today = clock.now().date()
    closed = [(today + timedelta(days=n)).isoformat() for n in (-1, 0, 1)]
    always = {day: [["00:00", "24:00"]] for day in ("mon", "tue", "wed", "thu", "fri", "sat", "sun")}
    Organization.objects.update(calendars={"House": {"days": always, "holidays": closed}})
    arrive(answering(acknowledgement_closed="We are back on {opening}."), mail())
    opens = today + timedelta(days=2)
    assert f"back on {opens:%A}, {opens.day} {opens:%B}, 00:00 (UTC)." in sent(desk).get_body(("plain",)).get_content()


@pytest.mark.parametrize(
    "headers",
    [
        {"Auto_Submitted": "auto-generated"}, {"Precedence": "bulk"}, {"List_Id": "<news.example.com>"},
        {"X_Auto_Response_Suppress": "All"}, {"Return_Path": "<>"}, {"From": "no-reply@example.com"},
        {"From": "help@shop.example"}, {"X_Loop": "any"}, {"List_Unsubscribe": "<https://example.com/u>"},
    ],
)  # fmt: skip
def test_no_machine_is_answered(answering, desk, headers):
    arrive(answering(), mail(**headers))
    delivered()
    assert not desk.taken
    assert not Decision.objects.exists()


def test_without_a_text_nothing_is_said_and_what_is_old_is_past_it(answering, desk, open_inbox):
    arrive(open_inbox("email", address="quiet@shop.example"), mail())
    mailbox = answering()
    long_ago = (clock.now() - timedelta(days=2)).isoformat()
    inbound.keep(mailbox.inbox_id, "late", bytes(mail("Late")), {"x-received-at": long_ago})
    while inbound.take():
        pass
    assert Conversation.objects.count() == 2
    assert not Outbox.objects.exists()


def test_whoever_is_not_to_be_written_to_is_not_and_the_thread_says_why(answering, desk):
    mailbox = answering()
    arrive(mailbox, mail())
    Person.objects.update(blocked_at=clock.now())
    arrive(mailbox, mail("Again."))
    delivered()
    assert len(desk.taken) == 1
    assert lines()[1] == "Not answered automatically: This person is blocked."


def test_the_count_and_the_answer_stand_or_fall_together(answering, desk, monkeypatch):
    mailbox = answering()

    def broken(*_args: Any, **_more: Any) -> Any:
        raise RuntimeError("the power went")

    monkeypatch.setattr("careline.channels.answering.outbox.enqueue", broken)
    inbound.keep(mailbox.inbox_id, "one", bytes(mail()), {})
    inbound.take()
    assert (Conversation.objects.count(), Decision.objects.count(), Breaker.objects.count()) == (0, 0, 0)
    monkeypatch.setattr("careline.channels.answering.outbox.enqueue", entry.enqueue)
    Inbound.objects.update(next_attempt_at=clock.now())
    inbound.take()
    delivered()
    assert len(desk.taken) == 1


def alarms_queued() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM procrastinate_jobs WHERE task_name LIKE '%%tell_of_breaker'")
        return int(cursor.fetchone()[0])


def test_too_many_answers_in_an_hour_stop_them_until_somebody_has_looked(answering, desk, boss, hire):
    lead = hire("Lea Lead", role="lead").as_actor()
    mailbox = answering(answers_per_hour="2")
    for n in range(4):
        arrive(mailbox, mail(f"Matter {n}", From=f"customer{n}@example.com"))
    delivered()
    assert len(desk.taken) == 2
    assert Conversation.objects.count() == 4
    too_many = "Not answered automatically: This mailbox has sent too many automatic answers in an hour."
    stopped = "Not answered automatically: Automatic answers are stopped until somebody has looked why."
    assert lines() == ["Answered automatically", "Answered automatically", too_many, stopped]
    assert alarms_queued() == 1
    # Who manages inboxes is told by mail, and nobody else.
    to_agents.outbox.clear()
    alarms.tell_of_breaker(mailbox.inbox_id)
    assert [one.subject for one in to_agents.outbox] == ["Automatic answers of Our email are stopped"]
    assert f"/settings/inboxes/{mailbox.inbox_id}" in to_agents.outbox[0].text
    health = queries.health(boss, mailbox.inbox_id)
    assert not health.well
    assert health.words.startswith("Automatic answers are stopped since ")
    # The hour alone puts nothing back.
    Breaker.objects.update(said_at=[])
    arrive(mailbox, mail("Later", From="late@example.com"))
    delivered()
    assert len(desk.taken) == 2
    with pytest.raises(NotAllowed):
        inboxes.let_answer_again(mailbox.inbox_id, actor=lead)
    inboxes.let_answer_again(mailbox.inbox_id, actor=boss)
    with pytest.raises(Conflicting):
        inboxes.let_answer_again(mailbox.inbox_id, actor=boss)
    verbs = AuditEntry.objects.filter(verb__startswith="breaker.").order_by("id").values_list("verb", flat=True)
    assert list(verbs) == ["breaker.tripped", "breaker.reset"]
    arrive(mailbox, mail("Now", From="now@example.com"))
    delivered()
    assert len(desk.taken) == 3


def played(desk: Any, mailboxes: dict[str, Any], *, strips: bool) -> int:
    """Carries what each mailbox sends to the other until nobody says anything more; gives back how much was said."""
    carried = 0
    for _turn in range(40):
        delivered()
        new, carried = desk.taken[carried:], len(desk.taken)
        if not new:
            return carried
        for envelope in new:
            raw = bytes(envelope.content)
            if strips:
                # A relay that leaves nothing by which a machine or a thread is known.
                made = parsed(raw)
                bare = EmailMessage()
                for name in ("From", "To", "Date"):
                    bare[name] = made[name]
                bare["Message-ID"] = f"<{carried}.{len(raw)}@relay.example>"
                bare["Subject"] = f"Note {carried}"
                bare.set_content(made.get_body(("plain",)).get_content())
                raw = bytes(bare)
            arrive(mailboxes[envelope.rcpt_tos[0]], raw)
    raise AssertionError("they never stop")


@pytest.mark.parametrize("strips", [False, True])
def test_two_mailboxes_that_answer_each_other_stop(answering, desk, strips):
    both = {one: answering(one, answers_per_hour="5") for one in ("help@shop.example", "desk@other.example")}
    arrive(both["help@shop.example"], mail("Hello?", From="desk@other.example"))
    assert played(desk, both, strips=strips) == (10 if strips else 1)
    assert Conversation.objects.count() == (11 if strips else 1)


def test_an_out_of_office_note_stands_in_its_thread_and_is_not_answered(answering, desk):
    mailbox = answering()
    arrive(mailbox, mail())
    answer = sent(desk)
    [talk] = Conversation.objects.all()
    actions.resolve(talk.pk, actor=SYSTEM)
    chain = f"{answer['References']} {answer['Message-ID']}"
    away = mail(
        "I am away.", Subject="Out of office: Re: Lamp", Auto_Submitted="auto-replied",
        In_Reply_To=answer["Message-ID"], References=chain,
    )  # fmt: skip
    arrive(mailbox, away)
    delivered()
    talk.refresh_from_db()
    assert (talk.state, Conversation.objects.count(), len(desk.taken)) == ("resolved", 1, 1)
    assert Message.objects.get(letter__automatic="out-of-office").conversation_id == talk.pk


def test_a_complaint_does_not_keep_an_answer_back_and_a_dead_address_does(answering, desk):
    mailbox = answering()
    contact.suppress("ada@example.com", "complaint")
    arrive(mailbox, mail())
    delivered()
    assert len(desk.taken) == 1
    contact.suppress("ada@example.com", "user_unknown")
    arrive(mailbox, mail("Again"))
    delivered()
    assert len(desk.taken) == 1
    assert re.search("Mail to every address of this person comes back", lines()[1])
