"""Mails of others through the house's own path: all of them are kept and taken in, and once is enough."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from careline.channels import inbound
from careline.channels.models import Inbound
from careline.customers.models import Person
from careline.files.models import StoredFile
from careline.service.conversations.models import Attachment, Conversation, Message
from careline.touchpoints.models import Touchpoint

pytestmark = [pytest.mark.long, pytest.mark.django_db]

COUNTED = (Person, Conversation, Message, Attachment, StoredFile, Touchpoint)


def brought(inbox_id: int, mails: list[bytes], way: str) -> None:
    for n, raw in enumerate(mails):
        inbound.keep(inbox_id, f"{way}:{n}", raw, {})
    while inbound.take():
        pass


def counted() -> dict[str, int]:
    return {model.__name__: model.objects.count() for model in COUNTED}  # type: ignore[attr-defined]


def test_every_mail_is_taken_in_and_a_second_delivery_adds_nothing(corpora: Path, open_inbox: Any):
    files = [
        path
        for folder in sorted(corpora.glob("email-*"))
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.suffix != ".json" and path.name not in {"README.md", "COPYING"}
    ]
    mails = [path.read_bytes() for path in files]
    mailbox = open_inbox("email", address="help@shop.example")
    brought(mailbox.inbox_id, mails, "first")
    states = Counter(Inbound.objects.values_list("state", flat=True))
    troubled = list(Inbound.objects.exclude(state="taken", attempts=0).values_list("external_key", "error"))
    print(f"\nstored through the house's path: {states['taken']} of {len(files)}")
    for key, error in troubled:
        print(f"  {files[int(key.partition(':')[2])].relative_to(corpora)}: {error}")
    assert states == {"taken": len(files)}
    assert not troubled
    before = counted()
    assert before["Message"] >= 300
    brought(mailbox.inbox_id, mails, "second")
    print(f"a second delivery of everything: {before} then {counted()}")
    assert counted() == before
    assert set(Inbound.objects.values_list("state", flat=True)) == {"taken"}
    # The same way again is known before it is read.
    brought(mailbox.inbox_id, mails, "first")
    assert Inbound.objects.count() == 2 * len(mails)
