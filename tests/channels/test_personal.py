"""What came in raw and nobody could read is a person's too, where it names them."""

from __future__ import annotations

import json
from typing import Any

import pytest

from careline.channels.models import Inbound, Inbox
from careline.customers.models import Identity, Person
from careline.kit import personal

pytestmark = pytest.mark.django_db

NAMING = [
    b'{"from": {"email": "ada@example.com"}, "text": 7}',
    b'{"from": {"email": "Ada@EXAMPLE.com"}}',
    b"\xff\x00 not even text, yet ada@example.com",
    b'{"from": {"phone": "+442071838750"}}',
    b'{"sender": "020 7183 8750"}',
    json.dumps({"from": {"external_id": "käufer-7"}}).encode(),
    '{"from": {"external_id": "käufer-7"}}'.encode(),
]
NOT_NAMING = [
    b'{"from": {"email": "ida@example.com"}}',
    b'{"from": {"external_id": "other"}, "text": "k\xc3\xa4ufer-70 is not seven"}',
    b"{}",
]


@pytest.fixture
def failed(elsewhere: Inbox) -> Any:
    def failed(raw: bytes) -> Inbound:
        key = str(Inbound.objects.count())
        return Inbound.objects.create(
            inbox=elsewhere, external_key=key, raw=raw, state="failed", error=f"Nobody can read {raw!r}"
        )

    return failed


@pytest.fixture
def known(ada: Person) -> Person:
    Identity.objects.create(person=ada, kind="external", value="käufer-7", original="käufer-7")
    return ada


@pytest.mark.parametrize("raw", NAMING)
def test_an_unread_delivery_that_names_a_person_is_given_out_and_erased(known: Person, failed: Any, raw: bytes) -> None:
    row = failed(raw)
    [given] = personal.export(known.pk)["channels.Inbound"]
    assert given["raw"] == raw.decode(errors="replace")
    assert personal.erase(known.pk)["channels.Inbound"] == 1
    row.refresh_from_db()
    assert (bytes(row.raw), row.error, row.headers) == (b"", "", {})


@pytest.mark.parametrize("raw", NOT_NAMING)
def test_one_that_names_somebody_else_stays(known: Person, failed: Any, raw: bytes) -> None:
    row = failed(raw)
    assert "channels.Inbound" not in personal.export(known.pk)
    personal.erase(known.pk)
    row.refresh_from_db()
    assert bytes(row.raw) == raw


def test_a_person_without_names_takes_nothing_along(failed: Any) -> None:
    row, nobody = failed(NAMING[0]), Person.objects.create()
    personal.erase(nobody.pk)
    row.refresh_from_db()
    assert bytes(row.raw) == NAMING[0]
