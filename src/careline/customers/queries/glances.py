"""Who stands beside a conversation: what every thread that is opened asks, in one statement."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import msgspec
import psycopg
from django.utils.translation import gettext as _

from careline.accounts.actor import Actor
from careline.customers import hot
from careline.customers.queries.people import overlaid
from careline.kit.refusals import NotVisible


class Name(msgspec.Struct, frozen=True):
    """One identity, as it was given."""

    pk: int
    kind: str
    original: str
    verified: bool


class Wish(msgspec.Struct, frozen=True):
    """What they said to one kind of message: a no under any of their ids comes before a yes."""

    purpose: str
    label: str
    given: bool


class Glance(msgspec.Struct, frozen=True):
    """Who stands beside a conversation."""

    pk: int
    name: str
    language: str
    first_seen_at: datetime
    blocked_at: datetime | None
    attributes: dict[str, Any]
    identities: list[Name]
    wishes: list[Wish]
    # The ids that are this customer: their own first, then those that were joined to it.
    ids: list[int]
    # Every attribute the organization defined: what it is of, its name and its label.
    labels: list[tuple[str, str, str]]


_names = msgspec.json.Decoder(list[Name])
_labels = msgspec.json.Decoder(list[tuple[str, str, str]])
_wishes = msgspec.json.Decoder(list[Wish])


def beside(actor: Actor, person_id: int) -> Glance:
    """What `person` tells of somebody, as far as a conversation needs it: every thread that is opened asks."""
    found = _there(hot.BESIDE.one(person=person_id, allowed=actor.may("customers.view")))
    return Glance(
        found.pk, found.name, found.language, found.first_seen_at, found.blocked_at,
        overlaid(msgspec.json.decode(found.attributes)), _names.decode(found.identities),
        _wishes.decode(found.consents), found.ids,
        _labels.decode(found.labels),
    )  # fmt: skip


async def aids(conn: psycopg.AsyncConnection[Any], actor: Actor, person_id: int) -> list[int]:
    """Awaited, only the ids of a `Glance`."""
    return _there(await hot.BESIDE.aone(conn, person=person_id, allowed=actor.may("customers.view"))).ids


def _there(found: hot.Beside | None) -> hot.Beside:
    if found is None:
        raise NotVisible(_("There is no such customer."))
    return found
