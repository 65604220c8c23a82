"""Installations with a database of their own, as `careline up` makes them: one is made and copied for each test."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg

from careline.kit.postgres import Cluster
from tests import seeds
from tests.house import House

# An organization, an owner, an inbox, a customer with a conversation, a file, a note and words that are hard to write
# down, and five orders of which three have had their effect.
STORY = r"""
from django.db import transaction
from careline import touchpoints
from careline.accounts import actions as agents
from careline.accounts.actor import Actor
from careline.channels import actions as inboxes
from careline.customers.actions import find_or_create
from careline.customers.identities import Given
from careline.files import actions as pictures
from careline.service.conversations import actions as talk
from careline.service.conversations.hot.words import who

owner = agents.set_up(
    organization_name="Harbor Goods", name="Rosa", email="rosa@harbor.example", password="correct horse battery staple"
)
inbox = inboxes.create_inbox(actor=SYSTEM, kind="webchat", name="Shop", key="shop-chat")
ada = find_or_create([Given("email", "ada@example.net")], actor=SYSTEM, name="Ada \\ Mor\teau آدا").person
bill = pictures.store(b"%PDF-1.4 what Ada owes", name="bill.pdf", person_id=ada.pk, uploaded_by="Ada")
said = talk.receive(
    actor=Actor.customer(ada.pk, inbox.pk), inbox_id=inbox.pk, person=who(email="ada@example.net"), files=[bill],
    body="Where is\tit?\n\\N \u2603 \\.",
)
talk.note(said.conversation_id, actor=owner.as_actor((inbox.pk,)), body="She asked before.")

def order(number):
    with transaction.atomic():
        touchpoints.record(
            "order.placed", person=ada.pk, actor=SYSTEM, source=f"order:{number}", order=str(number), total_minor=1999,
            currency="EUR",
        )

for number in (1, 2, 3):
    order(number)
subscribers.advance_all()
for number in (4, 5):
    order(number)
"""


class Place(House):
    """A data folder with everything in it: database, files, secret key."""

    def __init__(self, folder: Path, **extra: str) -> None:
        super().__init__(folder, None, **extra)
        del self.env["CARELINE_SECRET_KEY"]

    @property
    def data(self) -> Path:
        return self.folder / "data"

    def said(self) -> str:
        return self.log.read_text(errors="replace")

    def cluster(self) -> Cluster:
        bindir = self.env.get("PG_BINDIR")
        return Cluster(self.data / "postgres", durable=False, bindir=Path(bindir) if bindir else None)

    @contextmanager
    def database(self) -> Iterator[psycopg.Connection[Any]]:
        with self.cluster() as cluster, psycopg.connect(cluster.dsn, autocommit=True) as connection:
            yield connection

    def server_lives(self) -> bool:
        return self.cluster().attach() is not None

    def tell_story(self) -> None:
        told = self.run("shell", "-c", STORY)
        assert told.returncode == 0, told.stderr

    def open_bill(self) -> str:
        """Unsealed with the place's own key."""
        code = "from careline.files import queries; [bill] = queries.of_person(1); print(queries.read(bill))"
        return self.run("shell", "-c", code).stdout

    def copy(self, ground: Path) -> Place:
        copied = Place(new_folder(ground))
        seeds.copied(self.data, copied.data)
        return copied

    def remove(self) -> None:
        if self.process is not None:
            self.kill()
        if (self.data / "postgres" / "data").exists():
            # Whoever was killed has left; entering and leaving stops what they left behind.
            self.cluster().start()
            cluster = self.cluster()
            cluster.start()
            cluster.stop()
        shutil.rmtree(self.folder, ignore_errors=True)


def new_folder(ground: Path) -> Path:
    folder = Path(tempfile.mkdtemp(prefix="p-", dir=ground))
    folder.chmod(0o711)
    return folder


def dump(connection: psycopg.Connection[Any], table: str, *without: str) -> list[str]:
    """Every row as text, in an order of its own."""
    rows = connection.execute(
        f"SELECT (to_jsonb(t) - %s::text[])::text FROM {table} t ORDER BY 1",  # type: ignore[arg-type]
        [list(without)],
    )
    return [row for (row,) in rows]
