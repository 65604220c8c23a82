"""How a mail is read at the desk: its envelope, the whole of it in a frame that runs nothing, and how it got here."""

from __future__ import annotations

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from careline.accounts.actor import SYSTEM
from careline.channels import actions as channels
from careline.channels import pictures
from careline.channels.models import Inbound, Inbox, Membership
from careline.kit.refusals import NotVisible
from careline.service.conversations import actions
from careline.service.conversations.models import Conversation, Message
from tests.web.desk.mailing import INVITATION, PNG, arrive, mail, picture

pytestmark = pytest.mark.django_db(transaction=True)

NEWSLETTER = "<h1>Spring</h1><table>" + "<tr><td>Lamp</td><td>29.00</td></tr>" * 5 + "</table>" + "<p>words</p>" * 60


@pytest.fixture
def mailbox(organization):
    return channels.create_inbox(actor=SYSTEM, kind="email", name="Help", settings={"address": "help@shop.example"})


@pytest.fixture
def reader(mailbox, hire):
    """An agent who works in the mailbox."""
    agent = hire("Rae Reader", role="agent")
    Membership.objects.create(agent=agent, inbox=Inbox.objects.get(pk=mailbox.pk))
    return agent.as_actor((mailbox.pk,))


@pytest.fixture
def thread(reader, browser_of):
    browser = browser_of(reader)

    def thread(message: Message) -> str:
        return browser.get(f"/desk/{message.conversation_id}", headers={"HX-Request": "true"}).content.decode()

    return thread


@pytest.fixture
def frame(reader, browser_of):
    browser = browser_of(reader)
    return lambda message, more="": browser.get(f"/letters/{message.pk}{more}")


def test_the_envelope_stands_above_the_words(mailbox, thread):
    shown = thread(arrive(mailbox, mail(Cc="Charles <charles@example.com>, Di <di@example.com>, e@example.com")))
    head = shown.split('class="letter-head"')[1].split("</details>")[0]
    line = re.sub(r"<[^>]+>", "", head.split("</summary>")[0])
    assert "To help@shop.example" in line
    assert "Cc Charles, Di +1" in line
    assert "ada@example.com" in head
    assert "Lamp" in head
    assert "2026-03-02 09:30 UTC" in head
    assert "So it began a conversation." in head


def test_another_subject_is_said_and_the_same_one_is_not(mailbox, thread):
    first = mail()
    arrive(mailbox, first)
    same = arrive(mailbox, mail("Hm?", Subject="RE: Lamp", In_Reply_To=first["Message-ID"]))
    assert "letter-subject" not in thread(same)
    other = arrive(mailbox, mail("And?", Subject="Re: The invoice", In_Reply_To=first["Message-ID"]))
    assert "letter-subject" in thread(other)
    assert same.conversation_id == other.conversation_id


def test_the_trace_is_told_in_words(mailbox, thread):
    first = mail()
    arrive(mailbox, first)
    shown = thread(arrive(mailbox, mail("Hm?", In_Reply_To=first["Message-ID"])))
    number = Conversation.objects.get().pk
    assert f"Answers the message {first['Message-ID'].strip('<>')}: conversation {number}" in shown


def test_a_machine_is_told_from_a_person(mailbox, thread):
    first = mail()
    arrive(mailbox, first)
    away = mail(
        "I am away.", Subject="Automatic reply: Lamp", Auto_Submitted="auto-replied", In_Reply_To=first["Message-ID"]
    )
    shown = thread(arrive(mailbox, away))
    assert "Out of office" in shown
    assert "message incoming letter automatic" in shown


def test_protection_is_said(mailbox, thread):
    signed = b"From: ada@example.com\nTo: help@shop.example\nSubject: Signed\nMessage-ID: <s1@example.com>\n"
    signed += b'Content-Type: multipart/signed; protocol="application/pkcs7-signature"; boundary=b\n\n--b\n\nHello\n'
    signed += b"--b\nContent-Type: application/pkcs7-signature; name=smime.p7s\n"
    signed += b"Content-Transfer-Encoding: base64\n\nAAAA\n--b--\n"
    assert "signed with S/MIME" in thread(arrive(mailbox, signed))


def test_an_invitation_is_shown_as_one(mailbox, thread):
    made = mail("Please come.")
    made.add_attachment(INVITATION.encode(), maintype="text", subtype="calendar", filename="invite.ics")
    shown = thread(arrive(mailbox, made))
    card = shown.split('class="invite"')[1].split("</section>")[0]
    assert "Fitting the lamp" in card
    # half past nine in Berlin, in winter
    assert 'datetime="2026-03-02T08:30:00Z"' in card
    assert "Harbor Street 4" in card
    assert "ada@example.com" in card


