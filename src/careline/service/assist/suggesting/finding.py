"""Candidates for a reply, each from where it comes: articles, what colleagues answered, replies that are kept."""

from __future__ import annotations

import re
import threading
from datetime import datetime
from typing import Any, Literal

import msgspec

from careline.accounts.actor import Actor
from careline.kit import text
from careline.service.assist.suggesting import statements
from careline.service.knowledge import hot, search

Source = Literal["article", "answer", "saved"]
# As many of each are looked at.
ARTICLES, NEIGHBORS = 4, 24
# What is less alike is not suggested: where meanings are understood, and where letters are compared.
ALIKE = {"answer": (0.55, 0.35), "saved": (0.4, 0.2)}
# An article found by its words alone.
BY_WORDS, COVERED = 0.35, 0.3
# Each further colleague who answered so.
AGREED, AGREED_MOST = 0.015, 4
# Answers that share so much of their words say the same.
SAME = 0.75
_WORD = re.compile(r"\w+")


class Candidate(msgspec.Struct):
    """`score` is how well it fits, about 0 to 1; `words` still hold their blanks."""

    source: Source
    item: int
    claim: str
    words: str
    score: float
    # Of an article, where it is read; of an answer, the conversation it stands in.
    place: str = ""
    language: str = ""
    # Of an answer: how often it was given, and when last.
    times: int = 0
    last_at: datetime | None = None
    # For the team alone: it is read, and not put into a reply.
    internal: bool = False


_shelves: dict[str, Any] = {}
_making = threading.Lock()


def forget() -> None:
    """What a process keeps: for tests, and when a model is changed."""
    _shelves.clear()


def _shelf(model_id: str, dimensions: int) -> Any:
    with _making:
        if model_id not in _shelves:
            _shelves[model_id] = _made(model_id, dimensions)
    found = _shelves[model_id]
    found.read()
    return found


def _made(model_id: str, dimensions: int) -> Any:
    from careline.intelligence.shelf import Shelf

    def counted(statement: Any) -> int:
        found = statement.one(model=model_id)
        return int(found.n) if found is not None else 0

    return Shelf[statements.Kept](
        dimensions,
        last=lambda: counted(statements.LAST_VECTOR),
        count=lambda: counted(statements.VECTORS_THERE),
        after=lambda last, limit: statements.VECTORS.all(after=last, model=model_id, limit=limit),
        key=lambda one: one.id,
        group=lambda one: (one.inbox_id, one.language),
    )


def articles(actor: Actor, words: str, language: str) -> dict[int, Candidate]:
    """By article; with the passage that is near where it is one of the text, else with what the article says first."""
    hits = search.suggested(actor, words, language, limit=ARTICLES)
    near = {one.id: one for one in hot.PASSAGES.all(ids=[hit.passage for hit in hits if hit.passage])}
    found = {}
    for hit in hits:
        passage = near.get(hit.passage or 0)
        by_words = BY_WORDS + COVERED * hit.covered
        found[hit.card.article_id] = Candidate(
            "article", hit.card.article_id, hit.card.title,
            passage.words if passage is not None and passage.is_text else hit.card.excerpt,
            max(hit.near or 0.0, by_words), hit.card.slug, hit.card.language, internal=hit.card.audience == "agents",
        )  # fmt: skip
    return found


def kept(inbox_id: int, language: str, vector: Any, encoder: Any) -> dict[int, Candidate]:
    """Replies that are kept, all of them that may be used here, also those that are merely near."""
    from careline.intelligence import shelf

    rows = [one for one in statements.SAVED.all(language=language, inbox=inbox_id) if one.model_id == encoder.model_id]
    numbers, scales = shelf.unpacked([one.vector for one in rows if one.vector])
    scores = (numbers.astype("float32") @ vector) * scales if rows else []
    return {
        one.id: Candidate("saved", one.id, one.name, one.body, float(score))
        for one, score in zip(rows, scores, strict=True)
    }


def answers(actor: Actor, conversation_id: int, language: str, vector: Any, encoder: Any) -> list[Answer]:
    """What was answered where something alike was asked, the nearest first."""
    if not actor.inbox_ids:
        return []
    groups = {(inbox, language) for inbox in actor.inbox_ids}
    near = _shelf(encoder.model_id, encoder.dimensions).nearest(vector, groups, NEIGHBORS)
    if not near:
        return []
    rows = statements.REPLIES.all(ids=list(near), inboxes=list(actor.inbox_ids), conversation=conversation_id)
    found = [Answer(near[one.id].score, one) for one in rows]
    return sorted(found, key=lambda one: (-one.score, -one.reply.id))


class Answer(msgspec.Struct, frozen=True):
    score: float
    reply: statements.Reply


def together(found: list[Answer]) -> dict[int, Candidate]:
    """Those who said the same count as one, and for more."""
    same: list[tuple[set[str], Candidate]] = []
    for one in found:
        reply, said = one.reply, set(_WORD.findall(text.fold(one.reply.reply)))
        known = next((other for words, other in same if _is_same(words, said)), None)
        if known is None:
            made = Candidate(
                "answer", reply.id, "", reply.reply, one.score, str(reply.conversation_id), times=1,
                last_at=reply.said_at,
            )  # fmt: skip
            same.append((said, made))
        else:
            known.score += AGREED * (known.times <= AGREED_MOST)
            known.times += 1
            known.last_at = max(known.last_at or reply.said_at, reply.said_at)
    return {one.item: one for _words, one in same}


def _is_same(one: set[str], other: set[str]) -> bool:
    return len(one & other) >= SAME * len(one | other)
