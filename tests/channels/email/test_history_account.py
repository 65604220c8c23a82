"""Mail of earlier years in an account at a real Dovecot: each mail once, in the order it was written in."""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import msgspec
import pytest

from careline.accounts.actor import SYSTEM
from careline.channels import actions as inboxes
from careline.channels import queries as channels
from careline.channels.email import imap
from careline.channels.email.history import Account, account
from careline.channels.email.imap import line
from careline.channels.history import Leaving
from careline.channels.models import Outbox
from careline.channels.satchel import FetchFailed
from careline.kit.sentences import told
from careline.service.conversations.history import actions, queries, running, waiting
from careline.service.conversations.models import Conversation, History, Message
from tests.channels.email.accounts import FAR, MOVED, day, filled, mail
from tests.channels.email.mailboxes import speaking, usual
from tests.mail.dovecot import PASSWORD, dovecot


@pytest.fixture(autouse=True)
def impatient(monkeypatch):
    monkeypatch.setattr(account, "WAITS", (0.1, 0.2, 0.4))


@pytest.fixture
def looked(tmp_path) -> Callable[..., Any]:
    """All that is found in an account; `between` is called when it was looked through and nothing is fetched yet."""

    def looked(mailbox: Any, after: int = 0, between: Callable[[], object] = lambda: None) -> Any:
        (tmp_path / "order.sqlite").unlink(missing_ok=True)
        past = Account(mailbox, tmp_path, threading.Event())
        try:
            between()
            return past, [(one.place, one.why or subject(one.raw)) for one in past.after(after)], past.fingerprint(3)
        finally:
            past.close()

    return looked


def subject(raw: bytes) -> str:
    return raw.split(b"Subject: ", 1)[1].split(b"\r\n")[0].decode()


@pytest.mark.django_db
def test_an_account_is_brought_in_its_order_each_mail_once_and_nobody_is_told(dove, fetched):
    box = fetched(acknowledgement="We read it.")
    filled(dove, box.settings["address"])
    actions.bring(box.inbox_id, actor=SYSTEM, account=True)
    waiting.run_waiting()
    done = History.objects.get()
    assert (done.state, done.error, done.total, done.added, done.repeated, done.left) == ("done", "", 5, 4, 1, 0)
    said = Message.objects.order_by("conversation_id", "seq").values_list("conversation__subject", "kind", "body")
    assert [(head, kind, body.strip()) for head, kind, body in said] == [
        ("first", "incoming", "This is first."), ("first", "reply", "This is second."),
        ("first", "incoming", "This is third."), ("far", "incoming", "This is far."),
    ]  # fmt: skip
    assert list(Message.objects.order_by("occurred_at").values_list("occurred_at", flat=True)) == [
        day(1), day(2), day(3), day(4),
    ]  # fmt: skip
    assert not Conversation.objects.exclude(state="resolved").exists()
    assert not Outbox.objects.exists()
    # More has come meanwhile, and the server counts anew.
    dove.count_anew(box.settings["address"])
    dove.deliver(box.settings["address"], mail("fourth", 6, answers="third"), at=MOVED)
    actions.bring(box.inbox_id, actor=SYSTEM, account=True)
    waiting.run_waiting()
    again = History.objects.order_by("pk").last()
    assert again is not None
    assert (again.state, again.added, again.repeated, Message.objects.count()) == ("done", 1, 5, 5)


@pytest.mark.long
def test_folders_have_names_of_every_language_and_some_hold_nothing(dove, box, looked):
    filled(dove, box.user)
    past, found, _known = looked(box)
    assert past.total == 5
    assert found == [
        ("INBOX:2", "first"), ("Sent/Labelled:1", "first"), ("Sent:1", "second"), ("INBOX:1", "third"),
        (f"{FAR}:1", "far"),
    ]  # fmt: skip
    assert looked(box, after=3)[1] == found[3:]


