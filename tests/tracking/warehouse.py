"""What tests of profiles in a file have in common: a table of a warehouse, and how it is brought."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from careline.accounts.actor import SYSTEM
from careline.customers import actions as customers
from careline.customers.identities import Given
from careline.customers.models import Person
from careline.tracking import actions, queries
from careline.tracking.models import Import

HEADER = "customer_id,plan,ltv,churn score,first seen,vip\n"
ROWS = ["c1,gold,120.50,0.25,2026-03-02,true\n", "c2,free,0,0.9,2026-01-31,false\n"]


def known_as(*names: str) -> list[int]:
    return [customers.find_or_create([Given("external", name)], actor=SYSTEM).person.pk for name in names]


def bring(path: Path, told: Any = lambda _now: None, **given: Any) -> Import:
    wanted = queries.look(path, "profiles").guess | given
    return actions.import_file(path, queries.columns(wanted), actor=SYSTEM, told=told)


def counts(done: Import) -> tuple[int, int, int, int]:
    return done.read, done.added, done.repeated, done.refused


def values(person: int) -> dict[str, Any]:
    return Person.objects.get(pk=person).attributes
