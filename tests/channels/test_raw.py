"""What came in lies under the key of whom it turned out to be of."""

from __future__ import annotations

import pytest

from careline.channels import backlog, inbound
from careline.channels.adapter import Endpoint
from careline.channels.models import Inbound
from careline.customers.models import Person
from careline.files import actions as files
from tests.channels.test_inbound import api, body, deliver

__all__ = ["api"]


@pytest.mark.django_db
def test_what_was_taken_lies_under_the_key_of_its_person(api: Endpoint, monkeypatch: pytest.MonkeyPatch) -> None:
    person = Person.objects.create(name="Ada")
    monkeypatch.setattr(inbound, "_intake", lambda _inbox, _item: person.pk)
    deliver(api, body(body="My secret"))
    inbound.take()
    kept = Inbound.objects.get()
    assert b"My secret" in backlog.raw_of(kept)
    assert bytes(kept.raw)[:1] == b"\x02"
    files.erase(person.pk)
    assert backlog.raw_of(kept) == b"", "without the key it is noise, wherever a copy of it lies"
