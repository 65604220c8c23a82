"""Mail as other programs keep it is found, put in order and given back as it was."""

from __future__ import annotations

import mailbox
import os
import threading
from datetime import UTC, datetime
from email.message import EmailMessage

import pytest

from careline.channels.email.history import Files, mbox
from careline.kit.refusals import Refused


def mail(n, *, date="Mon, 02 Mar 2026 09:00:00 +0000", body="Hello.\n"):
    return f"From: ada@example.com\nDate: {date}\nMessage-ID: <{n}@example.com>\nSubject: {n}\n\n{body}".encode()


def parted(*mails, by=b"From ada@example.com Mon Mar  2 09:00:00 2026\n"):
    return b"".join(by + one + b"\n" for one in mails)


@pytest.fixture
def looked(tmp_path):
    """Everything that is found in a file or folder, in its order."""

    def looked(source, after=0, then=lambda _past: None):
        work = tmp_path / "work"
        work.mkdir(exist_ok=True)
        (work / "order.sqlite").unlink(missing_ok=True)
        found = Files(source, work, threading.Event())
        try:
            return (then(found) or found), list(found.after(after))
        finally:
            found.close()

    return looked


def test_an_mbox_is_parted_and_each_mail_is_as_it_was(tmp_path, looked):
    body = "Dear all,\n\nFrom here on it rains.\n\n>From the house.\n>>From a quote.\n"
    path = tmp_path / "years.mbox"
    path.write_bytes(parted(mail(1, body=body), mail(2)))
    past, found = looked(path)
    assert past.total == 2
    assert found[0].raw == mail(1, body=body.replace("\n>From", "\nFrom").replace("\n>>From", "\n>From"))
    assert found[1].raw == mail(2)


def test_what_pythons_mailbox_writes_is_read_as_python_reads_it(tmp_path, looked):
    path = tmp_path / "python.mbox"
    box = mailbox.mbox(path)
    for n in range(5):
        message = EmailMessage()
        message["From"], message["Subject"], message["Message-ID"] = "ada@example.com", f"No. {n}", f"<{n}@x>"
        message["Date"] = f"Mon, {n + 2:02} Mar 2026 09:00:00 +0000"
        message.set_content("From the start\n\nFrom here on.\n")
        box.add(message)
    box.flush()
    _past, found = looked(path)
    assert [one.raw.count(b"Subject:") for one in found] == [1] * 5
    assert all(b"\nFrom the start" in b"\n" + one.raw.partition(b"\n\n")[2] for one in found)


@pytest.mark.parametrize(
    "line",
    [
        b"From ada@example.com Mon Mar  2 09:00:00 2026\n",
        b"From ada@example.com Mon Mar  2 09:00:00 2026\r\n",
        b"From - Mon Mar 02 09:00:00 2026\n",
        b"From 1234567@xxx Mon Mar 02 09:00:00 +0000 2026\n",
        b"From MAILER-DAEMON Mon Mar  2 09:00 2026 remote from host\n",
        b'From "a b"@example.com Mon, 2 Mar 2026 09:00:00 +0100\n',
    ],
)
def test_the_line_between_mails_as_programs_write_it(tmp_path, looked, line):
    path = tmp_path / "box"
    path.write_bytes(parted(mail(1), mail(2), by=line))
    assert mbox.is_mbox(path)
    assert looked(path)[0].total == 2


def test_they_come_in_the_order_they_were_written(tmp_path, looked):
    dates = ["Tue, 03 Mar 2026 09:00:00 +0000", "Mon, 02 Mar 2026 12:00:00 +0500", "Mon, 02 Mar 2026 09:00:00 +0000"]
    path = tmp_path / "newest-first.mbox"
    path.write_bytes(parted(*(mail(n, date=date) for n, date in enumerate(dates))))
    past, found = looked(path)
    assert [one.raw.split(b"Subject: ")[1][:1] for one in found] == [b"1", b"2", b"0"]
    assert past.oldest == datetime(2026, 3, 2, 7, tzinfo=UTC)
    assert [one.place for one in looked(path, after=2)[1]] == [found[2].place]


