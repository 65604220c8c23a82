"""What might be answered to a customer's last words: from articles, from what colleagues answered, from kept replies.

Suggested, and never sent: an agent puts it into the reply, reads it and sends it.
"""

from __future__ import annotations

from datetime import datetime

import msgspec
from django.conf import settings
from msgspec import structs

from careline.accounts.actor import Actor
from careline.customers import queries as customers
from careline.kit import text
from careline.service.assist.models import Sample
from careline.service.assist.suggesting import finding, ranking, speech, statements, wording
from careline.service.assist.suggesting.finding import Source
from careline.service.conversations import queries
from careline.service.conversations.hot.shapes import ThreadRow

__all__ = ["Suggested", "Suggestion", "saved", "suggest"]

# Lines that are looked back at, and of them the words.
LINES, LONGEST = 12, 600
CLAIM = 90


class Suggestion(msgspec.Struct, frozen=True):
    """`words` go into the reply, names filled in; empty where it is for the team alone. `claim` says what it is."""

    source: Source
    item: int
    claim: str
    words: str
    # An address in the house: the article, or the conversation it was answered in.
    url: str
    score: float
    times: int = 0
    last_at: datetime | None = None
    internal: bool = False
    # It would have gone by itself, and was held so that somebody looks.
    held: bool = False


class Suggested(msgspec.Struct, frozen=True):
    """For the words up to `seq`; `understood` is whether meanings were compared, or letters alone."""

    seq: int
    items: list[Suggestion]
    understood: bool = True
    language: str = ""


def suggest(actor: Actor, conversation_id: int) -> Suggested:
    """At most three, the best first; none where there is nothing to answer."""
    found = queries.one(actor, conversation_id)
    actor.must("conversations.reply")
    lines = queries.thread(actor, conversation_id, limit=LINES)
    words = asked(lines)
    if not words or found.state in ("spam", "trash"):
        return Suggested(found.last_seq, [])
    person = customers.beside(actor, found.person_id)
    language = speech.of(words, person.language)
    items, understood = _ranked(actor, found.id, found.inbox_id, words, language)
    speaks = actor.name if actor.kind == "bot" else None
    shown = [_shown(one, {"customer": person.name, "agent": actor.name, "asked": words}, speaks) for one in items]
    held = set(Sample.objects.filter(conversation=found.id, message_id=None).values_list("source", "item"))
    shown = [structs.replace(one, held=True) if (one.source, one.item) in held else one for one in shown]
    return Suggested(found.last_seq, shown, understood, language)


def asked(lines: list[ThreadRow]) -> str:
    """What the customer said since a person replied, cut at its end; the newest line comes first in `lines`. What a bot
    said answers nothing for whoever takes over from it."""
    said: list[str] = []
    for line in lines:
        if line.kind == "reply" and line.author_kind != "bot":
            break
        if line.kind == "incoming":
            said.append(line.body.strip())
    return "\n".join(reversed(said[:3])).strip()[:LONGEST]


def _ranked(
    actor: Actor, conversation_id: int, inbox_id: int, words: str, language: str
) -> tuple[list[finding.Candidate], bool]:
    from careline.intelligence import embedding

    encoder = embedding.encoder_of(language)
    vector = encoder.embed(wording.meant(words))
    candidates: dict[tuple[str, int], finding.Candidate] = {}
    for found in (finding.articles(actor, words, language), finding.kept(inbox_id, language, vector, encoder)):
        candidates |= {(one.source, one.item): one for one in found.values()}
    answers = finding.answers(actor, conversation_id, language, vector, encoder)
    rest = ranking.credited(candidates, answers)
    every = [*candidates.values(), *finding.together(rest).values()]
    return ranking.ranked(every, conversation_id, understood=encoder.understands), encoder.understands


def saved(actor: Actor, conversation_id: int) -> list[Suggestion]:
    """Every saved reply that may be used here, for this customer: those in the language they write first, then by
    name."""
    found = queries.one(actor, conversation_id)
    actor.must("conversations.reply")
    person = customers.beside(actor, found.person_id)
    words = asked(queries.thread(actor, conversation_id, limit=LINES))
    language = speech.of(words, person.language)
    whom = {"customer": person.name, "agent": actor.name, "asked": words}
    rows = sorted(statements.KEPT.all(inbox=found.inbox_id), key=lambda one: one.language != language)
    return [
        _shown(finding.Candidate("saved", one.id, one.name, one.body, 0.0, language=one.language), whom) for one in rows
    ]


def _shown(one: finding.Candidate, whom: dict[str, str], speaks: str | None = None) -> Suggestion:
    # A machine speaks for the house, by its whole name.
    signed = one.words if speaks is None else one.words.replace(wording.AGENT, speaks)
    words = wording.filled(signed, **whom)
    url = f"/desk/{one.place}" if one.source == "answer" else ""
    if one.source == "article":
        url = f"/help/{one.language}/articles/{one.place}"
        words = "" if one.internal else f"{words}\n\n{one.claim}: {settings.CARELINE_BASE_URL}{url}"
    claim = text.excerpt(words, CLAIM) if one.source == "answer" else one.claim
    return Suggestion(
        one.source, one.item, claim, words, url, round(one.score, 4), one.times, one.last_at, one.internal
    )
