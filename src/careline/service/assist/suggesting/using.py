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


def dismiss(conversation_id: int, source: str, item: int, *, actor: Actor, on_top: bool = False) -> None:
    """It is not shown in this conversation again; `on_top`: it stood first."""
    found = queries.one(actor, conversation_id)
    actor.must("conversations.reply")
    mark = _mark(f"{source}:{item}")
    if mark is None:
        raise Refused(_("There is no such suggestion."), field="source")
    _count(mark, Use.Act.DISMISSED, found.id, None, actor, on_top=on_top)


def reply(
    conversation_id: int,
    body: str,
    say: Callable[[], Said],
    put: Iterable[tuple[str, str]],
    *,
    actor: Actor,
    top: str = "",
) -> Said:
    """Says it, and counts what was put into it: marks such as "article:5", each with the words that were. `top` is the
    mark of what stood first while it was written: who said something else has passed it over."""
    known = {mark: words for given, words in list(put)[:MOST] if (mark := _mark(given)) is not None}
    first = _mark(top)
    if not known and first is None:
        return say()  # nothing is counted, so there is nothing to hold together
    with transaction.atomic():
        said = say()
        if not said.repeated:
            _counted(known, first, body, conversation_id, said, actor)
    return said


def _counted(
    known: dict[tuple[finding.Source, int], str], first: tuple[finding.Source, int] | None, body: str,
    conversation_id: int, said: Said, actor: Actor,
) -> None:  # fmt: skip
    for mark, words in known.items():
        act = Use.Act.TAKEN if words.strip() and text.fold(words) in text.fold(body) else Use.Act.EDITED
        whole = act == Use.Act.TAKEN and text.fold(words.strip()) == text.fold(body.strip())
        _count(mark, act, conversation_id, said.message_id, actor, on_top=mark == first, whole=whole)
    if first is not None and first not in known:
        _count(first, Use.Act.PASSED, conversation_id, said.message_id, actor, on_top=True)


def _mark(given: str) -> tuple[finding.Source, int] | None:
    found = _MARK.match(given)
    return (found[1], int(found[2])) if found else None  # type: ignore[return-value]  # the form says which


def _count(
    mark: tuple[finding.Source, int],
    act: Use.Act,
    conversation_id: int,
    message_id: uuid.UUID | None,
    actor: Actor,
    *,
    on_top: bool,
    whole: bool = False,
) -> None:
    Use.objects.bulk_create(
        [
            Use(
                source=mark[0], item=mark[1], act=act, agent_id=actor.agent_id, conversation_id=conversation_id,
                message_id=message_id, on_top=on_top, whole=whole,
            )
        ],
        ignore_conflicts=True,
    )  # fmt: skip
