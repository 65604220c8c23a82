"""Servers that hang, hang up, talk nonsense or without end: a sentence each, and never a worker that is stuck."""

from __future__ import annotations

import threading
import time

import pytest

from careline.channels.email import imap
from careline.channels.email.imap import fetching, guarded
from careline.channels.satchel import FetchFailed, Place
from tests.channels.email.mailboxes import Remembered, speaking, usual

GREETING = b"* OK ready\r\n"


@pytest.fixture(autouse=True)
def impatient(settings, monkeypatch):
    settings.CARELINE_ALLOW_PRIVATE_HTTP = True
    monkeypatch.setattr(guarded, "ANSWER_SECONDS", 0.4)


def fetched(port: int, satchel: Remembered | None = None) -> str:
    """The sentence it fails with."""
    box = imap.Mailbox(host="127.0.0.1", port=port, security="none", user="u", password="p", existing=True)
    with pytest.raises(FetchFailed) as failed:
        imap.fetch(box, satchel or Remembered(), threading.Event())
    assert "\n" not in failed.value.reason
    return failed.value.reason


@pytest.mark.parametrize(
    ("greeting", "sentence"),
    [
        (b"", "did not answer in time"),
        (b"SSH-2.0-OpenSSH_9.2\r\n", "says is not IMAP"),
        (b"HTTP/1.1 400 Bad Request\r\n\r\n", "says is not IMAP"),
        (b"* BYE Too many connections\r\n", "“Too many connections”"),
        (b"\x00\xff\xfe\r\n", "says is not IMAP"),
        (b"* OK" + b"x" * 1_500_000, "says is not IMAP"),
    ],
)
def test_a_greeting_that_is_none(greeting, sentence):
    with speaking(greeting, lambda _tag, _rest: b"") as port:
        assert sentence in fetched(port)


@pytest.mark.parametrize(
    ("special", "sentence"),
    [
        ({"LOGIN": b"{tag} NO [UNAVAILABLE] Try again later\r\n"}, "cannot sign this mailbox in right now"),
        ({"LOGIN": b"{tag} NO [ALERT] Application-specific password required\r\n"}, "an app password"),
        ({"LOGIN": b"{tag} NO Your account is not enabled for IMAP use\r\n"}, "IMAP is switched off"),
        ({"LOGIN": b"* BYE go away\r\n"}, "closed the connection"),
        ({"LOGIN": b""}, "did not answer in time"),
        (
            {"CAPABILITY": b"* CAPABILITY IMAP4rev1 LOGINDISABLED\r\n{tag} OK done\r\n"},
            "no way of signing in by a password",
        ),
        ({"EXAMINE": b""}, "stopped answering"),
        ({"EXAMINE": b"{tag} OK but nothing said\r\n"}, "says is not IMAP"),
        ({"FETCH": b"* 1 FETCH (UID\r\n{tag} OK done\r\n"}, "says is not IMAP"),
        ({"FETCH": b"* 1 FETCH (UID ten RFC822.SIZE 4)\r\n{tag} OK done\r\n"}, "says is not IMAP"),
        ({"FETCH": b"* 1 FETCH (UID 1 RFC822.SIZE {999999999999}\r\nabc"}, "more than was asked for"),
        ({"FETCH": b"* 1 FETCH (UID 1 RFC822.SIZE {5}\r\nabc"}, "stopped answering"),
        ({"FETCH": b"tag\r\n"}, "says is not IMAP"),
        ({"FETCH": b"{tag} BAD what?\r\n"}, "refused: “what?”"),
    ],
)
def test_an_answer_that_is_none(special, sentence):
    with speaking(GREETING, usual(**special)) as port:
        assert sentence in fetched(port)


def test_a_server_that_talks_without_end_is_cut(monkeypatch):
    monkeypatch.setattr(guarded, "CHATTER", 200_000)
    with speaking(GREETING, usual(FETCH=b"* 1 FETCH (FLAGS ())\r\n" * 20_000)) as port:
        assert "more than was asked for" in fetched(port)


def test_a_server_that_says_a_letter_at_a_time_is_cut(monkeypatch):
    monkeypatch.setattr(guarded, "WHOLE_SECONDS", 1.0)
    done = threading.Event()

    def answer(tag: bytes, rest: bytes) -> bytes | None:
        if not rest.startswith(b"EXAMINE"):
            return usual()(tag, rest)
        done.wait(0.2)
        return b"*"

    # One letter for each line it is sent is no dribble: this one never ends its line.
    with speaking(GREETING, answer) as port:
        began = time.monotonic()
        assert fetched(port)
        assert time.monotonic() - began < 30