def test_a_file_that_is_not_kept_says_why(mailbox, thread):
    made = mail()
    made.add_attachment(b"MZ\0\0program", maintype="application", subtype="octet-stream", filename="gift.exe")
    shown = thread(arrive(mailbox, made))
    assert "gift.exe" in shown
    assert "Programs, installers" in shown


def test_a_failed_answer_says_whom_it_missed_and_what_to_do(mailbox, thread, reader):
    message = arrive(mailbox, mail())
    said = actions.reply(message.conversation_id, actor=reader, body="Here.")
    letter = {"subject": "Re: Lamp", "missed": {"gone@example.com": "550 no such user"}}
    Message.objects.filter(pk=said.message_id).update(letter=letter, status="failed", status_reason="550 no such user")
    shown = thread(message)
    assert "Did not reach <bdi>gone@example.com</bdi>" in shown
    assert "Correct the address" in shown


def test_the_whole_is_one_click_away_and_stays_folded(mailbox, thread, frame):
    quoted = "Thanks!\n\nOn Mon, help@shop.example wrote:\n" + "> It is on its way.\n" * 5
    message = arrive(mailbox, mail(quoted))
    shown = thread(message)
    assert f'src="/letters/{message.pk}"' in shown
    assert '<details class="whole"><summary>' in shown
    whole = frame(message).content.decode()
    assert "It is on its way." in whole
    assert '<details class="history">' in whole


def test_words_that_are_all_there_is_have_no_whole(mailbox, thread):
    assert "/letters/" not in thread(arrive(mailbox, mail())).replace("/raw", "").split("letter-head")[0]


def test_a_form_that_matters_is_open_from_the_start(mailbox, thread):
    assert '<details class="whole" open>' in thread(arrive(mailbox, mail("Spring", NEWSLETTER)))
    plain = mail("Hello", "<p>Hello</p>", Subject="Plain")
    assert '<details class="whole"><summary>' in thread(arrive(mailbox, plain))


def test_the_frame_runs_nothing_and_asks_nobody(mailbox, frame):
    html = (
        "<p>Hello</p><script>alert(1)</script><img src=x onerror=alert(2)><form action=/x><input></form>"
        '<a href="javascript:alert(3)">a</a><a href="https://example.org/">b</a><iframe src="//x.example"></iframe>'
        '<p style="position:fixed;top:0;background:url(https://x.example/a.png);color:red">red</p>'
        '<img src="https://x.example/lamp.png" width=300><img src="https://x.example/spy.gif" width=1 height=1>'
    )
    answer = frame(arrive(mailbox, mail("Hello", html)))
    policy = answer["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'; style-src 'self' 'unsafe-inline'; img-src testserver/files/ ")
    assert "script-src" not in policy
    for rule in ("form-action 'none'", "base-uri 'none'", "frame-ancestors 'self'", "sandbox allow-same-origin"):
        assert rule in policy
    assert "allow-scripts" not in policy
    shown = answer.content.decode().split("<main")[1]
    for word in ("script", "onerror", "<form", "<input", "javascript", "iframe", "position", "url(", "x.example"):
        assert word not in shown, word
    assert "color:red" in shown
    assert 'rel="noopener noreferrer nofollow"' in shown
    assert "Show pictures" in answer.content.decode()


def test_pictures_of_the_sender_come_by_us_and_only_when_asked_for(mailbox, frame, monkeypatch):
    html = '<p>Look</p><img src="https://x.example/lamp.png" alt="A lamp"><img src="https://x.example/s" height="1">'
    message = arrive(mailbox, mail("Look", html))
    asked: list[str] = []

    def fetched(address: str) -> pictures.Picture:
        asked.append(address)
        return pictures.Picture(PNG, "image/png")

    monkeypatch.setattr(pictures, "fetched", fetched)
    assert 'alt="A lamp"' in frame(message).content.decode()
    assert asked == []
    shown = frame(message, "?pictures=1").content.decode()
    assert f'src="/letters/{message.pk}/pictures/0"' in shown
    assert "Show pictures" not in shown
    got = frame(message, "/pictures/0")
    assert (got.content, got["Content-Type"]) == (PNG, "image/png")
    assert asked == ["https://x.example/lamp.png"]
    # what gives nothing to see is not there to be asked for
    assert frame(message, "/pictures/1").status_code == 404


