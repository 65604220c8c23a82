"""The envelope of a message as its partial wants it: who, to whom, what came with it, how it got here."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, date, datetime
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from careline.channels import adapter, letters
from careline.channels.letters import Letter, Party
from careline.kit import sentences
from careline.kit.refusals import NotVisible
from careline.service.conversations.hot.shapes import ThreadRow

# Named in the one line that always stands there.
NAMED = 2
_MOMENT = re.compile(r"(\d{4})(\d\d)(\d\d)(?:T(\d\d)(\d\d)(\d\d)?(Z)?)?")


class Row(msgspec.Struct, frozen=True):
    """From, To, Cc or Bcc: the first few by name for the one line, everybody for the details."""

    word: str
    people: tuple[Party, ...]

    @property
    def first(self) -> str:
        return ", ".join(one.name or one.address for one in self.people[:NAMED])

    @property
    def more(self) -> int:
        return max(0, len(self.people) - NAMED)


class Time(msgspec.Struct, frozen=True):
    """`at` in UTC where the moment is known, else words."""

    at: str = ""
    words: str = ""


class Invite(msgspec.Struct, frozen=True):
    word: str
    what: str
    starts: Time
    ends: Time
    where: str
    organizer: str


class Envelope(msgspec.Struct, frozen=True):
    rows: list[Row]
    # Those of them that the one line tells: not who wrote it.
    told: list[Row]
    subject: str
    written: str
    # The subject, where it is not the conversation's.
    retitled: str
    # The kind of machine that wrote it, in a word.
    machine: str
    protection: list[str]
    invitations: list[Invite]
    remarks: list[str]
    left_out: list[tuple[str, str]]
    missed: list[tuple[str, str]]
    steps: list[str]
    # No step led to a conversation.
    began: bool
    # Addresses of the whole and of the mail as it came; empty where there is none.
    whole: str
    raw: str
    rich: bool
    failed: bool


def envelope(row: ThreadRow) -> Envelope | None:
    letter = letters.read(row.letter)
    if letter is None:
        return None
    rows = _rows(letter)
    about = row.subject or ""
    return Envelope(
        rows=rows,
        told=[one for one in rows if one.people != ((letter.sender,) if letter.sender else ())] or rows[:1],
        subject=letter.subject,
        written=_utc(letter.written_at or row.occurred_at),
        retitled="" if letter.automatic or letters.bare(letter.subject) == letters.bare(about) else letter.subject,
        machine=machine_word(letter.automatic),
        protection=[remark(row.channel, code) for code in letter.protection],
        invitations=[invite(one) for one in letter.invitations],
        remarks=[remark(row.channel, code) for code in letter.remarks if code not in letter.protection],
        left_out=[(name, sentences.told(why)) for name, why in letter.left_out.items()],
        missed=[(address, sentences.told(why)) for address, why in letter.missed.items()],
        steps=[step.words() for step in letter.steps],
        began=row.kind == "incoming" and all(step.verdict != "taken" for step in letter.steps),
        whole=f"/letters/{row.id}" if letter.original or letter.shortened else "",
        raw=f"/letters/{row.id}/raw" if letter.raw else "",
        rich=letter.rich and letter.original is not None,
        failed=row.kind in {"reply", "forward"} and (row.status == "failed" or bool(letter.missed)),
    )


def _rows(letter: Letter) -> list[Row]:
    named = [
        (pgettext("mail", "From"), (letter.sender,) if letter.sender else ()),
        (pgettext("mail", "To"), letter.to),
        (_("Cc"), letter.cc),
        (_("Bcc"), letter.bcc),
    ]
    return [Row(word, people) for word, people in named if people]


def remark(channel: str, code: str) -> str:
    try:
        return adapter.of(channel).remark(code)
    except NotVisible:
        return code


def machine_word(kind: str) -> str:
    if not kind:
        return ""
    words = {"out-of-office": _("Out of office"), "answer": _("Automatic answer"), "server": _("From a mail server")}
    return words.get(kind) or _("Sent by a machine")


def invite(given: Mapping[str, Any]) -> Invite:
    """An event as text/calendar told it."""
    zone = str(given.get("zone", ""))
    answers = {
        "accepted": _("Invitation accepted"),
        "declined": _("Invitation declined"),
        "tentative": _("Invitation accepted, not surely"),
    }
    methods = {"cancel": _("Event canceled"), "reply": _("Answer to an invitation"), "publish": _("Event")}
    method = str(given.get("method", ""))
    word = answers.get(str(given.get("answer", ""))) if method == "reply" else None
    starts, ends = str(given.get("starts", "")), str(given.get("ends", ""))
    return Invite(
        word=word or methods.get(method) or _("Invitation"),
        what=str(given.get("summary", "")),
        starts=moment(starts, zone),
        ends=moment(ends, "UTC" if ends.endswith("Z") else zone),
        where=str(given.get("location", "")),
        organizer=str(given.get("organizer", "")),
    )


def moment(written: str, zone: str) -> Time:
    """20260302T093000Z, 20260302T093000 in a zone, 20260302 for the day; what is none of these as it stands."""
    found = _MOMENT.fullmatch(written)
    if found is None:
        return Time(words=written)
    try:
        if found[4] is None:
            return Time(words=date_format(date(int(found[1]), int(found[2]), int(found[3])), "DATE_FORMAT"))
        at = datetime(*(int(one or 0) for one in found.groups()[:6]), tzinfo=UTC)  # type: ignore[misc,arg-type]
        known = UTC if found[7] else zone_of(zone)
        if known is None:
            return Time(words=f"{date_format(at, 'DATE_FORMAT')} {at:%H:%M} {zone}".strip())
        return Time(at=_utc(at.replace(tzinfo=known)))
    except (ValueError, OverflowError):
        return Time(words=written)


def _utc(at: datetime) -> str:
    return f"{at.astimezone(UTC).isoformat()[:19]}Z"


def zone_of(name: str) -> Any:
    """By its own name, or the one Windows has for it; nothing for a time without any."""
    try:
        return ZoneInfo(_windows().get(name, name)) if name else None
    except (KeyError, ValueError, OSError):
        return None


@cache
def _windows() -> Mapping[str, str]:
    from babel.core import get_global  # half a megabyte, and few letters invite anybody

    found: Mapping[str, str] = get_global("windows_zone_mapping")
    return found