def test_a_mail_that_is_listed_and_not_handed_over_does_not_stop_the_others():
    raw = b"Subject: eleven\r\n\r\nThis one can be had..\r\n"

    def answer(tag: bytes, rest: bytes) -> bytes | None:
        if b"RFC822.SIZE" in rest:
            lines = [b"* %d FETCH (UID %d RFC822.SIZE %d)\r\n" % (uid - 9, uid, len(raw)) for uid in (10, 11)
                     if rest.startswith(b"UID FETCH 1,") or b" %d " % uid in rest]  # fmt: skip
            return b"".join(lines) + tag + b" OK done\r\n"
        if b"BODY.PEEK[HEADER]" in rest:
            return b"* 1 FETCH (UID 10 BODY[HEADER] {21}\r\nSubject: broken one\r\n)\r\n" + tag + b" OK done\r\n"
        if b"BODY.PEEK[]" in rest and b"10" in rest.split()[2]:
            return tag + b" NO [SERVERBUG] cannot read mail 10\r\n"
        if b"BODY.PEEK[]" in rest:
            return b"* 2 FETCH (UID 11 BODY[] {%d}\r\n%s)\r\n%s OK done\r\n" % (len(raw), raw, tag)
        if rest.startswith(b"EXAMINE") and satchel.looks:
            return None
        return usual()(tag, rest)

    satchel = Remembered()
    with speaking(GREETING, answer) as port:
        box = imap.Mailbox(host="127.0.0.1", port=port, security="none", user="u", password="p", existing=True)
        line = imap.opened(box)
        assert not fetching.look(line, satchel, threading.Event())
        line.close()
    assert satchel.subjects == ["broken one", "eleven"]
    assert b"X-Careline-Kept: head" in satchel.kept[0][1]
    assert satchel.skipped == [(10, "refused", 1)]
    assert satchel.places["INBOX"].uid == 11


@pytest.mark.parametrize("words", [b"[THROTTLED] slow down", b"[UNAVAILABLE] Try again later", b"Too many requests"])
def test_what_is_refused_by_a_server_that_has_too_much_to_do_waits(words):
    def answer(tag: bytes, rest: bytes) -> bytes | None:
        if b"RFC822.SIZE" in rest:
            return b"* 1 FETCH (UID 10 RFC822.SIZE 9)\r\n" + tag + b" OK done\r\n"
        return tag + b" NO " + words + b"\r\n" if b"BODY.PEEK[" in rest else usual()(tag, rest)

    satchel = Remembered()
    with speaking(GREETING, answer) as port:
        assert words.decode() in fetched(port, satchel)
    assert (satchel.skipped, satchel.kept, satchel.places["INBOX"].uid) == ([], [], 0)


def test_a_wrong_next_number_does_not_read_the_folder_again_and_again():
    def answer(tag: bytes, rest: bytes) -> bytes | None:
        if rest.startswith(b"EXAMINE"):
            return b"* 1 EXISTS\r\n* OK [UIDVALIDITY 7] ok\r\n* OK [UIDNEXT 3] ok\r\n" + tag + b" OK done\r\n"
        if rest.startswith((b"FETCH 1 ", b"FETCH 1\r")):
            return b"* 1 FETCH (UID 11)\r\n" + tag + b" OK done\r\n"
        return usual()(tag, rest)

    satchel = Remembered()
    satchel.places["INBOX"] = place = Place(folder="INBOX", uidvalidity=7, uid=11, source="u@127.0.0.1")
    with speaking(GREETING, answer) as port:
        line = imap.opened(imap.Mailbox(host="127.0.0.1", port=port, security="none", user="u", password="p"))
        fetching.look(line, satchel, threading.Event())
        line.close()
    assert satchel.places["INBOX"] == place


def test_where_only_login_is_offered_names_and_passwords_of_every_language_are_sent():
    heard: list[bytes] = []

    def answer(tag: bytes, rest: bytes) -> bytes | None:
        heard.append(rest)
        return usual()(tag, rest)

    with speaking(GREETING, answer) as port:
        imap.opened(
            imap.Mailbox(host="127.0.0.1", port=port, security="none", user="Jürgen B", password='"Пароль\\')
        ).close()
    assert 'LOGIN "Jürgen B" "\\"Пароль\\\\"'.encode() in heard
