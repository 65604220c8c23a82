"""Who may say what through the API, and how it is told afterwards; the same at both doors."""

from __future__ import annotations

from typing import Any

from careline.accounts.actor import Actor
from careline.api import drawing, reading, shapes
from careline.kit.refusals import Refused
from careline.service.conversations.hot import refused, words
from careline.service.conversations.hot.shapes import ListRow, ThreadRow

# Whoever may answer customers may also bring in what customers said elsewhere.
SPEAK = "conversations.reply"
_NOBODY = shapes.Who()


def inbox_of(asked: shapes.Opening, actor: Actor) -> int:
    """The inbox, when the actor sees it and may speak in it."""
    inbox_id = reading.number(asked.inbox_id)
    if not actor.may("conversations.view") or inbox_id not in actor.works_in:
        raise refused.no_inbox(field="inbox_id")
    actor.must(SPEAK)
    return inbox_id


def needs_region(asked: shapes.Opening) -> bool:
    """Whether the customer's number can only be read with the organization's country."""
    phone = asked.customer.phone if asked.customer else None
    return bool(phone) and not (phone or "").lstrip().startswith("+")


def person(asked: shapes.Opening, *, region: str = "") -> words.Who:
    who = asked.customer or _NOBODY
    return words.who(
        name=who.name, email=who.email, phone=who.phone, external_id=who.external_id, region=region, verified=True
    )


def is_heard(asked: shapes.Speaking) -> bool:
    """Whether these are the customer's words."""
    if asked.author != "customer":
        return False
    if asked.kind == "note":
        raise Refused("A customer writes no notes; leave kind out, or say author agent.", field="kind")
    return True


def may_speak(actor: Actor) -> bool:
    return actor.may("conversations.view") and actor.may(SPEAK)


def asked_why(given: dict[str, Any]) -> dict[str, Any]:
    return {name: given[name] for name in ("conversation", "inboxes", "teams", "me")}


def first_words(asked: shapes.Opening, *, actor: Actor) -> dict[str, Any]:
    """Parameters of the opening statement."""
    return words.first_words(
        actor=actor,
        inbox_id=inbox_of(asked, actor),
        person=person(asked),
        body=asked.body,
        subject=asked.subject or "",
        client_id=asked.client_id,
    )


def opened_told(row: ListRow, first: ThreadRow) -> bytes:
    return drawing.encode(drawing.opened(row, drawing.message(first)))


def message_told(row: ThreadRow) -> bytes:
    return drawing.encode(drawing.message(row))
