"""What the hot statements answer."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Literal

import msgspec


class Said(msgspec.Struct, frozen=True):
    """A message as it was written down; `repeated` when the same one had been accepted before.

    `other` says that what stands under the client id are other words than these, or of another kind.
    """

    conversation_id: int
    message_id: uuid.UUID
    seq: int
    shared_seq: int | None
    inbox_id: int
    person_id: int
    kind: str
    status: str
    occurred_at: datetime
    repeated: bool = False
    reopened: bool = False
    channel: str = ""
    author_name: str = ""
    state: str = ""
    other: bool = False


class Envelope(msgspec.Struct, frozen=True):
    """What of a letter its message and its conversation hold; the statements' own names."""

    # careline.channels.letters.Letter as JSON.
    letter: str
    # Who takes part by it.
    keys: list[str]
    # Who is in copy by it: parties as JSON, by their folded addresses.
    copies: str
    # The letters before it, by their names.
    answers: list[str]
    # The older conversation a new one goes on from.
    follows: int | None = None
    # Who wrote it into a conversation, as they name themselves, and by which address.
    voice: str = ""
    voice_key: str = ""


class Changed(msgspec.Struct, frozen=True):
    id: int


class Placed(msgspec.Struct, frozen=True):
    """Whom a set of identities names, and the conversation their next words belong to."""

    person_id: int
    conversation_id: int | None
    # Every id that is this person, theirs first.
    ids: list[int]
    # Under which of them their words will stand, and the sealed key of that one.
    of: int
    key: bytes | None
    # What we asked last in that conversation, when nothing was said since.
    asked: uuid.UUID | None = None


class ListRow(msgspec.Struct, frozen=True):
    id: int
    inbox_id: int
    person_id: int
    person_name: str
    channel: str
    subject: str
    state: str
    handled_by: str
    waiting_on: str
    priority: int
    tags: list[str]
    assignee_id: int | None
    assignee_name: str | None
    team_id: int | None
    opened_at: datetime
    active_at: datetime
    snoozed_until: datetime | None
    resolved_at: datetime | None
    last_seq: int
    unread: bool
    preview: str
    preview_by: str
    scrap: list[int]
    efforts: list[int]
    # As the database writes JSON.
    attributes: str = "{}"
    # The older conversation it goes on from.
    follows_id: int | None = None
    # A Mark, likewise.
    mark: str | None = None
    # A Pledge, likewise.
    pledge: str | None = None
    due_at: datetime | None = None


class Mark(msgspec.Struct, frozen=True, omit_defaults=True):
    """Why a conversation needs more than an answer, until when, and whether that is past; no words of anybody's."""

    cause: str  # answer | promise | reopened | hand
    due_at: datetime
    metric: str = ""
    score: float | None = None
    top: float | None = None
    late: bool = False


class Pledge(msgspec.Struct, frozen=True, omit_defaults=True):
    """The next deadline of a conversation: what was promised since when, and whether that is near or past."""

    what: str  # first | next | resolution
    begun_at: datetime
    due_at: datetime
    state: Literal["", "warned", "broken"] = ""


class Called(msgspec.Struct, frozen=True):
    """What a conversation is called: by its subject, else by its last words."""

    id: int
    subject: str
    preview: str
    preview_by: str
    # The older conversation it goes on from.
    follows_id: int | None


class Hand(msgspec.Struct, frozen=True):
    """Whom a conversation can be given to: an agent, or else a team. And whether they follow it."""

    is_agent: bool
    id: int
    name: str
    follows: bool


class Follower(msgspec.Struct, frozen=True):
    """A colleague who follows a conversation, and how they are told of it."""

    id: int
    name: str
    email: str
    language: str
    zone: str


class Source(msgspec.Struct, frozen=True, omit_defaults=True):
    """What an answer rests on: an article of the help center, by its address there."""

    title: str
    url: str


class Itself(msgspec.Struct, frozen=True):
    """By what an answer had earned to go by itself: what was wanted, and of so many offered so many were taken."""

    intent: str
    taken: int
    of: int


class Offered(msgspec.Struct, frozen=True, omit_defaults=True):
    """What stands beside a bot's words, kept as the message's event: what can be said next by one press, and sources.

    `leaves`: with these words a person has it. `itself`: why they went without anybody.
    """

    choices: tuple[str, ...] = ()
    sources: tuple[Source, ...] = ()
    leaves: bool = False
    itself: Itself | None = None


class ThreadRow(msgspec.Struct, frozen=True):
    id: uuid.UUID
    conversation_id: int
    seq: int
    shared_seq: int | None
    kind: str
    body: str
    event: str | None
    author_kind: str
    author_id: int | None
    author_name: str
    channel: str
    status: str
    status_reason: str
    client_id: str | None
    occurred_at: datetime
    attachments: str | None
    # Its envelope as the database writes JSON; careline.channels.letters.read understands it.
    letter: str | None = None
    # Of a letter: what its conversation is about.
    subject: str | None = None


class OwnTalk(msgspec.Struct, frozen=True):
    """A conversation as its customer sees it in a list."""

    id: int
    inbox_id: int
    person_id: int
    channel: str
    subject: str
    state: str
    waiting_on: str
    opened_at: datetime
    active_at: datetime
    last: str
    last_kind: str


class Counts(msgspec.Struct, frozen=True):
    """Open conversations in the actor's inboxes, and the oldest transaction still running when they were counted."""

    mine: int
    unassigned: int
    all: int
    snoozed: int
    xmin: str


class Place(msgspec.Struct, frozen=True):
    """A conversation as far as a push needs it."""

    id: int
    inbox_id: int
    person_id: int
    last_seq: int


class Refusal(msgspec.Struct, frozen=True):
    state: str


class Horizon(msgspec.Struct, frozen=True):
    xmin: str