def test_pictures_that_came_along_stand_in_their_places(mailbox, frame, thread):
    message = arrive(mailbox, picture(mail("Look", '<p>Look</p><img src="cid:kettle@example.com" width="40">')))
    [file] = message.attachments.all()
    assert f'src="/files/{file.file_id}"' in frame(message).content.decode()
    assert 'class="picture placed"' in thread(message)


def test_html_that_cannot_be_cleaned_falls_back_to_its_words(mailbox, thread, frame, monkeypatch):
    from careline.channels.email import adapter, pool

    with pool.Readers(1, seconds=0.5) as readers:
        monkeypatch.setattr(adapter, "_readers", lambda: readers)
        message = arrive(mailbox, mail("Where is my lamp?", "<div>" * 60_000 + "lamp"))
        assert message.body.strip() == "Where is my lamp?"
        assert message.letter["remarks"] == ["html-failed"]
        assert "too large or too broken" in thread(message)
        assert readers.read(bytes(mail(Subject="Next"))).mail.subject == "Next"


def test_the_mail_as_it_came_can_be_taken_along_while_it_is_kept(mailbox, frame, thread):
    made = mail()
    message = arrive(mailbox, made)
    assert f"/letters/{message.pk}/raw" in thread(message)
    answer = frame(message, "/raw")
    assert answer.content == bytes(made)
    assert answer["Content-Type"] == "message/rfc822"
    assert answer["Content-Disposition"].startswith("attachment")
    Inbound.objects.all().delete()
    assert frame(message, "/raw").status_code == 404


@pytest.mark.parametrize("more", ["", "?pictures=1", "/pictures/0", "/raw"])
def test_who_does_not_see_the_conversation_sees_no_part_of_it(mailbox, dee, browser_of, more):
    message = arrive(mailbox, mail("Look", '<p>Look</p><img src="https://x.example/lamp.png">'))
    answer = browser_of(dee).get(f"/letters/{message.pk}{more}")
    assert answer.status_code == 404
    assert b"Look" not in answer.content


def test_letters_cost_no_statement_each(mailbox, reader, browser_of):
    first = mail()
    message = arrive(mailbox, first)
    browser, path = browser_of(reader), f"/desk/{message.conversation_id}"
    browser.get(path, headers={"HX-Request": "true"})

    def statements() -> int:
        with CaptureQueriesContext(connection) as asked:
            assert browser.get(path, headers={"HX-Request": "true"}).status_code == 200
        return len(asked)

    def more() -> None:
        arrive(mailbox, mail("More", "<p>More</p>", In_Reply_To=first["Message-ID"], Cc="c@example.com"))

    more()
    before = statements()
    for _n in range(5):
        more()
    assert statements() == before


def test_what_goes_on_is_linked_both_ways_where_it_is_visible(mailbox, organization, reader, browser_of, thread):
    older, newer = arrive(mailbox, mail()), arrive(mailbox, mail("Again", Subject="Again"))
    other = channels.create_inbox(actor=SYSTEM, kind="email", name="Other", settings={"address": "o@shop.example"})
    hidden = arrive(other, mail("Hidden", Subject="Hidden"))
    Conversation.objects.filter(pk__in=[newer.conversation_id, hidden.conversation_id]).update(
        follows=older.conversation_id
    )
    assert f'href="/desk/{newer.conversation_id}"' in thread(older)
    assert f"/desk/{hidden.conversation_id}" not in thread(older)
    kin = thread(newer).split("thread-kin")[1].split("</p>")[0]
    assert f'href="/desk/{older.conversation_id}"' in kin
    assert "Goes on from" in kin


def test_a_customer_in_a_chat_reads_no_envelope(mailbox):
    from careline.service.conversations.hot import read

    message = arrive(mailbox, mail(Cc="secret@example.com"))
    talk = Conversation.objects.get()
    [row] = read.SHARED.all(conversation=talk.pk, inbox=mailbox.pk, person=talk.person_id, after=0, limit=10)
    assert row.id == message.pk
    assert row.letter is None


def test_no_picture_is_fetched_from_inside(settings):
    settings.CARELINE_ALLOW_PRIVATE_HTTP = False
    for address in ("http://127.0.0.1:1/x.png", "file:///etc/passwd", "http://[::1]/x.png", "http://x.invalid/"):
        with pytest.raises(NotVisible):
            pictures.fetched(address)
