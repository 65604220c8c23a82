"""Mail of earlier years: in its threads, by its people, at its time; nobody is told, and nothing comes twice."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection

from careline.channels import inbound
from careline.channels.models import Inbox, Membership, Outbox
from careline.customers.models import Identity
from careline.files.models import StoredFile
from careline.kit import bus, clock, signing
from careline.kit.refusals import NotAllowed, NotVisible, Refused
from careline.service.conversations import queries
from careline.service.conversations.history import actions, running, waiting
from careline.service.conversations.history import queries as histories
from careline.service.conversations.models import Conversation, History, Message
from careline.touchpoints.models import Touchpoint

pytestmark = pytest.mark.django_db
YEARS_AGO = datetime(2019, 5, 6, 9, 0, tzinfo=UTC)


@pytest.fixture
def mailbox(bo):
    box = Inbox.objects.create(
        kind="email", name="Support", key="support", secret=signing.seal(b"s" * 32), delivery="push",
        settings={
            "address": "support@shop.example", "aliases": ["help@shop.example"], "acknowledgement": "We read it.",
        },
    )  # fmt: skip
    Membership.objects.create(agent_id=bo.agent_id, inbox=box)
    return box


def mail(key, *, at=YEARS_AGO, sender="Ada Moreau <ada@example.com>", to="support@shop.example", answers="", body="Hm.",
         subject="Late", more=""):  # fmt: skip
    head = (
        f"From: {sender}\nTo: {to}\nSubject: {subject}\nMessage-ID: <{key}>\nDate: {at:%a, %d %b %Y %H:%M:%S +0000}\n"
    )
    if answers:
        head += f"In-Reply-To: <{answers}>\nReferences: <{answers}>\n"
    return f"{head}{more}\n{body}\n"


def day(n):
    return YEARS_AGO + timedelta(days=n)


THREAD = (
    mail("q1@example.com", body="Where is my order?"),
    mail(
        "a1@shop.example", at=day(1), sender="Bo Lindgren <support@shop.example>", to="ada@example.com",
        answers="q1@example.com", body="It left today.",
    ),
    mail("q2@example.com", at=day(2), answers="a1@shop.example", body="It came, thank you."),
)  # fmt: skip


@pytest.fixture
def bring(tmp_path, boss, mailbox):
    """Brings mails as an mbox that lies somewhere; more of them into the same file."""
    path = tmp_path / "years.mbox"

    def bring(*mails, open_days=14, told=lambda _now: None):
        path.write_text("".join(f"From x Mon Mar  2 09:00:00 2026\n{one}\n" for one in mails))
        return actions.bring_here(mailbox.pk, path, actor=boss, told=told, open_days=open_days)

    return bring


def test_a_thread_stands_as_it_was_with_its_people_and_its_time(bring, bo):
    done = bring(*THREAD)
    assert (done.state, done.added, done.opened, done.repeated, done.left) == ("done", 3, 1, 0, 0)
    [row] = Conversation.objects.all()
    said = list(Message.objects.filter(conversation=row).order_by("seq"))
    assert [(one.kind, one.body.strip(), one.occurred_at) for one in said] == [
        ("incoming", "Where is my order?", YEARS_AGO),
        ("reply", "It left today.", day(1)),
        ("incoming", "It came, thank you.", day(2)),
    ]
    assert (said[1].author_kind, said[1].author_id, said[1].author_name) == ("agent", bo.agent_id, "Bo Lindgren")
    assert said[1].status == "sent"
    assert (row.state, row.resolved_at, row.opened_at, row.active_at) == ("resolved", day(2), YEARS_AGO, day(2))
    assert (row.first_replied_at, row.subject, row.preview.strip()) == (day(1), "Late", "It came, thank you.")
    assert Identity.objects.get(value="ada@example.com").person_id == row.person_id
    assert said[0].letter["sender"]["address"] == "ada@example.com"


def test_nobody_is_told_and_nothing_leaves(bring, mailbox, django_capture_on_commit_callbacks, monkeypatch):
    told = []
    monkeypatch.setattr(bus, "publish", lambda topic, message: told.append(topic))
    with django_capture_on_commit_callbacks(execute=True):
        bring(*THREAD, mail("fresh@example.com", at=clock.now() - timedelta(days=1), body="Still open?"))
    assert "conversation" not in told
    assert "outbox" not in told
    assert not Outbox.objects.exists()
    assert not Conversation.objects.filter(heard_seq__gt=0, seen_seq=0).exists()
    assert {row.unread for state in ("open", "resolved") for row in queries.listed(owner(mailbox), state=state)} == {
        False
    }


def owner(mailbox):
    from careline.accounts.models import Agent

    return Agent.objects.get(name="Rosa Varga").as_actor([mailbox.pk])


def test_a_customers_last_word_is_open_only_when_it_is_young(bring):
    young, old = clock.now() - timedelta(days=3), clock.now() - timedelta(days=40)
    bring(
        mail("young@example.com", at=young), mail("old@example.com", at=old),
        mail("answered@example.com", at=young),
        mail("answer@shop.example", at=young + timedelta(hours=1), sender="support@shop.example",
             to="ada@example.com", answers="answered@example.com"),
    )  # fmt: skip
    states = dict(Message.objects.filter(kind="incoming").values_list("external_id", "conversation__state"))
    assert states == {"young@example.com": "open", "old@example.com": "resolved", "answered@example.com": "resolved"}


def test_the_line_keeps_it_at_its_time_in_months_of_their_own(bring):
    bring(*THREAD)
    person = Conversation.objects.get().person_id
    moments = Touchpoint.objects.filter(person_id=person, inbox_id__isnull=False).order_by("occurred_at", "id")
    assert [(one.kind, one.occurred_at) for one in moments] == [
        ("conversation.opened", YEARS_AGO), ("message.received", YEARS_AGO), ("message.sent", day(1)),
        ("message.received", day(2)),
    ]  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM touchpoints_touchpoint_2019_05")
        assert cursor.fetchone()[0] >= 4


def test_brought_again_nothing_comes_twice_and_what_is_new_is_added(bring):
    bring(*THREAD)
    again = bring(*THREAD, mail("new@example.com", at=day(3), answers="q2@example.com", body="One more thing."))
    assert (again.read, again.added, again.repeated) == (4, 1, 3)
    assert Conversation.objects.count() == 1
    assert Message.objects.count() == 4


def test_what_came_by_itself_before_is_not_brought_again(bring, mailbox):
    inbound.keep(mailbox.pk, "live", THREAD[0].encode(), {})
    inbound.take()
    done = bring(*THREAD)
    assert (done.added, done.repeated) == (2, 1)
    assert Conversation.objects.count() == 1


def test_the_newest_first_in_the_file_is_the_oldest_first_in_the_thread(bring):
    bring(*reversed(THREAD))
    assert Conversation.objects.count() == 1
    seqs = Message.objects.order_by("seq").values_list("external_id", flat=True)
    assert list(seqs) == ["q1@example.com", "a1@shop.example", "q2@example.com"]


def test_a_stranger_who_names_a_message_of_somebody_elses_gets_a_thread_of_their_own(bring):
    bring(*THREAD, mail("eve@example.net", at=day(4), sender="Eve <eve@example.net>", answers="q1@example.com"))
    assert Message.objects.get(external_id="eve@example.net").conversation_id != Conversation.objects.first().pk
    assert Conversation.objects.count() == 2


def test_an_answer_of_today_goes_on_where_the_history_ended(bring, mailbox):
    bring(*THREAD)
    raw = mail("today@example.com", at=clock.now(), answers="a1@shop.example", body="It broke.")
    Inbox.objects.filter(pk=mailbox.pk).update(settings=mailbox.settings | {"reopen_days": 0})
    inbound.keep(mailbox.pk, "today", raw.encode(), {})
    inbound.take()
    row = Conversation.objects.get()
    assert (row.state, row.last_seq > 3, row.heard_seq > row.seen_seq) == ("open", True, True)


def test_reports_machines_and_notes_to_ourselves_are_left_with_a_word(bring, boss):
    report = mail(
        "dsn@example.com", sender="MAILER-DAEMON@example.com", subject="Undelivered",
        more="Content-Type: multipart/report; report-type=delivery-status; boundary=b\n",
        body="--b\nContent-Type: text/plain\n\nNo.\n--b\nContent-Type: message/delivery-status\n\n"
        "Reporting-MTA: dns; x\n\nFinal-Recipient: rfc822; ada@example.com\nAction: failed\nStatus: 5.1.1\n\n--b--\n",
    )  # fmt: skip
    away = mail("away@example.com", more="Auto-Submitted: auto-replied\n", subject="Away", answers="none@example.com")
    own = mail("own@shop.example", sender="support@shop.example", to="help@shop.example")
    done = bring(report, away, own, mail("fine@example.com"))
    assert (done.read, done.added, done.left) == (4, 1, 3)
    words = [one.why for one in histories.left_out(boss, done.pk)]
    assert len(set(words)) == 3
    assert all(words)


def test_what_nobody_can_read_is_kept_with_its_original(bring, monkeypatch):
    from careline.channels.email import adapter, understanding

    class Broken:
        def read(self, raw):
            return understanding.unread("memory", raw)

    monkeypatch.setattr(adapter, "_readers", Broken)
    done = bring(mail("bomb@example.com", body="Boom."))
    assert (done.added, done.unreadable) == (1, 1)
    assert Message.objects.get().body.startswith("This mail could not be read")
    assert StoredFile.objects.filter(name="original.eml").count() == 1


def test_stopped_and_taken_up_again_it_goes_on_behind_what_landed(bring, boss, monkeypatch):
    monkeypatch.setattr(running, "PIECE", 2)
    mails = [mail(f"n{n}@example.com", at=day(n)) for n in range(7)]
    seen = []

    def told(now):
        seen.append(now.read)
        if now.read == 4:
            History.objects.filter(pk=now.pk).update(state="stopped")

    stopped = bring(*mails, told=told)
    assert (stopped.state, stopped.read, Message.objects.count()) == ("stopped", 4, 4)
    done = bring(*mails)
    assert (done.pk, done.state, done.read, done.added, done.repeated) == (stopped.pk, "done", 7, 7, 0)


def test_whoever_may_not_set_up_inboxes_may_not_bring_anything(mailbox, bo, dee, boss):
    for actor, refusal in ((dee, NotVisible), (bo, NotAllowed)):
        seer = type(actor)("agent", actor.id, actor.name, actor.agent_id, actor.permissions, actor.inbox_ids)
        if actor is bo:
            seer = type(actor)("agent", bo.id, bo.name, bo.agent_id, bo.permissions, (mailbox.pk,))
        with pytest.raises(refusal):
            actions.upload(mailbox.pk, [b"x"], name="a.mbox", actor=seer)
    with pytest.raises(Refused):
        actions.upload(boss.inbox_ids[0], [b"x"], name="a.mbox", actor=boss)


def test_an_upload_is_brought_by_the_worker_and_then_gone(mailbox, boss):
    mails = "".join(f"From x Mon Mar  2 09:00:00 2026\n{one}\n" for one in THREAD)
    brought = actions.upload(mailbox.pk, [mails.encode()], name="years.mbox", actor=boss)
    assert brought.state == "waiting"
    waiting.run_waiting()
    brought.refresh_from_db()
    assert (brought.state, brought.added, brought.file_id) == ("done", 3, None)
    assert StoredFile.objects.filter(name="years.mbox").exists() is False


def test_an_upload_that_is_no_mail_fails_with_a_sentence(mailbox, boss):
    brought = actions.upload(mailbox.pk, [b"Dear diary"], name="diary.txt", actor=boss)
    waiting.run_waiting()
    brought.refresh_from_db()
    assert brought.state == "failed"
    assert "no mail" in brought.error


def test_only_what_lies_in_the_folder_for_it_is_read_by_name(mailbox, boss, settings, tmp_path):
    settings.DATA = tmp_path
    (tmp_path / "history").mkdir()
    (tmp_path / "secret.mbox").write_text(f"From x Mon Mar  2 09:00:00 2026\n{THREAD[0]}\n")
    (tmp_path / "history" / "years.mbox").write_text(f"From x Mon Mar  2 09:00:00 2026\n{THREAD[0]}\n")
    (tmp_path / "history" / "link.mbox").symlink_to(tmp_path / "secret.mbox")
    for wrong in ("../secret.mbox", "link.mbox", str(tmp_path / "secret.mbox"), "no.mbox"):
        with pytest.raises(NotVisible):
            actions.bring(mailbox.pk, place=wrong, actor=boss)
    actions.bring(mailbox.pk, place="years.mbox", actor=boss)
    waiting.run_waiting()
    assert Message.objects.count() == 1
