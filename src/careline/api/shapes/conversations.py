"""Conversations and messages: as they are told, and as they are asked for."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Annotated, Any, Literal

import msgspec
from msgspec import UNSET, Meta, UnsetType

from careline.api.shapes.letters import Letter

Moment = Annotated[datetime, Meta(tz=True)]
State = Literal["open", "snoozed", "resolved", "spam", "trash"]
# A program that kept a number may send it as one.
IdGiven = Annotated[str | int, Meta(description="An id; a number is taken too.")]
ClientId = Annotated[
    str,
    Meta(
        max_length=200,
        description="Yours: the same one in the same inbox by the same author is written once; others are refused.",
    ),
]
Body = Annotated[str, Meta(description="Plain text, at most 50,000 characters; empty only beside files.")]
Files = Annotated[list[str], Meta(max_length=20, description="Ids of uploaded files.")]


Recipients = Annotated[
    list[Annotated[str, Meta(max_length=600)]],
    Meta(max_length=50, description="Addresses, each perhaps with a name: Lin Moreau <lin@example.com>."),
]


class CustomerName(msgspec.Struct, frozen=True, gc=False):
    id: str
    name: str


class Conversation(msgspec.Struct, frozen=True, gc=False):
    """One matter between a customer and us."""

    id: str
    number: Annotated[int, Meta(description="The id as people say it.")]
    inbox_id: str
    channel: str
    subject: str
    state: State
    handled_by: Literal["bot", "queue", "agent"]
    waiting_on: Literal["us", "customer", "third_party"]
    priority: Annotated[int, Meta(ge=0, le=4, description="0 none, 1 low, 2 normal, 3 high, 4 urgent.")]
    tags: list[str]
    assignee_id: str | None
    team_id: str | None
    customer: CustomerName
    opened_at: Moment
    active_at: Moment
    resolved_at: Moment | None
    snoozed_until: Moment | None
    preview: Annotated[str, Meta(description="The beginning of the last message.")]
    unread: Annotated[bool, Meta(description="The customer has written what nobody of the team has seen.")]
    seq: Annotated[int, Meta(description="Rises by one with every message and every change.")]
    attributes: Annotated[dict[str, Any], Meta(description="Values of the attributes defined for conversations.")]
    follows_id: Annotated[str | None, Meta(description="The older conversation it goes on from.")]
    due_at: Annotated[Moment | None, Meta(description="The next deadline of what was promised; one may be past.")]


class Author(msgspec.Struct, frozen=True, gc=False):
    kind: Literal["customer", "agent", "bot", "rule", "token", "system"]
    id: str | None
    name: str


class Attached(msgspec.Struct, frozen=True, gc=False):
    """A file of a message."""

    id: str
    name: str
    media_type: str
    size: Annotated[int, Meta(description="In bytes.")]
    url: Annotated[str, Meta(description="Opens the file for whoever holds it, for a month.")]


class Message(msgspec.Struct, frozen=True, gc=False):
    """One line of a conversation: words, a note of the team, or a change."""

    id: uuid.UUID
    conversation_id: str
    kind: Literal["incoming", "reply", "forward", "note", "system"]
    body: str
    author: Author
    seq: Annotated[int, Meta(description="Gapless within the conversation.")]
    channel: str
    status: Annotated[
        Literal["", "queued", "sent", "failed", "delivered", "read", "played"],
        Meta(description="Of a reply: how far it has come."),
    ]
    status_reason: Annotated[str, Meta(description="Why it failed.")]
    event: Annotated[
        dict[str, Any] | None,
        Meta(description="Of a system line: what changed, its verb first. Of a bot's words: what they offer."),
    ]
    attachments: list[Attached]
    occurred_at: Moment
    letter: Annotated[Letter | None, Meta(description="Its envelope, on channels that have one; else null.")]


class Opened(Conversation, frozen=True, gc=False, kw_only=True):
    """The conversation with the message that opened it."""

    message: Message


class Who(msgspec.Struct, frozen=True):
    """Who the customer is, as far as you know; found by the first of external_id, email, phone that is known."""

    name: str | None = None
    email: str | None = None
    phone: Annotated[str | None, Meta(description="In any spelling; without a country, of the organization's.")] = None
    external_id: Annotated[str | None, Meta(description="Their id in your system.")] = None


class Opening(msgspec.Struct, frozen=True):
    """A new conversation with its first words."""

    inbox_id: IdGiven
    body: Body = ""
    customer: Annotated[Who | None, Meta(description="A stranger when left out.")] = None
    subject: Annotated[str | None, Meta(description="At most 500 characters.")] = None
    author: Annotated[
        Literal["customer", "agent"] | None, Meta(description="Who says the words; the customer when left out.")
    ] = None
    client_id: ClientId | None = None
    attachments: Files | None = None


class Speaking(msgspec.Struct, frozen=True):
    """Further words in a conversation, or a note to the team."""

    body: Body = ""
    kind: Annotated[
        Literal["reply", "note"] | None, Meta(description="A note stays in the house; a reply when left out.")
    ] = None
    author: Annotated[
        Literal["agent", "customer"] | None, Meta(description="Who says the words; you when left out.")
    ] = None
    client_id: ClientId | None = None
    attachments: Files | None = None
    # Only on channels of letters; what is left out is as the envelope of the conversation has it.
    to: Recipients | None = None
    cc: Recipients | None = None
    bcc: Recipients | None = None
    subject: Annotated[str | None, Meta(description="At most 500 characters; as it stands.")] = None
    quotes: Annotated[
        bool | None,
        Meta(description="Whether the mail that is answered stands below; as the inbox has it when left out."),
    ] = None

    @property
    def enveloped(self) -> bool:
        return any(one is not None for one in (self.to, self.cc, self.bcc, self.subject, self.quotes))


class Envelope(msgspec.Struct, frozen=True, kw_only=True):
    """Whom an answer written now goes to, unless it says otherwise."""

    sender: Annotated[str, Meta(description="The mailbox, with the name customers see.")] = msgspec.field(name="from")
    to: list[str]
    cc: list[str]
    copies: Annotated[
        list[str],
        Meta(description="Who is in copy of every answer until they are taken out; `to` may name some of them."),
    ]
    subject: str
    signature: str
    quotes: Annotated[
        bool | None, Meta(description="Whether the mail that is answered stands below; null where there is none.")
    ]
    largest: Annotated[int, Meta(description="Bytes of all files that go with one mail.")]
    customer: Annotated[list[str], Meta(description="Every address of the customer.")]


class Copying(msgspec.Struct, frozen=True):
    """Who gets a copy of every answer from now on, and who no longer does."""

    add: Recipients | None = None
    remove: (
        Annotated[list[Annotated[str, Meta(max_length=600)]], Meta(max_length=200, description="Addresses alone.")]
        | None
    ) = None


class Follower(msgspec.Struct, frozen=True):
    """An agent who follows a conversation."""

    id: str
    name: str


class Forwarding(msgspec.Struct, frozen=True):
    """Passes on a message, or all that was said, to somebody who is not the customer."""

    to: Recipients
    cc: Recipients | None = None
    bcc: Recipients | None = None
    subject: Annotated[str | None, Meta(description="At most 500 characters; as it stands.")] = None
    message_id: Annotated[
        str | None, Meta(description="The message; all messages of the conversation when left out.")
    ] = None
    body: Annotated[str, Meta(description="What you say to them above it; may be empty.")] = ""
    client_id: ClientId | None = None


class Changing(msgspec.Struct, frozen=True):
    """What is given changes."""

    priority: Annotated[int, Meta(ge=0, le=4)] | UnsetType = UNSET
    tags: list[str] | UnsetType = UNSET
    waiting_on: Literal["us", "customer", "third_party"] | UnsetType = UNSET
    attributes: Annotated[
        dict[str, Any] | UnsetType, Meta(description="Those given change; one set to null is removed.")
    ] = UNSET


class Assigning(msgspec.Struct, frozen=True):
    """To whom it goes; both null gives it back to the queue. At least one is named, what is not named is null."""

    agent_id: IdGiven | UnsetType | None = UNSET
    team_id: IdGiven | UnsetType | None = UNSET


class Splitting(msgspec.Struct, frozen=True):
    """From which message a conversation of its own is made."""

    message_id: uuid.UUID
    alone: Annotated[bool, Meta(description="Only this message, not those after it.")] = False


class Rethreading(msgspec.Struct, frozen=True):
    """Where a message belongs."""

    conversation_id: IdGiven
    confirmed: Annotated[
        bool, Meta(description="It may be another customer's conversation; only where messages are letters.")
    ] = False


class Snoozing(msgspec.Struct, frozen=True):
    until: Annotated[datetime, Meta(tz=True, description="A moment still to come, with its zone.")]
