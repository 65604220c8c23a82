"""kill -9 while mail is being brought: what was thanked for is there, and what comes again is there once."""

from __future__ import annotations

import os
import random
import smtplib
import threading
import time
from pathlib import Path

import psycopg
import pytest

from careline.kit.postgres.server import free_port
from tests.house import House, own_database

pytestmark = pytest.mark.long
OPEN_A_MAILBOX = """
from careline.accounts.actor import SYSTEM
from careline.channels import actions
actions.create_inbox(actor=SYSTEM, kind="email", name="Help", settings={"address": "help@shop.example"})
"""
READ_EVERY_FILE = """
from careline.files import queries as files
from careline.service.conversations.models import Attachment
for one in Attachment.objects.select_related("message__conversation"):
    print(one.message.conversation.subject, files.read(files.by_id(one.file_id)).decode())
"""
MAIL = (
    "From: ada@example.com\r\nMessage-ID: <{n}@example.com>\r\nSubject: {n}\r\n"
    "Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\nHello\r\n--b\r\n"
    "Content-Disposition: attachment; filename=bill.txt\r\n\r\nbill-{n}\r\n--b--\r\n"
)


@pytest.fixture
def house(server_url: str, template: str, tmp_path: Path):
    for url in own_database(server_url, f"letterbox_{os.getpid()}", template):
        port = free_port()
        house = House(tmp_path, url, CARELINE_SMTP_LISTEN=f"127.0.0.1:{port}")
        house.smtp = port  # type: ignore[attr-defined]
        yield house
        house.kill()


def test_nothing_that_was_thanked_for_is_lost_and_nothing_is_there_twice(house: House):
    house.up()
    opened = house.run("shell", "-c", OPEN_A_MAILBOX)
    assert opened.returncode == 0, opened.stderr
    thanked: set[int] = set()
    stop = threading.Event()

    def bring() -> None:
        """As a mail server does: the same again until it is thanked for."""
        number = 0
        while not stop.is_set():
            raw = MAIL.format(n=number)
            try:
                with smtplib.SMTP("127.0.0.1", house.smtp, timeout=5) as client:  # type: ignore[attr-defined]
                    client.sendmail("ada@example.com", ["help@shop.example"], raw.encode())
            except (OSError, smtplib.SMTPException):
                time.sleep(0.02)
                continue
            thanked.add(number)
            number += 1

    bringing = threading.Thread(target=bring, daemon=True)
    bringing.start()
    chance = random.Random(4)
    for _round in range(4):
        before = len(thanked)
        deadline = time.monotonic() + 60
        while len(thanked) < before + 20 and time.monotonic() < deadline:
            time.sleep(chance.uniform(0.01, 0.05))
        house.kill()
        house.up()
    stop.set()
    bringing.join(30)
    assert len(thanked) > 60
    deadline = time.monotonic() + 60
    with psycopg.connect(house.database_url or "", autocommit=True) as looked:
        while time.monotonic() < deadline:
            found = [row[0] for row in looked.execute("SELECT subject FROM conversations_conversation").fetchall()]
            if len(found) >= len(thanked):
                break
            time.sleep(0.2)
    assert len(found) == len(set(found))
    assert {str(number) for number in thanked} <= set(found)
    # And with each its file, whole, in the transaction of its words.
    read = house.run("shell", "-c", READ_EVERY_FILE)
    assert read.returncode == 0, read.stderr
    assert sorted(line for line in read.stdout.splitlines() if "bill-" in line) == sorted(
        f"{subject} bill-{subject}" for subject in found
    )