def test_a_clock_that_was_wrong_is_not_believed(tmp_path, looked):
    path = tmp_path / "clock.mbox"
    path.write_bytes(
        parted(mail(1, date="Thu, 01 Jan 1970 00:00:00 +0000"), mail(2, date="Mon, 02 Mar 2099 09:00:00 +0000"))
    )
    assert [one.at for one in looked(path)[1]] == [datetime(2026, 3, 2, 9, tzinfo=UTC)] * 2


def test_a_maildir_with_its_folders_leaves_drafts_and_what_was_thrown_away(tmp_path, looked):
    root = tmp_path / "Maildir"
    for folder, name in [("cur", "1:2,S"), ("new", "2"), ("cur", "3:2,DS"), ("cur", "4:2,ST"), (".Sent/cur", "5:2,S")]:
        (root / folder).mkdir(parents=True, exist_ok=True)
        (root / folder / name).write_bytes(mail(name[0]))
    (root / "tmp").mkdir()
    (root / "tmp" / "6").write_bytes(mail(6))
    (root / "dovecot.index.log").write_bytes(b"\0" * 100)
    (root / "cur" / "link:2,S").symlink_to("/etc/passwd")
    past, found = looked(root)
    assert past.total == 5
    assert {one.place.rpartition("/")[2]: one.why for one in found if one.why} == {
        "3:2,DS": "draft",
        "4:2,ST": "deleted",
    }


def test_the_same_beginning_is_known_again_and_another_is_not(tmp_path, looked):
    path = tmp_path / "box.mbox"
    dates = [f"Mon, 02 Mar 2026 0{n}:00:00 +0000" for n in range(4)]
    path.write_bytes(parted(mail(1, date=dates[1]), mail(2, date=dates[2])))
    before = looked(path, then=lambda past: past.fingerprint(2))[0]
    for first, known in (((mail(3, date=dates[3]),), True), ((mail(0, date=dates[0]),), False)):
        path.write_bytes(parted(mail(1, date=dates[1]), mail(2, date=dates[2]), *first))
        assert (looked(path, then=lambda past: past.fingerprint(2))[0] == before) is known


def test_a_mail_that_was_read_meanwhile_is_the_same(tmp_path, looked):
    new, cur = tmp_path / "box" / "new", tmp_path / "box" / "cur"
    new.mkdir(parents=True)
    cur.mkdir()
    (new / "1.a").write_bytes(mail(1))
    before = looked(tmp_path / "box", then=lambda past: past.fingerprint(1))[0]
    (new / "1.a").rename(cur / "1.a:2,RS")
    assert looked(tmp_path / "box", then=lambda past: past.fingerprint(1))[0] == before


def test_folders_of_spam_drafts_and_trash_are_left_and_names_of_every_encoding_are_read(tmp_path, looked):
    for name in ("Trash.mbox", "Drafts", "spam.mbox", "Clients.sbd/Junk", ".Spam.2019/cur/1", "Sent", "2019.mbox"):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(mail(1) if path.parent.name == "cur" else parted(mail(1)))
    latin = os.fsencode(tmp_path) + b"/Entw\xfcrfe.mbox"
    with open(latin, "wb") as file:
        file.write(parted(mail(2)))
    assert sorted(one.place.partition(":")[0] for one in looked(tmp_path)[1]) == [
        "2019.mbox",
        "Entw\ufffdrfe.mbox",
        "Sent",
    ]
    assert [one.place.partition(":")[0] for one in looked(tmp_path / "Drafts")[1]] == ["Drafts"]


def test_what_is_no_mail_is_refused_in_words(tmp_path, looked):
    (tmp_path / "notes.txt").write_text("Dear diary")
    for wrong in (tmp_path / "notes.txt", tmp_path / "nothing"):
        with pytest.raises(Refused):
            looked(wrong)
