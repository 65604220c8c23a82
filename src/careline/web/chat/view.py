"""What a customer sees of their conversation, and what the page they came from tells."""

from __future__ import annotations

from collections.abc import MutableMapping
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import msgspec
from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from careline.kit import clock, signing, text
from careline.service.conversations.hot import doors, read
from careline.service.conversations.hot.shapes import ThreadRow
from careline.web.chat import asking, offering
from careline.web.desk import drawn

LIMIT = 200
CAMPAIGN = {name: f"utm_{name}" for name in ("source", "medium", "term", "content")} | {"name": "utm_campaign"}


class Page(msgspec.Struct):
    """The page the chat was opened from, as the widget saw it."""

    url: str = ""
    title: str = ""
    referrer: str = ""
    at: datetime | None = None

    def landed(self) -> datetime:
        """Their clock, where it can be believed: not ahead of ours, not from yesterday."""
        now = clock.now()
        given = self.at if self.at is not None and self.at.tzinfo is not None else now
        return given if now - timedelta(hours=12) < given <= now else now

    def facts(self) -> dict[str, Any]:
        address = _shown(self.url)
        try:
            asked = parse_qs(urlsplit(self.url).query)
        except ValueError:
            asked = {}
        campaign = {
            name: asked[key][0][:200]
            for name in CAMPAIGN
            if (key := f"utm_{'campaign' if name == 'name' else name}") in asked
        }
        return {
            "url": address,
            "title": text.excerpt(self.title.replace("\0", ""), 200),
            "referrer": _shown(self.referrer),
            "campaign": {k: v.replace("\0", "") for k, v in campaign.items()},
        }


def _shown(address: str) -> str:
    """An address without its query and fragment, which may carry what is nobody's business."""
    try:
        parts = urlsplit(address.replace("\0", ""))
    except ValueError:
        return ""
    return f"{parts.scheme}://{parts.netloc}{parts.path}"[:500] if parts.scheme in ("http", "https") else ""


async def shared(conn: doors.Connection, *, conversation: int, inbox: int, person: int, after: int) -> list[ThreadRow]:
    rows = await read.SHARED.aall(conn, conversation=conversation, inbox=inbox, person=person, after=after, limit=LIMIT)
    return rows[::-1]


def message(row: ThreadRow, *, key: str, person_id: int) -> dict[str, Any]:
    """One message as a frame and as a first page carry it; names of agents are given, their ids are not."""
    if row.kind == "system":
        return asking.frame(row)
    return {
        "id": str(row.id),
        "client_id": row.client_id if row.kind == "incoming" else None,
        "kind": row.kind,
        "author": row.author_name,
        "body": row.body,
        "at": row.occurred_at.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "html": str(
            drawn.message_html(
                theirs(row), files_at=lambda file_id: file_address(file_id, key=key, person_id=person_id)
            )
        ),
        **(offering.frame(row) if row.author_kind == "bot" else {}),
    }


def theirs(row: ThreadRow) -> ThreadRow:
    """As the customer reads it: their own words are theirs, and what became of ours on its way is our business."""
    if row.kind == "incoming":
        return msgspec.structs.replace(row, author_name=_("You"))
    return msgspec.structs.replace(row, status="", status_reason="", event=None)


def file_address(file_id: str, *, key: str, person_id: int) -> str:
    """Signed, since a chat inside another site's page has no cookie of ours to show."""
    return f"/chat/{key}/files/{signing.sign('chat-file', f'{person_id}:{file_id}')}"


def language_of(scope: MutableMapping[str, Any], fallback: str) -> str:
    """The visitor's own language where we speak it, else the inbox's."""
    known = {code for code, _name in settings.LANGUAGES}
    wanted = next((value.decode("latin-1") for name, value in scope["headers"] if name == b"accept-language"), "")
    for part in wanted.split(","):
        code = part.split(";")[0].strip().lower().split("-")[0]
        if code in known:
            return code
    return fallback if fallback in known else translation.get_language() or "en"