@pytest.mark.long
@pytest.mark.parametrize("labels", [False, True])
def test_all_mail_is_read_only_where_folders_are_labels_and_then_alone(box, looked, labels):
    folders = {"All": "\\All", "Wichtig": "\\Flagged", "Papierkorb": "\\Trash", "Entwürfe": "\\Drafts"}
    with dovecot(folders=folders, more="imap_capability = +X-GM-EXT-1" if labels else "") as server:
        server.mailbox(box.user)
        lying = {
            "filed": ("INBOX", "All"), "archived": ("All",), "marked": ("INBOX", "Wichtig", "All"),
            "thrown away": ("Papierkorb",), "half written": ("Entw&APw-rfe",),
        }  # fmt: skip
        for key, places in lying.items():
            for folder in places:
                server.deliver(box.user, mail(key, len(key)), folder)
        found = looked(msgspec.structs.replace(box, port=server.tls_port))[1]
    everything = [("All:1", "filed"), ("All:3", "marked"), ("All:2", "archived")]
    assert found == (everything if labels else [("INBOX:1", "filed"), ("INBOX:2", "marked")])


@pytest.mark.long
def test_drafts_and_what_is_deleted_are_left_in_every_folder(dove, box, looked):
    for n in range(3):
        dove.deliver(box.user, mail(f"{n}", n))
    speaking = line.opened(box)
    speaking._client.select_folder("INBOX")
    speaking._client.add_flags([1], [b"\\Draft"])
    speaking._client.add_flags([3], [b"\\Deleted"])
    speaking.close()
    assert looked(box)[1] == [("INBOX:1", "draft"), ("INBOX:2", "1"), ("INBOX:3", "deleted")]


@pytest.mark.long
def test_a_folder_nobody_may_open_is_named_and_the_others_are_read(dove, box, looked):
    dove.deliver(box.user, mail("open", 1))
    dove.deliver(box.user, mail("closed", 2), "Closed")
    folder = dove.folder / "mail" / box.user / "box" / ".Closed"
    folder.chmod(0)
    assert looked(box)[1] == [("Closed", "closed"), ("INBOX:1", "open")]
    folder.chmod(0o700)
    assert looked(box, between=lambda: folder.chmod(0))[1] == [("INBOX:1", "open"), ("Closed:1", "gone")]
    folder.chmod(0o700)


@pytest.mark.long
def test_numbers_that_mean_something_else_now_are_not_gone_on_with(dove, box, looked):
    for n in range(3):
        dove.deliver(box.user, mail(f"{n}", n))
    known = looked(box)[2]
    assert looked(box)[2] == known
    with pytest.raises(FetchFailed, match=r"counts the mails of the folder INBOX anew\. Go on"):
        looked(box, between=lambda: (dove.count_anew(box.user), dove.stop(), dove.start()))
    assert looked(box)[2] != known


@pytest.mark.long
@pytest.mark.parametrize("together", [2, 100])
def test_a_server_that_goes_away_and_comes_back_is_gone_on_with_where_it_was(dove, box, looked, monkeypatch, together):
    monkeypatch.setattr(account, "ASKED", 3)
    monkeypatch.setattr(account, "TOGETHER", together)
    for n in range(20):
        dove.deliver(box.user, mail(f"{n}", n), "INBOX" if n % 3 else "Sent")
    asked: list[str] = []

    def cut(name: str) -> None:
        asked.append(name)
        if len(asked) % 3 == 0:
            dove.stop()
            dove.start()

    for name in ("heads", "mails"):
        plain = getattr(line.Line, name)

        def cutting(self: line.Line, *given: Any, plain: Any = plain, name: str = name) -> Any:
            cut(name)
            return plain(self, *given)

        monkeypatch.setattr(line.Line, name, cutting)
    assert [said for _place, said in looked(box)[1]] == [f"{n}" for n in range(20)]
    assert asked.count("heads") > 8  # seven pages, some of them twice
    assert {"heads", "mails"} <= set(asked)


@pytest.mark.long
def test_a_server_that_stays_away_is_given_up_with_a_sentence(dove, box, looked):
    dove.deliver(box.user, mail("one", 1))
    with pytest.raises(FetchFailed, match=r"Nobody answers at 127\.0\.0\.1"):
        looked(box, between=dove.stop)
    dove.start()


