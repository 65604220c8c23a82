"""Parameters of the hot verbs, checked once at the edge and the same for both drivers."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import datetime
from typing import Any

import msgspec

from careline.accounts.actor import Actor
from careline.files.sealing import fresh_key, opened_key, seal_raw
from careline.kit import clock, contacts, ids, text
from careline.service.conversations.hot.shapes import Placed

BODY_LIMIT = 50_000
SUBJECT_LIMIT = 500
NAME_LIMIT = 300
KEY_LIMIT = 200
# A mail's own name may be long.
EXTERNAL_LIMIT = 500


class Named(msgspec.Struct, frozen=True):
    """One name a customer goes by: what is compared (`value`) and what was written (`original`)."""

    kind: str
    scope: str
    value: str
    original: str


class Who(msgspec.Struct, frozen=True):
    """Who speaks, as far as they said; the surest identity first."""

    name: str = ""
    identities: tuple[Named, ...] = ()
    verified: bool = False


def who(
    *,
    name: str | None = None,
    email: str | None = None,
    phone: str | None = None,
    external_id: str | None = None,
    visitor: str | None = None,
    scope: str = "",
    region: str = "",
    verified: bool = False,
) -> Who:
    """What a door was told of a customer, normalized; Refused when an address or number cannot be one.

    `scope` is the inbox a visitor's key is of ("inbox:3"); `region` the country of numbers written without one.
    """
    named: list[Named] = []
    if external_id:
        value = text.clean(external_id, field="external_id", limit=NAME_LIMIT, required=True)
        named.append(Named("external", "", value, value))
    if visitor:
        named.append(Named("visitor", scope, visitor, visitor))
    if email:
        written = text.clean(email, field="email", limit=NAME_LIMIT)
        named.append(Named("email", "", contacts.email_key(written), written))
    if phone:
        written = text.clean(phone, field="phone", limit=NAME_LIMIT)
        named.append(Named("phone", "", contacts.phone_key(written, region), written))
    called = text.clean(name or "", field="name", limit=NAME_LIMIT)
    return Who(called or (email or phone or ""), tuple(named), verified)


def lock_key(inbox_id: int, person: Who) -> int:
    """One number per inbox and surest identity: words of one customer take their turns, others do not wait."""
    surest = person.identities[0] if person.identities else None
    name = f"{inbox_id}:{surest.kind}:{surest.value}" if surest else f"{inbox_id}"
    return int.from_bytes(hashlib.blake2b(name.encode(), digest_size=8).digest(), signed=True)


def reach(actor: Actor) -> dict[str, Any]:
    """Whose conversations an actor sees, as every statement asks for it."""
    return {"inboxes": list(actor.works_in), "teams": actor.talk_teams, "me": actor.agent_id or 0}


def whole(inbox_ids: Iterable[int]) -> dict[str, Any]:
    """The same of nobody in particular: every conversation of these inboxes."""
    return {"inboxes": list(inbox_ids), "teams": None, "me": 0}


def _identities(identities: Iterable[Named]) -> dict[str, list[str]]:
    columns: dict[str, list[str]] = {"kinds": [], "scopes": [], "values": [], "originals": []}
    for one in identities:
        columns["kinds"].append(one.kind)
        columns["scopes"].append(one.scope)
        columns["values"].append(one.value)
        columns["originals"].append(one.original)
    return columns


def _spoken(
    body: str, at: datetime | None, client_id: str | None, external_id: str | None, *, wordless: bool
) -> dict[str, Any]:
    """`wordless` allows a message that is only a file."""
    body = text.clean(body, field="body", limit=BODY_LIMIT, required=not wordless)
    return {
        "body": body,
        "preview": text.excerpt(body),
        "at": at or clock.now(),
        "message": ids.uuid7(),
        "client": client_id and text.clean(client_id, field="client_id", limit=KEY_LIMIT, required=True),
        "external": external_id and text.clean(external_id, field="external_id", limit=EXTERNAL_LIMIT, required=True),
    }


def sealed(raw: bytes | None, placed: Placed | None = None, *, opens: bool = False) -> dict[str, bytes | None]:
    """The frame as it came, under the key of its person; one who has none gets it with the words.

    `opens` says that a new conversation will be the person's own, not of an id that was joined to them.
    """
    if raw is None:
        return {"raw": None, "key": None}
    if placed is None or placed.key is None or (opens and placed.of != placed.person_id):
        key = fresh_key()
        return {"raw": seal_raw(raw, opened_key(key, 0)), "key": key}
    return {"raw": seal_raw(raw, opened_key(placed.key, placed.of)), "key": None}


def first_words(
    *,
    actor: Actor,
    inbox_id: int,
    person: Who,
    body: str,
    subject: str = "",
    at: datetime | None = None,
    client_id: str | None = None,
    external_id: str | None = None,
    raw: bytes | None = None,
    wordless: bool = False,
    placed: Placed | None = None,
) -> dict[str, Any]:
    return {
        **_spoken(body, at, client_id, external_id, wordless=wordless),
        **sealed(raw, placed, opens=True),
        **_identities(person.identities),
        "inbox": inbox_id,
        # A new one has no team: who would not see it does not open it.
        "inboxes": list(actor.works_in if actor.sees(team_id=None, assignee_id=None) else ()),
        "name": person.name,
        "search": text.fold(person.name),
        "verified": person.verified,
        "subject": text.clean(subject, field="subject", limit=SUBJECT_LIMIT),
        "opened_id": ids.uuid7(),
        "received_id": ids.uuid7(),
    }


def further_words(
    *,
    actor: Actor,
    conversation_id: int,
    body: str,
    person_id: int | None = None,
    at: datetime | None = None,
    client_id: str | None = None,
    external_id: str | None = None,
    raw: bytes | None = None,
    wordless: bool = False,
    placed: Placed | None = None,
) -> dict[str, Any]:
    return {
        **_spoken(body, at, client_id, external_id, wordless=wordless),
        **sealed(raw, placed),
        "conversation": conversation_id,
        **reach(actor),
        "person": person_id,
        "line": ids.uuid7(),
        "reopened_id": ids.uuid7(),
        "received_id": ids.uuid7(),
        "author_kind": "customer",
        "author_id": person_id,
    }


def our_words(
    *,
    actor: Actor,
    conversation_id: int,
    body: str,
    at: datetime | None = None,
    client_id: str | None = None,
    files: str = "[]",
    wordless: bool = False,
    event: str | None = None,
) -> dict[str, Any]:
    """`event` is JSON of what a bot's words offer beside them (shapes.Offered)."""
    speaks_as_agent = actor.agent_id is not None
    return {
        **_spoken(body, at, client_id, None, wordless=wordless),
        "conversation": conversation_id,
        **reach(actor),
        "author_kind": "agent" if speaks_as_agent else actor.kind,
        "author_id": actor.agent_id if speaks_as_agent else actor.id,
        "author_name": actor.name,
        "actor_kind": actor.kind,
        "actor_id": actor.id,
        "files": files,
        "event": event,
        "moment": ids.uuid7(),
    }
