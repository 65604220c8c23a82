"""Whether a machine wrote it: RFC 3834 and its neighbors."""

from __future__ import annotations

import pytest

from careline.channels.email.automatic import answerable, automatic
from careline.channels.email.reading import read
from careline.channels.email.understanding import understood


def told(headers: str, sender: str = "Ada <ada@example.com>", subject: str = "Hello") -> bytes:
    return f"From: {sender}\nTo: help@example.org\nSubject: {subject}\n{headers}\nHello\n".encode()


@pytest.mark.parametrize(
    ("headers", "kind", "outcome"),
    [
        ("Auto-Submitted: auto-replied\n", "answer", "auto"),
        ("Auto-Submitted: auto-replied (vacation)\n", "out-of-office", "auto"),
        ("Auto-Submitted: auto-generated\n", "notice", "auto"),
        ("X-Apple-Action: vacation\n", "out-of-office", "auto"),
        ("Precedence: bulk\n", "bulk", "new"),
        ("Precedence: auto_reply\n", "answer", "auto"),
        ("X-Auto-Response-Suppress: OOF, AutoReply\n", "unanswerable", "new"),
        ("List-Id: <friends.example.com>\n", "list", "new"),
        ("List-Unsubscribe: <mailto:x@example.com>\n", "bulk", "new"),
        ("X-Autoreply: yes\n", "answer", "auto"),
        ("X-Loop: help@example.org\n", "loop", "auto"),
        ("Return-Path: <>\n", "server", "auto"),
        ("Content-Type: multipart/report; report-type=disposition-notification; boundary=b\n", "server", "report"),
    ],
)
def test_headers_of_machines(headers: str, kind: str, outcome: str):
    found = understood(told(headers))
    assert found.automatic is not None
    assert (found.automatic.kind, found.outcome) == (kind, outcome)
    assert not answerable(found.mail)


@pytest.mark.parametrize(
    "sender", ["noreply@example.com", "no-reply+17@example.com", "MAILER-DAEMON@example.com", "bounce-9=a@b.c"]
)
def test_addresses_of_machines(sender: str):
    assert automatic(read(told("", sender))) is not None


@pytest.mark.parametrize(
    "subject", ["Automatic reply: Hello", "Out of Office: Hello", "自动回复: 你好", "Balasan otomatis: Halo"]
)
def test_subjects_of_those_away(subject: str):
    found = automatic(read(told("", subject=subject)))
    assert found is not None
    assert found.kind == "out-of-office"


@pytest.mark.parametrize(
    ("headers", "subject"),
    [
        ("Auto-Submitted: no\n", "Hello"),
        ("", "Vacation request"),
        ("", "Absence of a reply"),
        ("X-Mailer: Apple Mail\n", "Automatic doors"),
    ],
)
def test_people_are_no_machines(headers: str, subject: str):
    found = understood(told(headers, subject=subject))
    assert (found.automatic, found.outcome) == (None, "new")
    assert answerable(found.mail)


def test_a_note_of_absence_is_told_from_lists_and_bounces():
    away = told("Precedence: bulk\nReturn-Path: <>\n", subject="On vacation")
    found = automatic(read(away))
    assert found is not None
    assert found.kind == "out-of-office"
    assert understood(away).bounces == ()
    listed = automatic(read(told("List-Id: <x.example>\n", subject="Vacation homes")))
    assert listed is not None
    assert listed.kind == "list"


def test_our_own_mails_are_a_loop():
    found = automatic(read(told("", "help@example.org")), own={"Help@example.org"})
    assert found is not None
    assert found.kind == "loop"
    assert automatic(read(told("X-Loop: other\n")), loops={"ours"}) is None
