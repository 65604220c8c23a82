"""What customers said, read for topics: the first words of each conversation and the words of each answer."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime

import msgspec

from careline.experience.surveys.models import Response
from careline.intelligence import redaction
from careline.service.conversations.models import Conversation, Message

# Of a beginning; what comes after tells more of the person than of the matter.
LONGEST = 600
_PLACES = re.compile(r"\[[A-Z]+_\d+\]")


class Said(msgspec.Struct, frozen=True):
    """Of a conversation or of an answer: one of the two numbers is there. Without what has the form of a secret."""

    text: str
    at: datetime
    conversation: int | None = None
    response: int | None = None

    @property
    def key(self) -> tuple[int | None, int | None]:
        return self.conversation, self.response


def newest(since: datetime, most: int) -> list[Said]:
    """At most so many, the newest first; what was put away as spam says nothing."""
    found = [*_begun(since, most), *_answered(since, most)]
    return sorted(found, key=lambda one: (one.at, one.conversation or 0, one.response or 0), reverse=True)[:most]


def words_of(conversations: list[int], responses: list[int]) -> dict[tuple[int | None, int | None], str]:
    """What each says, as it was said."""
    found: dict[tuple[int | None, int | None], str] = {}
    for number, text in _first(conversations).items():
        found[number, None] = text
    for one in Response.objects.filter(pk__in=responses):
        found[None, one.pk] = _told(one)
    return found


def _begun(since: datetime, most: int) -> Iterator[Said]:
    wanted = Conversation.objects.filter(opened_at__gte=since).exclude(state__in=["spam", "trash"])
    opened = dict(wanted.order_by("-opened_at", "-pk").values_list("pk", "opened_at")[:most])
    for number, text in _first(list(opened)).items():
        yield Said(_hidden(text), opened[number], conversation=number)


def _first(conversations: list[int]) -> dict[int, str]:
    said = Message.objects.filter(conversation__in=conversations, kind=Message.Kind.INCOMING).exclude(body="")
    rows = said.order_by("conversation_id", "seq").distinct("conversation_id")
    return {
        number: (f"{subject}. {body}" if subject else body)[:LONGEST]
        for number, subject, body in rows.values_list("conversation_id", "conversation__subject", "body")
    }


def _answered(since: datetime, most: int) -> Iterator[Said]:
    given = Response.objects.counted().filter(touched_at__gte=since).select_related("version", "survey")
    for one in given.order_by("-touched_at", "-pk")[:most]:
        text = _told(one)
        if text and one.touched_at is not None:
            yield Said(_hidden(text), one.touched_at, response=one.pk)


def _told(one: Response) -> str:
    """What was written freely, in the order of the questions."""
    given, found = one.given, []
    for question in one.form.questions:
        answer = given.get(question.key)
        if answer is not None:
            found += [str(answer.value)] if question.type == "text" and answer.value else []
            found += [answer.words] if answer.words else []
    return " ".join(found)[:LONGEST]


def _hidden(text: str) -> str:
    """Placeholders would be the words a topic is named by."""
    return _PLACES.sub(" ", redaction.hide(text).text)
