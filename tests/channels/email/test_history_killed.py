"""Five thousand mails of an account, brought by a process that is killed again and again: each is there, and once."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from django.conf import settings as django_settings
from django.core import mail as system_mail
from django.db.models import Count, Max, Min

from careline.channels.models import Inbound, Outbox
from careline.service.conversations.models import Conversation, History, Message
from careline.touchpoints.models import Touchpoint
from careline.touchpoints.subscribers import advance_all, enroll, registered
from tests.channels.email.test_history_account import day, mail
from tests.mail.dovecot import PASSWORD, dovecot

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.long]

THREADS, LENGTH = 1250, 4
MAILS = THREADS * LENGTH
KILLS = 6
LABELLED = 200
PATIENCE = 900.0
# Megabytes a process may have in all; the mails alone are 80.
MOST = 200
ADDRESS = "help@shop.example"
PROGRAM = Path(sys.executable).with_name("careline")


def fill(server):
    """Threads that go on side by side over two folders, every fourth mail with a file; some lie in a third as well."""
    chance = random.Random(11)
    for n in range(LENGTH):
        for thread in range(THREADS):
            ours = n % 2 == 1
            sender, to = (ADDRESS, f"ada{thread}@example.com") if ours else (f"ada{thread}@example.com", ADDRESS)
            head = "MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n"
            said = "word " * chance.randrange(20, 400)
            body = f"--b\r\nContent-Type: text/plain\r\n\r\n{said}\r\n--b\r\n"
            if not chance.randrange(4):
                body += "Content-Type: application/pdf; name=a.pdf\r\nContent-Transfer-Encoding: base64\r\n\r\n"
                body += f"{'QUJD' * 15}\r\n" * chance.randrange(100, 1600) + "--b--\r\n"
            raw = mail(f"{thread}.{n}", 20 * n + thread % 20, sender=sender, to=to, more=head,
                       answers=f"{thread}.{n - 1}" if n else "")  # fmt: skip
            raw = raw.partition(b"\r\n\r\n")[0] + b"\r\n\r\n" + body.encode()
            server.deliver(ADDRESS, raw, "Sent" if ours else "INBOX")
            if thread < LABELLED // LENGTH:
                server.deliver(ADDRESS, raw, "Labelled")


def peak(process):
    """Megabytes it has had at most."""
    try:
        found = Path(f"/proc/{process.pid}/status").read_text()
    except FileNotFoundError:
        return 0
    return next((int(one.split()[1]) // 1024 for one in found.splitlines() if one.startswith("VmHWM")), 0)


def test_a_killed_import_loses_and_doubles_nothing_within_bounded_memory(open_inbox, tmp_path):
    environment = os.environ | {"DATABASE_URL": django_settings.DATABASE_URL, "CARELINE_ALLOW_PRIVATE_HTTP": "1"}
    enroll(registered())
    before = Touchpoint.objects.count()
    chance = random.Random(7)
    kills, peaks, began = 0, [0], time.monotonic()
    with dovecot() as server:
        server.mailbox(ADDRESS)
        box = open_inbox(
            "email", address=ADDRESS, imap_host="127.0.0.1", imap_port=str(server.tls_port), imap_password=PASSWORD,
            authority=server.authority, acknowledgement="We read it.",
        )  # fmt: skip
        fill(server)
        here = Message.objects.filter(inbox=box.inbox_id)
        while True:
            enough = here.count() + chance.randint(1, MAILS // KILLS) if kills < KILLS else MAILS * 2
            command = [PROGRAM, "import", "mail", "--imap", "--inbox", str(box.inbox_id)]
            with (tmp_path / "said").open("wb") as said:
                process = subprocess.Popen(command, env=environment, stdout=said, stderr=said, start_new_session=True)
            while process.poll() is None and here.count() < enough:
                assert time.monotonic() < began + PATIENCE
                peaks.append(peak(process))
                time.sleep(0.05)  # another process, which tells nobody how far it is
            if process.poll() is not None:
                break
            os.killpg(process.pid, signal.SIGKILL)  # those who read for it as well
            process.wait()
            kills += 1
    assert process.returncode == 0, (tmp_path / "said").read_text()
    assert kills == KILLS
    done = History.objects.get()
    assert (done.state, done.total, done.read) == ("done", MAILS + LABELLED, MAILS + LABELLED)
    assert (done.added, done.repeated, done.left, done.opened) == (MAILS, LABELLED, 0, THREADS)
    assert Conversation.objects.count() == THREADS
    told = here.values("conversation").annotate(n=Count("pk"), first=Min("seq"), last=Max("seq"))
    assert {(one["n"], one["first"], one["last"]) for one in told} == {(LENGTH, 1, LENGTH)}
    assert here.filter(occurred_at__lt=day(20)).exclude(seq=1).count() == 0
    keys = list(Inbound.objects.values_list("external_key", flat=True))
    assert len(keys) == len(set(keys)) == MAILS
    assert max(peaks) < MOST
    # Whoever hears of it tells nobody either.
    assert Touchpoint.objects.count() == before + MAILS + 2 * THREADS
    while advance_all():
        pass
    assert not Outbox.objects.exists()
    assert system_mail.outbox == []
    assert not Conversation.objects.exclude(state="resolved").exists()
    print(f"{kills} killed, {max(peaks)} MB at most, {time.monotonic() - began:.0f} s")
