"""Mail is fetched from a real Dovecot by its numbers: all of it, once, whatever happens on the way."""

from __future__ import annotations

from datetime import UTC, datetime

import msgspec
import pytest

from careline.channels.email import imap
from careline.channels.email.imap import fetching
from careline.channels.email.reading import read
from tests.channels.email.mailboxes import looked, mail


def test_only_what_comes_after_the_first_look_is_taken_unless_all_is_asked_for(dove, box, satchel):
    dove.deliver(box.user, mail("old"))
    careful = msgspec.structs.replace(box, existing=False)
    looked(careful, satchel)
    assert satchel.kept == []
    assert satchel.skipped == [(1, "before", 1)]
    dove.deliver(box.user, mail("new"))
    looked(careful, satchel)
    assert satchel.subjects == ["new"]
    # Somebody wants the rest after all.
    looked(box, satchel)
    assert satchel.subjects == ["new", "old"]
    assert satchel.skipped == [(1, "before", 1), (2, "known", 1)]


def test_what_came_while_nobody_looked_is_caught_up_with_in_bounded_batches(dove, box, satchel, monkeypatch):
    monkeypatch.setattr(fetching, "AT_ONCE", 20)
    monkeypatch.setattr(fetching, "TOGETHER", 7)
    subjects = [f"mail {n}" for n in range(65)]
    for subject in subjects:
        dove.deliver(box.user, mail(subject))
    looked(box, satchel)
    assert satchel.subjects == subjects
    assert satchel.looks == 4
    assert satchel.places["INBOX"].uid == 65


def test_numbers_far_apart_are_found_without_asking_for_each_between(dove, box, satchel, monkeypatch):
    monkeypatch.setattr(fetching, "AT_ONCE", 5)
    for n in range(40):
        dove.deliver(box.user, mail(f"mail {n}"))
    line = imap.opened(box)
    line._client.select_folder("INBOX")
    line._client.delete_messages([n for n in range(1, 41) if n not in {2, 23, 40}])
    line._client.expunge()
    line.close()
    looked(box, satchel)
    assert satchel.subjects == ["mail 1", "mail 22", "mail 39"]
    assert satchel.looks <= 4


def test_a_fall_between_storing_and_marking_loses_and_doubles_nothing(dove, box, satchel, monkeypatch):
    monkeypatch.setattr(fetching, "TOGETHER", 3)
    subjects = [f"mail {n}" for n in range(10)]
    for subject in subjects:
        dove.deliver(box.user, mail(subject))

    def fall(uid: int) -> None:
        if uid == 6:
            raise KeyboardInterrupt

    satchel.before = fall
    with pytest.raises(KeyboardInterrupt):
        looked(box, satchel)
    # Of the second three, two were stored and the bookmark had not moved.
    assert (len(satchel.kept), satchel.places["INBOX"].uid) == (5, 3)
    satchel.before = lambda _uid: None
    looked(box, satchel)
    assert satchel.subjects == subjects
    assert satchel.skipped == [(4, "known", 1), (5, "known", 1)]


def test_a_folder_that_counts_anew_is_read_again_and_nothing_is_taken_twice(dove, box, satchel):
    for n in range(3):
        dove.deliver(box.user, mail(f"mail {n}"))
    looked(box, satchel)
    before = satchel.places["INBOX"].uidvalidity
    dove.count_anew(box.user)
    dove.deliver(box.user, mail("new"))
    looked(box, satchel)
    assert satchel.places["INBOX"].uidvalidity != before
    assert satchel.subjects == ["mail 0", "mail 1", "mail 2", "new"]
    assert [why for _uid, why, _n in satchel.skipped] == ["known"] * 3


def test_reading_again_leaves_what_was_left_when_the_mailbox_was_connected(dove, box, satchel, monkeypatch):
    careful = msgspec.structs.replace(box, existing=False)
    dove.deliver(box.user, mail("old"))
    looked(careful, satchel)
    place = satchel.places["INBOX"]
    began = datetime(2100, 1, 1, tzinfo=UTC)  # long after the mail came in
    satchel.places["INBOX"] = msgspec.structs.replace(place, began_at=began, uidvalidity=place.uidvalidity - 1)
    looked(careful, satchel)
    assert satchel.kept == []
    assert satchel.skipped[-1] == (1, "before", 1)
    # What comes now is new, whatever date the server has for it.
    dove.deliver(box.user, mail("new"))
    looked(careful, satchel)
    assert satchel.subjects == ["new"]


def test_numbers_that_run_backwards_are_counted_anew(dove, box, satchel):
    dove.deliver(box.user, mail("one"))
    looked(box, satchel)
    # As after a backup was brought back: the same UIDVALIDITY, and fewer mails than were read.
    satchel.places["INBOX"] = msgspec.structs.replace(satchel.places["INBOX"], uid=40)
    dove.deliver(box.user, mail("two"))
    looked(box, satchel)
    assert satchel.subjects == ["one", "two"]
    assert satchel.places["INBOX"].uid == 2


def test_another_account_is_read_from_its_beginning(dove, box, satchel):
    dove.deliver(box.user, mail("one"))
    looked(box, satchel)
    satchel.places["INBOX"] = msgspec.structs.replace(satchel.places["INBOX"], source="somebody@else.example", uid=999)
    dove.deliver(box.user, mail("two"))
    looked(box, satchel)
    assert satchel.subjects == ["one", "two"]


def test_looking_leaves_no_trace_in_the_mailbox(dove, box, satchel):
    dove.deliver(box.user, mail("unread"))
    looked(box, satchel)
    line = imap.opened(box)
    line._client.select_folder("INBOX", readonly=True)
    flags = line._client.get_flags([1])[1]
    line.close()
    assert b"\\Seen" not in flags


def test_a_mail_that_is_too_large_is_kept_as_its_head_with_a_word(dove, box, satchel):
    head = (
        b"From: ada@example.com\r\nSubject: =?utf-8?q?Gro=C3=9F?=\r\nMIME-Version: 1.0\r\n"
        b'Content-Type: multipart/mixed;\r\n boundary="b"\r\nMessage-ID: <1@example.com>\r\n'
    )
    dove.deliver(box.user, head + b"\r\n--b\r\n\r\n" + b"x" * 3_000_000 + b"\r\n--b--\r\n")
    dove.deliver(box.user, mail("small"))
    looked(msgspec.structs.replace(box, largest=2_000_000), satchel)
    assert [uid for uid, _raw in satchel.kept] == [1, 2]
    assert satchel.skipped == [(1, "head", 1)]
    stands_in = read(satchel.kept[0][1])
    assert stands_in.subject == "Groß"
    assert stands_in.message_id == "1@example.com"
    assert "This mail has 3 MB" in stands_in.text
    assert stands_in.unread == ""


def test_mails_of_forty_megabytes_come_whole(dove, box, satchel):
    large = mail("large", b"x" * 76 + b"\r\n") + (b"y" * 76 + b"\r\n") * 500_000
    dove.deliver(box.user, large)
    looked(box, satchel)
    [(_uid, raw)] = satchel.kept
    assert raw == large
