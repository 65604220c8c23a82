"""Conversations: the list, opening one, one by itself, what it is marked with."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.http import HttpResponse
from ninja import Router

from careline.accounts import queries as accounts
from careline.accounts.actor import Actor
from careline.api import attaching, drawing, finding, lists, reading, shapes, speech
from careline.api.describing import operation
from careline.api.door import Request, asked, query, told, written
from careline.kit.refusals import Refused
from careline.service.conversations import actions, queries
from careline.service.conversations.hot import doors, read
from careline.service.conversations.hot.shapes import ListRow, Said

router = Router(tags=["Conversations"])
FILTERS: dict[str, dict[str, Any]] = {
    "view": {
        "schema": {"enum": list(lists.VIEWS), "default": "all"},
        "description": "All that the token's agent sees, theirs, open ones nobody has, or those they follow.",
    },
    "state": {
        "schema": {"enum": list(lists.STATES), "default": "open"},
        "description": "Those in one state; unassigned, promised and risk ask for none.",
    },
    "customer_id": {
        "schema": {"type": "string"},
        "description": "All conversations of one customer, in every state.",
    },
}


@router.get(
    "/conversations",
    **operation(
        "list_conversations",
        "List conversations, the latest activity first",
        gives=shapes.Conversations,
        paged=True,
        query=FILTERS,
        problems=(422,),
    ),
)
def index(request: Request) -> HttpResponse:
    given = query(request)
    wanted = lists.conversations_wanted(request.auth, given)
    if "customer_id" in given:
        rows = _of_customer(request.auth, reading.number(given["customer_id"]), wanted)
    else:
        rows = queries.listed(request.auth, **wanted.given())
    return written(lists.conversations_told(rows, wanted.limit, "all" if "customer_id" in given else wanted.view))


@router.post(
    "/conversations",
    **operation(
        "open_conversation",
        "Open a conversation, in the customer's words or in ours",
        takes=shapes.Opening,
        gives=shapes.Opened,
        status=201,
        problems=(404,),
    ),
)
def create(request: Request) -> HttpResponse:
    opening = asked(request, shapes.Opening)
    said = _started(opening, request.auth) if opening.author == "agent" else _heard(opening, request.auth)
    row = queries.one(request.auth, said.conversation_id)
    [first] = queries.since(request.auth, said.conversation_id, after=said.seq - 1, limit=1)
    return written(speech.opened_told(row, first), 201)


@router.get(
    "/conversations/{conversation_id}",
    **operation("get_conversation", "Get a conversation", gives=shapes.Conversation, problems=(404,)),
)
def one(request: Request, conversation_id: str) -> HttpResponse:
    return told(drawing.conversation(queries.one(request.auth, reading.number(conversation_id))))


@router.patch(
    "/conversations/{conversation_id}",
    **operation(
        "change_conversation",
        "Set the priority, the tags, whose turn it is or the attributes of a conversation",
        takes=shapes.Changing,
        gives=shapes.Conversation,
        problems=(404,),
    ),
)
def change(request: Request, conversation_id: str) -> HttpResponse:
    changes = asked(request, shapes.Changing)
    number = reading.number(conversation_id)
    if changes == shapes.Changing():
        raise Refused("Nothing is to be changed; give priority, tags, waiting_on or attributes.")
    with transaction.atomic():
        if isinstance(changes.priority, int):
            actions.prioritize(number, actor=request.auth, priority=changes.priority)
        if isinstance(changes.tags, list):
            actions.tag(number, actor=request.auth, tags=changes.tags)
        if isinstance(changes.waiting_on, str):
            actions.wait_on(number, actor=request.auth, on=changes.waiting_on)
        if isinstance(changes.attributes, dict):
            actions.describe(number, changes.attributes, actor=request.auth)
    return told(drawing.conversation(queries.one(request.auth, number)))


def _of_customer(actor: Actor, person_id: int, wanted: lists.ConversationsWanted) -> list[ListRow]:
    before_at, before_id = wanted.before or (doors.END_OF_TIME, doors.LAST_ID)
    return read.OF_PERSON.all(
        person=person_id,
        limit=wanted.limit + 1,
        before_at=before_at,
        before_id=before_id,
        **doors.seen(actor),
    )


@transaction.atomic
def _heard(opening: shapes.Opening, actor: Actor) -> Said:
    inbox_id = speech.inbox_of(opening, actor)
    region = accounts.organization().country if speech.needs_region(opening) else ""
    files = attaching.files(opening.attachments, actor=actor)
    said = actions.open_with(
        actor=actor,
        inbox_id=inbox_id,
        person=speech.person(opening, region=region),
        body=opening.body,
        subject=opening.subject or "",
        client_id=opening.client_id,
        files=files,
    )
    attaching.must_belong(files, person_id=said.person_id)
    return said


@transaction.atomic
def _started(opening: shapes.Opening, actor: Actor) -> Said:
    inbox_id = speech.inbox_of(opening, actor)
    if opening.attachments:
        raise Refused("Send the files with a further message of the conversation.", field="attachments")
    said = actions.start(
        actor=actor,
        inbox_id=inbox_id,
        person_id=finding.person(opening.customer, actor=actor),
        body=opening.body,
        subject=opening.subject or "",
        client_id=opening.client_id,
    )
    if said.repeated:
        # The conversation that was begun once more is not needed.
        transaction.set_rollback(True)
    return said
