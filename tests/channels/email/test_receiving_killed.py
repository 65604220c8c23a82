"""Workers that are killed in the middle of fetching, again and again: every mail is there, and there once."""

from __future__ import annotations

import os
import random
import subprocess
import sys
from uuid import uuid4

import pytest
from django.conf import settings as django_settings

from careline.channels.models import Bookmark, Inbound
from tests.channels.email.mailboxes import until
from tests.mail.dovecot import PASSWORD, dovecot

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.long]

MAILS = 500
KILLS = 6
WORK = "import threading; from careline.cli import composition; composition.load(); \
from careline.channels import fetching; fetching.run(threading.Event())"


def test_killed_workers_lose_and_double_nothing(open_inbox):
    environment = os.environ | {"DATABASE_URL": django_settings.DATABASE_URL, "CARELINE_ALLOW_PRIVATE_HTTP": "1"}
    with dovecot() as server:
        address = "killed@shop.example"
        server.mailbox(address)
        box = open_inbox(
            "email", address=address, imap_host="127.0.0.1", imap_port=str(server.tls_port), imap_password=PASSWORD,
            authority=server.authority, imap_old="on",
        )  # fmt: skip
        for n in range(MAILS):
            server.deliver(
                address,
                f"From: ada@example.com\r\nSubject: {n}\r\nMessage-ID: <{uuid4()}@x>\r\n\r\n{'.' * 3000}\r\n".encode(),
            )
        chance = random.Random(7)
        rows = Inbound.objects.filter(inbox_id=box.inbox_id)
        kills, interrupted = 0, 0
        while (stored := rows.count()) < MAILS:
            enough = min(MAILS, stored + chance.randint(1, 100)) if kills < KILLS else MAILS
            process = subprocess.Popen([sys.executable, "-c", WORK], env=environment)
            until(lambda enough=enough: rows.count() >= enough, pause=0.005)
            process.kill()
            process.wait()
            kills += 1
            mark = Bookmark.objects.get(inbox_id=box.inbox_id)
            # Never ahead of what is stored; behind it when the fall came in between.
            assert mark.uid <= rows.count()
            interrupted += mark.uid < rows.count()
    assert interrupted
    keys = list(Inbound.objects.filter(inbox_id=box.inbox_id).values_list("external_key", flat=True))
    assert len(keys) == len(set(keys)) == MAILS
    print(f"{kills} workers killed, {interrupted} between storing and marking")
