"""Why mails were left, came to nothing or could not be fetched is written once and read in anybody's language."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.utils import translation

from careline.accounts.actor import SYSTEM
from careline.channels import deliveries, inbound, queries, visits
from careline.channels.email.imap import failures
from careline.channels.models import Visit
from careline.kit import clock
from careline.kit.sentences import told
from careline.service.conversations.history import actions as bringing
from careline.service.conversations.history import queries as histories
from careline.service.conversations.letters import addressing
from careline.service.conversations.models import Message
from tests.channels.email.arriving import arrive, written

pytestmark = pytest.mark.django_db(transaction=True)
LANGUAGES = ("en", "id", "ar")


@pytest.fixture
def mailbox(open_inbox):
    return open_inbox("email", address="help@shop.example")


def in_each(look: Callable[[], str]) -> list[str]:
    """The same in English, Indonesian and Arabic."""
    found = []
    for language in LANGUAGES:
        with translation.override(language):
            found.append(look())
    assert len(set(found)) == len(LANGUAGES), found
    return found


def test_old_mails_that_were_left_out(mailbox, tmp_path, boss):
    (tmp_path / "cur").mkdir()
    (tmp_path / "new").mkdir()
    (tmp_path / "tmp").mkdir()
    (tmp_path / "cur" / "1:2,DS").write_bytes(bytes(written()))
    with translation.override("ar"):
        done = bringing.bring_here(mailbox.inbox_id, tmp_path, actor=SYSTEM, told=lambda _now: None, open_days=0)
    assert in_each(lambda: histories.left_out(boss, done.pk)[0].why)[0] == "It is a draft that was never sent."


def test_an_import_that_broke_off(mailbox, tmp_path, boss):
    (tmp_path / "diary.txt").write_text("Dear diary")
    done = bringing.bring_here(mailbox.inbox_id, tmp_path, actor=SYSTEM, told=lambda _now: None, open_days=0)
    words = in_each(lambda: histories.one(boss, done.pk).broke_off)
    assert words[0] == f"There is no mail in {tmp_path.name}: neither an mbox, nor a Maildir, nor .eml files."
    assert all(tmp_path.name in one for one in words)


def test_what_came_to_nothing(mailbox, boss):
    answer = written("I am away.", Subject="Out of office", Auto_Submitted="auto-replied", In_Reply_To="<x@y.example>")
    arrive(mailbox.inbox_id, answer)
    words = in_each(lambda: deliveries.came_to_nothing(boss, mailbox.inbox_id)[0].words)
    assert words[0].startswith("A machine answered")


def test_what_got_stuck(mailbox, boss, monkeypatch):
    def broken(*_given: Any) -> int:
        raise RuntimeError("the power went")

    monkeypatch.setattr(inbound, "MOST_ATTEMPTS", 1)
    monkeypatch.setattr(inbound, "_intake", broken)
    inbound.keep(mailbox.inbox_id, "stuck", bytes(written()), {})
    inbound.take()
    words = in_each(lambda: queries.failures(boss, inbox_id=mailbox.inbox_id)[0].words)
    assert words[0] == "Something went wrong here: RuntimeError"
    assert all(one.endswith("RuntimeError") for one in words)


def test_a_look_that_failed(mailbox, boss):
    with translation.override("id"):
        visits.record(mailbox.inbox_id, clock.now(), error=failures.talking(TimeoutError(), "imap.example", 993).said)
        visits.record(mailbox.inbox_id, clock.now(), error=failures.talking(TimeoutError(), "imap.example", 993).said)
    assert Visit.objects.get().looks == 2
    assert in_each(lambda: queries.lately(boss, mailbox.inbox_id)[0].error)[0] == "imap.example stopped answering."


def test_a_file_that_was_not_kept(mailbox, boss):
    made = written()
    made.add_attachment(b"MZ\0\0program", maintype="application", subtype="octet-stream", filename="gift.exe")
    arrive(mailbox.inbox_id, made)
    [letter] = [addressing.read(one) for one in Message.objects.filter(kind="incoming")]
    assert letter is not None
    assert "not accepted" in in_each(lambda: told(letter.left_out["gift.exe"]))[0]
