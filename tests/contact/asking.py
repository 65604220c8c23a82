"""Rules of a test alone, and somebody who asks."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
import time_machine

from careline import contact
from careline.accounts.actor import SYSTEM
from careline.contact import ruling
from careline.contact.models import Decision, Scope
from careline.contact.scopes import Cap
from careline.customers.models import Identity, Person

NINE = datetime.fromisoformat("2026-03-02T09:00:00Z")


@pytest.fixture(autouse=True)
def nothing_else(organization: Any) -> Any:
    """No limits but those of a test, and Monday at nine."""
    Scope.objects.update(caps=[], quiet_from=None, quiet_to=None)
    with time_machine.travel(NINE, tick=False) as clock_of_the_test:
        yield clock_of_the_test


def ruled(name: str, *caps: Cap, **rules: Any) -> None:
    known = Scope.objects.filter(name=name).first()
    rules = {"talks": "ignored", "promise_days": 0, "label": known.label if known else name} | rules
    ruling.keep_rules(name, ruling.Rules(caps=caps, **rules), actor=SYSTEM)


class Asking:
    """Asks each time with another key."""

    def __init__(self, person: Person) -> None:
        self.person, self.n = person, 0

    def __call__(self, purpose: str = "surveys", channel: str = "api") -> Decision:
        self.n += 1
        return contact.decide(self.person.pk, purpose, channel, f"key {self.n}")


@pytest.fixture
def ask(ada: Person) -> Asking:
    Identity.objects.create(person=ada, kind="visitor", scope="inbox:1", value="v", original="v")
    return Asking(ada)
