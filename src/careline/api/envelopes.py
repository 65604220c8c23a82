"""Mail: whom the next answer goes to, and what was said passed on to somebody else."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from ninja import Router

from careline.api import reading, shapes, speech
from careline.api.describing import operation
from careline.api.door import Request, asked, told, written
from careline.channels.letters import Letter
from careline.kit.refusals import NotVisible, Refused
from careline.service.conversations import actions, queries
from careline.service.conversations.letters import addressed

router = Router(tags=["Conversations"])


@router.get(
    "/conversations/{conversation_id}/envelope",
    **operation(
        "get_envelope",
        "Whom an answer written now goes to, where messages have recipients",
        gives=shapes.Envelope,
        problems=(404,),
    ),
)
def one(request: Request, conversation_id: str) -> HttpResponse:
    return told(_envelope(request, reading.number(conversation_id)))


@router.patch(
    "/conversations/{conversation_id}/copies",
    **operation(
        "change_copies",
        "Put people in copy of every answer, or take them out, where messages have recipients",
        takes=shapes.Copying,
        gives=shapes.Envelope,
        problems=(404,),
    ),
)
def copies(request: Request, conversation_id: str) -> HttpResponse:
    asks, number = asked(request, shapes.Copying), reading.number(conversation_id)
    if asks == shapes.Copying():
        raise Refused("Nobody is named; give add, remove or both.")
    actions.copy(
        number,
        actor=request.auth,
        add=[party for one in asks.add or () for party in addressed.typed(one, "add")],
        remove=asks.remove or (),
    )
    return told(_envelope(request, number))


def _envelope(request: Request, number: int) -> shapes.Envelope:
    found = queries.envelope(request.auth, number)
    if found is None:
        raise NotVisible("Messages of this channel have no envelope.")
    return shapes.Envelope(
        sender=addressed.written([found.sender]),
        to=[addressed.written([one]) for one in found.to],
        cc=[addressed.written([one]) for one in found.cc],
        copies=[addressed.written([one]) for one in found.copies],
        subject=found.subject,
        signature=found.signature,
        quotes=found.quotes,
        largest=found.room,
        customer=[addressed.written([one]) for one in found.customer],
    )


@router.post(
    "/conversations/{conversation_id}/forwards",
    **operation(
        "forward_message",
        "Pass a message, or all that was said, on to somebody who is not the customer",
        takes=shapes.Forwarding,
        gives=shapes.Message,
        status=201,
        problems=(404,),
    ),
)
def forward(request: Request, conversation_id: str) -> HttpResponse:
    asks = asked(request, shapes.Forwarding)
    number = reading.number(conversation_id)
    said = actions.forward(
        number,
        actor=request.auth,
        letter=letter(asks, subject=asks.subject or _subject(request, number)),
        message_id=None if asks.message_id is None else _uuid(asks.message_id),
        body=asks.body,
        client_id=asks.client_id,
    )
    [row] = queries.since(request.auth, said.conversation_id, after=said.seq - 1, limit=1)
    return written(speech.message_told(row), 201)


def letter(asks: shapes.Forwarding | shapes.Speaking, *, subject: str) -> Letter:
    to, cc, bcc = (
        tuple(party for one in getattr(asks, field) or () for party in addressed.typed(one, field))
        for field in addressed.FIELDS
    )
    quotes = asks.quotes if isinstance(asks, shapes.Speaking) else None
    return Letter(to=to, cc=cc, bcc=bcc, subject=subject, quotes=quotes)


def chosen(asks: shapes.Speaking, request: Request, conversation_id: int) -> Letter | None:
    """What was said of the envelope; who is not named is as usual. Nothing where nothing was said."""
    if not asks.enveloped:
        return None
    made = letter(asks, subject=asks.subject or "")
    if made.to or made.cc or made.bcc:
        return made
    usual = queries.envelope(request.auth, conversation_id)
    if usual is None:
        return made
    return Letter(to=usual.to, cc=usual.cc, subject=made.subject, quotes=made.quotes)


def must_be_none(asks: shapes.Speaking) -> None:
    """Only what we say to somebody has recipients."""
    if asks.enveloped:
        raise Refused("Only a reply has recipients and a subject.", field="to")


def _subject(request: Request, conversation_id: int) -> str:
    found = queries.envelope(request.auth, conversation_id)
    return "" if found is None else found.passed_on


def _uuid(given: str) -> UUID:
    try:
        return UUID(given)
    except ValueError:
        raise NotVisible("There is no such message in this conversation.", field="message_id") from None
