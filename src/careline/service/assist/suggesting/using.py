"""What agents do with suggestions is counted: it decides what is suggested first."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable, Iterable

from django.db import transaction
from django.utils.translation import gettext as _

from careline.accounts.actor import Actor
from careline.kit import text
from careline.kit.refusals import Refused
from careline.service.assist.models import Use
from careline.service.assist.suggesting import finding
from careline.service.conversations import queries
from careline.service.conversations.hot.shapes import Said

# A reply carries no more than so many.
MOST = 5
_MARK = re.compile(r"(article|answer|saved):([1-9]\d{0,17})\Z")


def dismiss(conversation_id: int, source: str, item: int, *, actor: Actor) -> None:
    """It is not shown in this conversation again."""
    found = queries.one(actor, conversation_id)
    actor.must("conversations.reply")
    mark = _mark(f"{source}:{item}")
    if mark is None:
        raise Refused(_("There is no such suggestion."), field="source")
    _count(mark, Use.Act.DISMISSED, found.id, None, actor)


@transaction.atomic
def reply(
    conversation_id: int, body: str, say: Callable[[], Said], put: Iterable[tuple[str, str]], *, actor: Actor
) -> Said:
    """Says it, and counts what was put into it: marks such as "article:5", each with the words that were."""
    said = say()
    known = {mark: words for given, words in list(put)[:MOST] if (mark := _mark(given)) is not None}
    if known and not said.repeated:
        for mark, words in known.items():
            act = Use.Act.TAKEN if words.strip() and text.fold(words) in text.fold(body) else Use.Act.EDITED
            _count(mark, act, conversation_id, said.message_id, actor)
    return said


def _mark(given: str) -> tuple[finding.Source, int] | None:
    found = _MARK.match(given)
    return (found[1], int(found[2])) if found else None  # type: ignore[return-value]  # the form says which


def _count(
    mark: tuple[finding.Source, int], act: Use.Act, conversation_id: int, message_id: uuid.UUID | None, actor: Actor
) -> None:
    Use.objects.bulk_create(
        [
            Use(
                source=mark[0], item=mark[1], act=act, agent_id=actor.agent_id, conversation_id=conversation_id,
                message_id=message_id,
            )
        ],
        ignore_conflicts=True,
    )  # fmt: skip
