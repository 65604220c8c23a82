"""A mailbox that is watched: told at once, asked again and again, given up in one sentence."""

from __future__ import annotations

import threading
import time

import msgspec
import pytest

from careline.channels.email import imap
from careline.channels.email.imap import guarded
from careline.channels.email.imap.line import IDLE_SECONDS
from careline.channels.satchel import FetchFailed
from tests.channels.email.mailboxes import PATIENCE, looked, mail, until
from tests.mail.dovecot import dovecot


@pytest.fixture
def idling(monkeypatch):
    """Set as soon as the server has said that it will tell of new mail."""
    begun, plain = threading.Event(), guarded.Client.idle_check

    def heard(client: guarded.Client, timeout: float | None = None) -> object:
        begun.set()
        return plain(client, timeout)

    monkeypatch.setattr(guarded.Client, "idle_check", heard)
    return begun


def test_a_new_mail_is_heard_of_at_once_and_stopping_is_quick(dove, box, satchel, idling):
    stop = threading.Event()
    thread = threading.Thread(target=imap.fetch, args=(box, satchel, stop))
    thread.start()
    assert idling.wait(PATIENCE)
    dove.deliver(box.user, mail("quick"))
    began = time.monotonic()
    until(lambda: bool(satchel.kept))
    # Long before it would have looked by itself.
    assert time.monotonic() - began < IDLE_SECONDS / 4
    stop.set()
    thread.join(IDLE_SECONDS / 4)
    assert not thread.is_alive()


def test_idling_is_renewed_and_looked_after_before_the_server_hangs_up(dove, box, satchel, monkeypatch):
    monkeypatch.setattr("careline.channels.email.imap.line.IDLE_SECONDS", 0.2)
    stop = threading.Event()
    thread = threading.Thread(target=imap.fetch, args=(box, satchel, stop))
    thread.start()
    until(lambda: satchel.looks >= 4)
    stop.set()
    thread.join(PATIENCE)


def test_without_idle_it_is_polled(dove, box, satchel, monkeypatch):
    monkeypatch.setattr("careline.channels.email.imap.line.POLL_SECONDS", 0.1)
    monkeypatch.setattr(imap.Line, "can_idle", property(lambda _line: False))
    stop = threading.Event()
    thread = threading.Thread(target=imap.fetch, args=(box, satchel, stop))
    thread.start()
    until(satchel.ended.is_set)
    dove.deliver(box.user, mail("polled"))
    until(lambda: satchel.subjects == ["polled"])
    stop.set()
    thread.join(PATIENCE)


def test_folders_have_names_of_every_language(dove, box, satchel):
    dove.deliver(box.user, mail("filed"), folder="Anfragen")
    line = imap.opened(box)
    line._client.create_folder("Köln & Кострома")
    line._client.append("Köln & Кострома", mail("far away"))
    assert {"INBOX", "Anfragen", "Köln & Кострома"} <= set(line.folders())
    line.close()
    looked(msgspec.structs.replace(box, folder="Köln & Кострома"), satchel)
    assert satchel.subjects == ["far away"]
    assert list(satchel.places) == ["Köln & Кострома"]


def test_starttls_and_its_certificate(dove, box, satchel):
    plain = msgspec.structs.replace(box, port=dove.port, security="starttls")
    dove.deliver(box.user, mail("safe"))
    looked(plain, satchel)
    assert satchel.subjects == ["safe"]
    with pytest.raises(FetchFailed, match="made by nobody we trust; nothing was fetched"):
        imap.opened(msgspec.structs.replace(plain, authority=""))


def test_what_is_wrong_is_one_sentence(dove, box):
    def told(**changed: object) -> FetchFailed:
        with pytest.raises(FetchFailed) as failed:
            imap.test(msgspec.structs.replace(box, **changed))
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
    assert told(authority="none").reason == (
        "The certificate authority of this mailbox cannot be read; it begins with -----BEGIN CERTIFICATE-----."
    )
    assert "is port" in told(port=dove.port).reason
    assert told(port=1).reason == "Nobody answers at 127.0.0.1, port 1."
    assert told(host="no.such.host.invalid").reason.startswith("The mail server no.such.host.invalid is not known")
    assert "character that cannot be" in told(password="a\r\nb").reason


def test_the_private_network_is_not_entered_and_no_password_travels_in_the_open(dove, box, settings):
    settings.CARELINE_ALLOW_PRIVATE_HTTP = False
    with pytest.raises(FetchFailed, match="leads into the private network") as refused:
        imap.opened(box)
    assert refused.value.lasting
    with pytest.raises(FetchFailed, match="never travels without encryption"):
        imap.opened(msgspec.structs.replace(box, security="none", port=dove.port))


def test_a_test_says_what_is_there(dove, box):
    dove.deliver(box.user, mail("one"))
    assert imap.test(box) == "INBOX at 127.0.0.1 can be read; mails in it: 1. New mail is announced at once."


def test_a_server_that_goes_away_is_told_and_gone_back_to(box, satchel, idling, monkeypatch):
    monkeypatch.setattr(guarded, "ANSWER_SECONDS", 5.0)
    with dovecot() as another:
        another.mailbox(box.user)
        there = msgspec.structs.replace(box, port=another.tls_port)
        failed: list[Exception] = []

        def fetch() -> None:
            try:
                imap.fetch(there, satchel, threading.Event())
            except FetchFailed as error:
                failed.append(error)

        thread = threading.Thread(target=fetch)
        thread.start()
        assert idling.wait(PATIENCE)
        another.stop()
        # While nothing was under way: no failure, it is simply begun again.
        thread.join(PATIENCE)
        assert not thread.is_alive()
        assert failed == []
        with pytest.raises(FetchFailed, match="Nobody answers"):
            imap.fetch(there, satchel, threading.Event())
        another.start()
        another.deliver(box.user, mail("later"))
        looked(there, satchel)
    assert satchel.subjects == ["later"]
