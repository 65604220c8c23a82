"""Readers in processes of their own: fast when mails are small, bounded when they are not."""

from __future__ import annotations

import base64
import os
import signal
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from careline.channels.email import child, reading
from careline.channels.email.pool import Readers
from careline.channels.email.understanding import understood

SMALL = (
    b"From: Ada <ada@example.com>\nSubject: Hello\nMessage-ID: <1@x>\nDate: Mon, 2 Mar 2026 10:00:00 +0700\n\nHello\n"
)


@pytest.fixture
def readers() -> Iterator[Readers]:
    with Readers(1) as found:
        yield found


def test_a_mail_comes_back_as_it_is_understood(readers: Readers):
    found = readers.read(SMALL)
    assert found == understood(SMALL)
    assert found.mail.sent_at is not None
    assert found.mail.sent_at.utcoffset() == timedelta(hours=7)


def test_small_mails_share_one_process(readers: Readers):
    with ThreadPoolExecutor(4) as threads:
        found = list(threads.map(readers.read, [SMALL] * 200))
    assert {one.mail.subject for one in found} == {"Hello"}
    assert readers.started == 1


def test_forty_megabytes_fit(readers: Readers):
    content = os.urandom(28_500_000)
    raw = (
        b"From: a@b.c\nContent-Type: multipart/mixed; boundary=xyz\n\n--xyz\n\nHello\n--xyz\n"
        b"Content-Type: application/zip; name=a.zip\nContent-Transfer-Encoding: base64\n\n%b--xyz--\n"
    ) % base64.encodebytes(content)
    assert 38_000_000 < len(raw) < 41_000_000
    found = readers.read(raw)
    assert (found.mail.unread, found.mail.text) == ("", "Hello")
    assert [one.content == content for one in found.mail.attachments] == [True]
    assert readers.read(SMALL).mail.subject == "Hello"
    assert readers.started == 1


def test_what_takes_too_long_is_unread_and_its_reader_replaced():
    crafted = SMALL + b"On Jan 1 2020 at 10:00 a@b.c\n" * 20_000
    with Readers(1, seconds=0.1) as readers:
        found = readers.read(crafted)
        assert (found.mail.unread, found.outcome) == ("time", "unreadable")
        assert (found.mail.key, found.mail.subject) == ("1@x", "Hello")
        assert readers.read(SMALL).mail.subject == "Hello"
        assert readers.started == 2


def test_what_takes_too_much_memory_is_unread(readers: Readers, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(reading, "LARGEST", 1 << 30)
    found = readers.read(SMALL + b"x" * (child.MEMORY + 1))
    assert found.mail.unread == "memory"
    assert readers.read(SMALL).mail.subject == "Hello"


def test_what_is_larger_than_a_mail_may_be_is_not_tried(readers: Readers):
    assert readers.read(SMALL + b"x" * reading.LARGEST).mail.unread == "too-large"
    assert readers.started == 0


def test_a_reader_that_is_killed_is_replaced(readers: Readers):
    readers.read(SMALL)
    reader = readers._free.get()
    assert reader is not None
    os.kill(reader._process.pid, signal.SIGKILL)
    reader._process.wait()
    readers._free.put(reader)
    assert readers.read(SMALL).mail.subject == "Hello"
    assert readers.started == 2