@pytest.mark.long
@pytest.mark.parametrize(("words", "found"), [
    (b"[UNAVAILABLE] Too busy, try again", [("INBOX:10", "ten"), ("INBOX:11", "eleven")]),
    (b"[SERVERBUG] Cannot read mail 10", [("INBOX:10", "refused"), ("INBOX:11", "eleven")]),
])  # fmt: skip
def test_what_a_server_refuses_for_a_while_is_asked_for_again_and_what_it_never_gives_is_named(
    settings, looked, words, found
):
    settings.CARELINE_ALLOW_PRIVATE_HTTP = True
    raws = {10: b"Subject: ten\r\n\r\n", 11: b"Subject: eleven\r\n\r\n"}
    refused: list[bytes] = []

    def answer(tag: bytes, rest: bytes) -> bytes | None:
        if rest.startswith(b"LIST"):
            return b'* LIST () "/" INBOX\r\n' + tag + b" OK done\r\n"
        wanted = [uid for uid in raws if b"%d" % uid in rest.split()[2]] if rest.startswith(b"UID FETCH") else []
        if 10 in wanted and (len(refused) < 2 or b"SERVERBUG" in words):
            refused.append(rest)
            return tag + b" NO " + words + b"\r\n"
        lines = [b"* %d FETCH (UID %d BODY[] {%d}\r\n%s)\r\n" % (uid - 9, uid, len(raws[uid]), raws[uid])
                 for uid in wanted]  # fmt: skip
        if rest.startswith(b"FETCH"):
            lines = [
                b"* %d FETCH (UID %d RFC822.SIZE %d FLAGS ())\r\n" % (uid - 9, uid, len(raws[uid])) for uid in raws
            ]
        return b"".join(lines) + (usual()(tag, rest) or b"")

    with speaking(b"* OK ready\r\n", answer) as port:
        box = imap.Mailbox(host="127.0.0.1", port=port, security="none", user="u", password="p")
        assert looked(box)[1] == found
    assert refused


@pytest.mark.long
def test_whoever_has_to_leave_waits_for_no_server(dove, box, tmp_path):
    stop = threading.Event()
    dove.deliver(box.user, mail("one", 1))
    past = Account(box, tmp_path, stop)
    dove.stop()
    stop.set()
    with pytest.raises(Leaving):
        list(past.after(0))
    with suppress(Exception):
        past.close()
    dove.start()
    (tmp_path / "order.sqlite").unlink()
    with pytest.raises(Leaving):
        Account(box, tmp_path, stop)


@pytest.mark.long
@pytest.mark.django_db
def test_a_wrong_password_is_said_and_once_mended_it_goes_on(dove, fetched):
    box = fetched(imap_password="wrong")
    dove.deliver(box.settings["address"], mail("one", 1))
    actions.bring(box.inbox_id, actor=SYSTEM, account=True)
    waiting.run_waiting()
    failed = History.objects.get()
    assert failed.state == "failed"
    assert told(failed.error).startswith("127.0.0.1 did not accept the name and password of this mailbox.")
    known = channels.endpoint(box.inbox_id)
    inboxes.update_inbox(box.inbox_id, actor=SYSTEM, settings=known.settings | {"imap_password": PASSWORD})
    actions.go_on(failed.pk, actor=SYSTEM)
    waiting.run_waiting()
    assert (queries.one(SYSTEM, failed.pk).state, queries.one(SYSTEM, failed.pk).added) == ("done", 1)


@pytest.mark.long
@pytest.mark.django_db
def test_new_mail_of_the_meantime_is_no_reason_to_begin_again(dove, fetched, monkeypatch):
    monkeypatch.setattr(running, "PIECE", 2)
    box = fetched()
    address = box.settings["address"]
    for n in range(6):
        dove.deliver(address, mail(f"{n}", n))

    def told(now: History) -> None:
        if now.read == 4:
            dove.deliver(address, mail("new", 9))
            History.objects.filter(pk=now.pk).update(state="stopped")

    def bring(told: Any = lambda _now: None) -> History:
        return actions.bring_here(box.inbox_id, None, actor=SYSTEM, told=told, open_days=14)

    assert (bring(told).state, Message.objects.count()) == ("stopped", 4)
    done = bring()
    assert (done.state, done.total, done.read, done.added, done.repeated) == ("done", 7, 7, 7, 0)
    # One that was written earlier than what landed shifts everything: it is looked through again, and comes once.
    History.objects.update(state="stopped")
    dove.deliver(address, mail("forgotten", -9))
    again = bring()
    assert (again.pk, again.read, again.added, again.repeated, again.left) == (done.pk, 8, 8, 7, 0)
    assert Message.objects.count() == 8
