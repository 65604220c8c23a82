"""Mail is fetched from a real Dovecot by its numbers: all of it, once, whatever happens on the way."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from uuid import uuid4

import msgspec
import pytest

from careline.channels.email import imap
from careline.channels.email.imap import fetching, guarded
from careline.channels.email.reading import read
from careline.channels.satchel import FetchFailed
from tests.channels.email.mailboxes import Remembered
from tests.mail.dovecot import PASSWORD, Dovecot, dovecot


@pytest.fixture(scope="module")
def server() -> Iterator[Dovecot]:
    with dovecot() as running:
        yield running


@pytest.fixture(autouse=True)
def private(settings):
    settings.CARELINE_ALLOW_PRIVATE_HTTP = True


@pytest.fixture
def mailbox(server: Dovecot) -> imap.Mailbox:
    """A new, empty mailbox; all that is in it is taken."""
    user = f"{uuid4().hex[:12]}@shop.example"
    server.mailbox(user)
    return imap.Mailbox(
        host="127.0.0.1",
        port=server.tls_port,
        user=user,
        password=PASSWORD,
        authority=server.authority,
        existing=True,
    )


@pytest.fixture
def satchel() -> Remembered:
    return Remembered()


def mail(subject: str, body: bytes = b"Hello.\r\n") -> bytes:
    return f"From: ada@example.com\r\nTo: help@shop.example\r\nSubject: {subject}\r\n\r\n".encode() + body


def looked(mailbox: imap.Mailbox, satchel: Remembered) -> None:
    """Until nothing is left."""
    line = imap.opened(mailbox)
    try:
        while fetching.look(line, satchel, threading.Event()):
            pass
    finally:
        line.close()


def until(said: Callable[[], bool], seconds: float = 20.0) -> None:
    end = time.monotonic() + seconds
    while not said():
        assert time.monotonic() < end
        time.sleep(0.02)


def test_only_what_comes_after_the_first_look_is_taken_unless_all_is_asked_for(server, mailbox, satchel):
    server.deliver(mailbox.user, mail("old"))
    careful = msgspec.structs.replace(mailbox, existing=False)
    looked(careful, satchel)
    assert satchel.kept == []
    assert satchel.skipped == [(1, "before", 1)]
    server.deliver(mailbox.user, mail("new"))
    looked(careful, satchel)
    assert satchel.subjects == ["new"]
    # Somebody wants the rest after all.
    looked(mailbox, satchel)
    assert satchel.subjects == ["new", "old"]
    assert satchel.skipped == [(1, "before", 1), (2, "known", 1)]


def test_what_came_while_nobody_looked_is_caught_up_with_in_bounded_batches(server, mailbox, satchel, monkeypatch):
    monkeypatch.setattr(fetching, "AT_ONCE", 20)
    monkeypatch.setattr(fetching, "TOGETHER", 7)
    subjects = [f"mail {n}" for n in range(65)]
    for subject in subjects:
        server.deliver(mailbox.user, mail(subject))
    looked(mailbox, satchel)
    assert satchel.subjects == subjects
    assert satchel.looks == 4
    assert satchel.places["INBOX"].uid == 65


def test_numbers_far_apart_are_found_without_asking_for_each_between(server, mailbox, satchel, monkeypatch):
    monkeypatch.setattr(fetching, "AT_ONCE", 5)
    for n in range(40):
        server.deliver(mailbox.user, mail(f"mail {n}"))
    line = imap.opened(mailbox)
    line._client.select_folder("INBOX")
    line._client.delete_messages([n for n in range(1, 41) if n not in {2, 23, 40}])
    line._client.expunge()
    line.close()
    looked(mailbox, satchel)
    assert satchel.subjects == ["mail 1", "mail 22", "mail 39"]
    assert satchel.looks <= 4


def test_a_fall_between_storing_and_marking_loses_and_doubles_nothing(server, mailbox, satchel, monkeypatch):
    monkeypatch.setattr(fetching, "TOGETHER", 3)
    subjects = [f"mail {n}" for n in range(10)]
    for subject in subjects:
        server.deliver(mailbox.user, mail(subject))

    def fall(uid: int) -> None:
        if uid == 6:
            raise KeyboardInterrupt

    satchel.before = fall
    with pytest.raises(KeyboardInterrupt):
        looked(mailbox, satchel)
    # Of the second three, two were stored and the bookmark had not moved.
    assert (len(satchel.kept), satchel.places["INBOX"].uid) == (5, 3)
    satchel.before = lambda _uid: None
    looked(mailbox, satchel)
    assert satchel.subjects == subjects
    assert satchel.skipped == [(4, "known", 1), (5, "known", 1)]


def test_a_folder_that_counts_anew_is_read_again_and_nothing_is_taken_twice(server, mailbox, satchel):
    for n in range(3):
        server.deliver(mailbox.user, mail(f"mail {n}"))
    looked(mailbox, satchel)
    before = satchel.places["INBOX"].uidvalidity
    time.sleep(1.1)  # UIDVALIDITY is a second of the clock
    server.count_anew(mailbox.user)
    server.deliver(mailbox.user, mail("new"))
    looked(mailbox, satchel)
    assert satchel.places["INBOX"].uidvalidity != before
    assert satchel.subjects == ["mail 0", "mail 1", "mail 2", "new"]
    assert [why for _uid, why, _n in satchel.skipped] == ["known"] * 3


def test_reading_again_leaves_what_was_left_when_the_mailbox_was_connected(server, mailbox, satchel, monkeypatch):
    careful = msgspec.structs.replace(mailbox, existing=False)
    server.deliver(mailbox.user, mail("old"))
    looked(careful, satchel)
    place = satchel.places["INBOX"]
    began = datetime(2100, 1, 1, tzinfo=UTC)  # long after the mail came in
    satchel.places["INBOX"] = msgspec.structs.replace(place, began_at=began, uidvalidity=place.uidvalidity - 1)
    looked(careful, satchel)
    assert satchel.kept == []
    assert satchel.skipped[-1] == (1, "before", 1)
    # What comes now is new, whatever date the server has for it.
    server.deliver(mailbox.user, mail("new"))
    looked(careful, satchel)
    assert satchel.subjects == ["new"]


def test_another_account_is_read_from_its_beginning(server, mailbox, satchel):
    server.deliver(mailbox.user, mail("one"))
    looked(mailbox, satchel)
    satchel.places["INBOX"] = msgspec.structs.replace(satchel.places["INBOX"], source="somebody@else.example", uid=999)
    server.deliver(mailbox.user, mail("two"))
    looked(mailbox, satchel)
    assert satchel.subjects == ["one", "two"]


def test_looking_leaves_no_trace_in_the_mailbox(server, mailbox, satchel):
    server.deliver(mailbox.user, mail("unread"))
    looked(mailbox, satchel)
    line = imap.opened(mailbox)
    line._client.select_folder("INBOX", readonly=True)
    flags = line._client.get_flags([1])[1]
    line.close()
    assert b"\\Seen" not in flags


def test_a_mail_that_is_too_large_is_kept_as_its_head_with_a_word(server, mailbox, satchel):
    head = (
        b"From: ada@example.com\r\nSubject: =?utf-8?q?Gro=C3=9F?=\r\nMIME-Version: 1.0\r\n"
        b'Content-Type: multipart/mixed;\r\n boundary="b"\r\nMessage-ID: <1@example.com>\r\n'
    )
    server.deliver(mailbox.user, head + b"\r\n--b\r\n\r\n" + b"x" * 3_000_000 + b"\r\n--b--\r\n")
    server.deliver(mailbox.user, mail("small"))
    looked(msgspec.structs.replace(mailbox, largest=2_000_000), satchel)
    assert [uid for uid, _raw in satchel.kept] == [1, 2]
    assert satchel.skipped == [(1, "head", 1)]
    stands_in = read(satchel.kept[0][1])
    assert stands_in.subject == "Groß"
    assert stands_in.message_id == "1@example.com"
    assert "This mail has 3 MB" in stands_in.text
    assert stands_in.unread == ""


def test_mails_of_forty_megabytes_come_whole(server, mailbox, satchel):
    large = mail("large", b"x" * 76 + b"\r\n") + (b"y" * 76 + b"\r\n") * 500_000
    server.deliver(mailbox.user, large)
    looked(mailbox, satchel)
    [(_uid, raw)] = satchel.kept
    assert raw == large


def test_a_new_mail_is_heard_of_at_once_and_stopping_is_quick(server, mailbox, satchel):
    stop = threading.Event()
    thread = threading.Thread(target=imap.fetch, args=(mailbox, satchel, stop))
    thread.start()
    until(satchel.ended.is_set)
    time.sleep(0.3)  # it idles now
    server.deliver(mailbox.user, mail("quick"))
    began = time.monotonic()
    until(lambda: bool(satchel.kept))
    assert time.monotonic() - began < 5
    stop.set()
    began = time.monotonic()
    thread.join(10)
    assert not thread.is_alive()
    assert time.monotonic() - began < 4


def test_idling_is_renewed_and_looked_after_before_the_server_hangs_up(server, mailbox, satchel, monkeypatch):
    monkeypatch.setattr("careline.channels.email.imap.line.IDLE_SECONDS", 0.2)
    stop = threading.Event()
    thread = threading.Thread(target=imap.fetch, args=(mailbox, satchel, stop))
    thread.start()
    until(lambda: satchel.looks >= 4)
    stop.set()
    thread.join(10)


def test_without_idle_it_is_polled(server, mailbox, satchel, monkeypatch):
    monkeypatch.setattr("careline.channels.email.imap.line.POLL_SECONDS", 0.1)
    monkeypatch.setattr(imap.Line, "can_idle", property(lambda _line: False))
    stop = threading.Event()
    thread = threading.Thread(target=imap.fetch, args=(mailbox, satchel, stop))
    thread.start()
    until(satchel.ended.is_set)
    server.deliver(mailbox.user, mail("polled"))
    until(lambda: satchel.subjects == ["polled"])
    stop.set()
    thread.join(10)


def test_folders_have_names_of_every_language(server, mailbox, satchel):
    server.deliver(mailbox.user, mail("filed"), folder="Anfragen")
    line = imap.opened(mailbox)
    line._client.create_folder("Köln & Кострома")
    line._client.append("Köln & Кострома", mail("far away"))
    assert {"INBOX", "Anfragen", "Köln & Кострома"} <= set(line.folders())
    line.close()
    looked(msgspec.structs.replace(mailbox, folder="Köln & Кострома"), satchel)
    assert satchel.subjects == ["far away"]
    assert list(satchel.places) == ["Köln & Кострома"]


def test_starttls_and_its_certificate(server, mailbox, satchel):
    plain = msgspec.structs.replace(mailbox, port=server.port, security="starttls")
    server.deliver(mailbox.user, mail("safe"))
    looked(plain, satchel)
    assert satchel.subjects == ["safe"]
    with pytest.raises(FetchFailed, match="made by nobody we trust; nothing was fetched"):
        imap.opened(msgspec.structs.replace(plain, authority=""))


def test_what_is_wrong_is_one_sentence(server, mailbox):
    def told(**changed: object) -> FetchFailed:
        with pytest.raises(FetchFailed) as failed:
            imap.test(msgspec.structs.replace(mailbox, **changed))
        assert "\n" not in failed.value.reason
        return failed.value

    wrong = told(password="wrong")
    assert wrong.reason == (
        "127.0.0.1 did not accept the name and password of this mailbox. "
        "“[AUTHENTICATIONFAILED] Authentication failed.”"
    )
    assert wrong.lasting
    missing = told(folder="Nowhere")
    assert missing.reason == "There is no folder Nowhere in this mailbox; there are INBOX."
    assert missing.lasting
    untrusted = told(authority="")
    assert untrusted.reason == "The certificate of 127.0.0.1 was made by nobody we trust; nothing was fetched."
    assert untrusted.lasting
    assert "is port" in told(port=server.port).reason
    assert told(port=1).reason == "Nobody answers at 127.0.0.1, port 1."
    assert told(host="no.such.host.invalid").reason.startswith("The mail server no.such.host.invalid is not known")
    assert "character that cannot be" in told(password="a\r\nb").reason


def test_the_private_network_is_not_entered_and_no_password_travels_in_the_open(server, mailbox, settings):
    settings.CARELINE_ALLOW_PRIVATE_HTTP = False
    with pytest.raises(FetchFailed, match="leads into the private network") as refused:
        imap.opened(mailbox)
    assert refused.value.lasting
    with pytest.raises(FetchFailed, match="never travels without encryption"):
        imap.opened(msgspec.structs.replace(mailbox, security="none", port=server.port))


def test_a_test_says_what_is_there(server, mailbox):
    server.deliver(mailbox.user, mail("one"))
    assert imap.test(mailbox) == "INBOX at 127.0.0.1 can be read; mails in it: 1. New mail is announced at once."


def test_a_server_that_goes_away_is_told_and_gone_back_to(mailbox, satchel, monkeypatch):
    monkeypatch.setattr(guarded, "ANSWER_SECONDS", 5.0)
    with dovecot() as another:
        another.mailbox(mailbox.user)
        there = msgspec.structs.replace(mailbox, port=another.tls_port)
        failed: list[Exception] = []

        def fetch() -> None:
            try:
                imap.fetch(there, satchel, threading.Event())
            except FetchFailed as error:
                failed.append(error)

        thread = threading.Thread(target=fetch)
        thread.start()
        until(satchel.ended.is_set)
        time.sleep(0.3)
        another.stop()
        # While nothing was under way: no failure, it is simply begun again.
        thread.join(10)
        assert not thread.is_alive()
        assert failed == []
        with pytest.raises(FetchFailed, match="Nobody answers"):
            imap.fetch(there, satchel, threading.Event())
        another.start()
        another.deliver(mailbox.user, mail("later"))
        looked(there, satchel)
    assert satchel.subjects == ["later"]
