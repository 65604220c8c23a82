"""Rows and lines as the shared partials want them; viewer-free, so that a page and a push draw the same."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable
from datetime import datetime

import msgspec
from django.utils.translation import gettext as _
from markupsafe import Markup

from careline.channels.letters import read as envelope_of
from careline.kit import sentences
from careline.service.conversations.hot.shapes import Itself, ListRow, Mark, Offered, Pledge, ThreadRow
from careline.web import environment, faces, kept, promising, recovering, rows
from careline.web.desk import letters, telling
from careline.web.marks import trusted

DESK = "/desk/"
OF_DESK = "/files/{}".format


class Row(msgspec.Struct, frozen=True):
    """One row of the list; addresses and dates written out, since a row is drawn fifty at a time."""

    id: int
    dom_id: str
    url: str
    closure_url: str
    person_name: str
    initials: str
    tint: int
    channel: str
    preview: str
    preview_by: str
    subject: str
    active_at: str
    place: str
    state: str
    waiting_on: str
    unread: bool
    assignee_id: int | None
    assignee_name: str | None
    priority: int
    tags: list[str]
    scrap: list[int]
    efforts: list[int]
    mark: Marked | None
    pledge: Pledged | None


class Marked(msgspec.Struct, frozen=True):
    """That somebody is to be won back here: why, until when, and whether that is past."""

    why: str
    due_at: str
    late: bool


class Pledged(msgspec.Struct, frozen=True):
    """The next deadline as it is drawn, its place among others, and how near it is: "", "warned" or "broken"."""

    html: Markup
    place: str
    risk: str


class File(msgspec.Struct, frozen=True):
    url: str
    name: str
    size_words: str
    inline: bool
    # Its place is within the whole of a letter.
    placed: bool


class Line(msgspec.Struct, frozen=True):
    """One message of a thread."""

    id: uuid.UUID
    seq: int
    kind: str
    author_name: str
    initials: str
    tint: int
    body: str
    at: str
    status: str
    status_reason: str
    attachments: list[File]
    words: str
    # Of what was passed on: to whom, and the messages that stood below it.
    passed_to: str = ""
    passed: tuple[str, ...] = ()
    letter: letters.Envelope | None = None
    is_bot: bool = False
    # Beside a bot's words: what could be answered by one press, and what they rest on.
    offered: Offered | None = None
    # Why they went without anybody, in words.
    itself: str = ""


class _Stored(msgspec.Struct):
    file_id: str
    name: str
    media_type: str
    size: int
    inline: bool
    placed: bool = False


_mark = msgspec.json.Decoder(Mark)
_pledge = msgspec.json.Decoder(Pledge)
_offered = msgspec.json.Decoder(Offered)
_files = msgspec.json.Decoder(list[_Stored])


def written(moment: datetime) -> str:
    """As `datetime=` wants it; what the database answers is in UTC."""
    return f"{moment.isoformat()[:19]}Z"


def placed(moment: datetime) -> str:
    """To the microsecond and always as long, so that places compare as text."""
    return f"{moment.isoformat(timespec='microseconds')[:26]}Z"


def row(found: ListRow) -> Row:
    address = f"{DESK}{found.id}"
    return Row(
        id=found.id,
        dom_id=f"conversation-{found.id}",
        url=address,
        closure_url=f"{address}/closure",
        person_name=found.person_name,
        initials=faces.initials(found.person_name),
        tint=faces.tint(found.person_name),
        channel=found.channel,
        preview=found.preview,
        preview_by=found.preview_by,
        subject=found.subject,
        active_at=written(found.active_at),
        place=placed(found.active_at),
        state=found.state,
        waiting_on=found.waiting_on,
        unread=found.unread,
        assignee_id=found.assignee_id,
        assignee_name=found.assignee_name,
        priority=found.priority,
        tags=found.tags,
        scrap=found.scrap,
        efforts=found.efforts,
        mark=_marked(_mark.decode(found.mark)) if found.mark else None,
        pledge=_pledged(_pledge.decode(found.pledge)) if found.pledge else None,
    )


def _marked(mark: Mark) -> Marked:
    why = recovering.why({"cause": mark.cause, "metric": mark.metric, "score": mark.score, "top": mark.top})
    return Marked(why, written(mark.due_at), mark.late)


def _pledged(one: Pledge) -> Pledged:
    begun, due, what = written(one.begun_at), written(one.due_at), promising.what(one.what)
    return Pledged(promising.drawn(what, begun, due, one.state, rows.words().promise), placed(one.due_at), one.state)


def listing(found: Iterable[ListRow], *, chosen: int | None = None) -> Markup:
    language = kept.spoken()
    return trusted("".join([row_html(one, language=language, chosen=one.id == chosen) for one in found]))


def lines(found: Iterable[ThreadRow]) -> Markup:
    """Oldest first, whichever way they came."""
    language = kept.spoken()
    return trusted("".join([message_html(one, language=language) for one in sorted(found, key=lambda m: m.seq)]))


def message(found: ThreadRow, *, files_at: Callable[[str], str] = OF_DESK) -> Line:
    stored = _files.decode(found.attachments) if found.attachments else []
    envelope = envelope_of(found.letter) if found.kind == "forward" else None
    offered = _offered.decode(found.event) if found.kind == "reply" and found.event else None
    name = found.author_name or (_("Customer") if found.author_kind == "customer" else "Careline")
    return Line(
        id=found.id,
        seq=found.seq,
        kind=found.kind,
        author_name=name,
        initials=faces.initials(name),
        tint=faces.tint(name),
        body=found.body,
        at=written(found.occurred_at),
        status=found.status,
        status_reason=sentences.told(found.status_reason),
        attachments=[
            File(files_at(file.file_id), file.name, environment.size(file.size), file.inline, file.placed)
            for file in stored
        ],
        words=telling.said(found.event, by=name, words=found.body) if found.kind == "system" and found.event else "",
        passed_to=", ".join(one.name or one.address for one in envelope.everybody) if envelope else "",
        passed=tuple(str(one) for one in envelope.passes_on) if envelope else (),
        letter=letters.envelope(found) if found.letter else None,
        is_bot=found.author_kind == "bot",
        offered=offered,
        itself=_itself(offered.itself) if offered is not None and offered.itself is not None else "",
    )


def _itself(why: Itself) -> str:
    return _("Sent by itself: “%(intent)s”, %(taken)s of %(of)s taken as they stood.") % {
        "intent": why.intent, "taken": why.taken, "of": why.of,
    }  # fmt: skip


def row_html(found: ListRow, *, language: str = "", chosen: bool = False) -> Markup:
    if chosen:
        return trusted(_row_drawn(found, language or kept.spoken(), chosen=found.id))
    return _rows.html(found, language)


def message_html(found: ThreadRow, *, language: str = "", files_at: Callable[[str], str] = OF_DESK) -> Markup:
    if found.attachments and files_at is not OF_DESK:
        return trusted(_line_drawn(found, language or kept.spoken(), files_at))
    return _lines.html(found, language)


def _row_drawn(found: ListRow, language: str, chosen: int | None = None) -> str:
    return kept.macro("parts/_conversation.html", "conversation", language)(row(found), rows.words(), chosen)


def _line_drawn(found: ThreadRow, language: str, files_at: Callable[[str], str] = OF_DESK) -> str:
    return kept.macro("parts/_message.html", "message", language)(message(found, files_at=files_at), rows.words())


_rows = kept.Kept(ListRow, _row_drawn)
_lines = kept.Kept(ThreadRow, _line_drawn)
