"""What is suggested for a message, with its database: among so many passages of articles and answers of colleagues.

Half of them are passages, five an article; half are answers. Speed is that of the verb the desk calls, on made-up texts
whose vectors are random, since it does not care what they say. How right it is needs the published sets: sentences of
Banking77 that are learned from stand in for what was asked, their intents for what was answered, and the kept-aside
ones ask. Beside it BM25 in memory over the same answers: its time among all, its right ones among those of the set.
"""

from __future__ import annotations

import os
import random
import statistics
import time
import uuid
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from careline.kit import clock

# Makes up so many texts, each with its intent.
Made = Callable[[random.Random, int], Sequence[tuple[str, str]]]
# So many ask.
ASKED = 200
PASSAGES = 5
# Bodies of articles, in made-up sentences.
SENTENCES = 12


def measure(scale: int, told: Callable[[str], None], made: Made) -> tuple[dict[str, float], dict[str, float]]:
    """Metrics and baseline, in a database of its own that is dropped afterwards; `made` makes up texts."""
    from careline.bench import house as houses

    url = os.environ["DATABASE_URL"]
    dsn = houses.database_of_its_own(url)
    try:
        houses.moved_to(dsn)
        return _measured(scale, told, made)
    finally:
        houses.moved_to(url)
        houses.drop(url, dsn)


def _measured(scale: int, told: Callable[[str], None], made: Made) -> tuple[dict[str, float], dict[str, float]]:
    actor, inbox = _founded()
    metrics: dict[str, float] = {}
    baseline: dict[str, float] = {}
    if folder := os.environ.get("CARELINE_TEST_DATA"):
        metrics, baseline = _rightness(Path(folder), actor, inbox, told)
    told(f"{scale:,} passages and answers")
    asks = [text for _intent, text in made(random.Random(6), ASKED)]
    known = _filled(scale, inbox, made)
    took = _times(actor, inbox, asks)
    metrics |= {
        "suggestion_p50_ms": statistics.median(took) * 1000,
        "suggestion_p95_ms": float(np.quantile(took, 0.95)) * 1000,
    }
    baseline |= _bm25_times(known, asks)
    told(f"suggested among {scale:,} in {metrics['suggestion_p95_ms']:.1f} ms (p95)")
    return metrics, baseline


def _founded() -> tuple[Any, int]:
    from django.core.management import call_command

    from careline.accounts import actions, sessions
    from careline.channels import access
    from careline.channels import actions as channels

    call_command("migrate", verbosity=0)
    owner = actions.set_up(
        organization_name="Bench", name="Owner", email="owner@example.com", password="a password of the bench"
    )
    key = sessions.open_session(owner)
    actor = access.actor_of_session(key)
    assert actor is not None
    inbox = channels.create_inbox(actor=actor, kind="api", name="Bench").pk
    actor = access.actor_of_session(key)
    assert actor is not None
    return actor, inbox


def _rightness(
    folder: Path, actor: Any, inbox: int, told: Callable[[str], None]
) -> tuple[dict[str, float], dict[str, float]]:
    """In percent: an answer of the right intent is first, or among the three that are shown."""
    from careline.intelligence import embedding
    from careline.intelligence.evaluating import rivals, sets
    from careline.service.assist.suggesting import suggest

    train, test = sets.aside(sets.known("banking77", folder))
    told(f"learning {len(train):,} answers")
    vectors = embedding.encoder_of("en").embed_all([text for text, _intent in train])
    _answered(inbox, [(text, f"What we say to {intent}.") for text, intent in train], vectors)
    asks = random.Random(7).sample(test, ASKED)
    bm25 = rivals.Bm25([text for text, _intent in train])
    right = {"suggested": [0, 0], "bm25": [0, 0]}
    for text, intent in asks:
        found = {
            "suggested": [one.words for one in suggest(actor, _asking(inbox, text)).items],
            "bm25": _distinct([train[n][1] for n in np.argsort(-bm25.scores(text))[:50]]),
        }
        for name, words in found.items():
            wanted = f"What we say to {intent}."
            said = words if name == "suggested" else [f"What we say to {one}." for one in words]
            right[name][0] += said[:1] == [wanted]
            right[name][1] += wanted in said[:3]
    share = {name: [100 * n / len(asks) for n in found] for name, found in right.items()}
    _emptied()
    return (
        {"suggestion_r_at_1": share["suggested"][0], "suggestion_r_at_3": share["suggested"][1]},
        {"suggestion_r_at_1_bm25": share["bm25"][0], "suggestion_r_at_3_bm25": share["bm25"][1]},
    )


def _distinct(names: Sequence[str]) -> list[str]:
    return list(dict.fromkeys(names))


def _asking(inbox: int, text: str) -> int:
    """A conversation that waits for its answer."""
    from careline.accounts.actor import Actor
    from careline.service.conversations import actions
    from careline.service.conversations.hot import words

    somebody = Actor(kind="system", id=None, name="", inbox_ids=(inbox,))
    who = words.who(external_id=f"asks-{time.monotonic_ns()}")
    return actions.open_with(actor=somebody, inbox_id=inbox, person=who, body=text).conversation_id


def _times(actor: Any, inbox: int, texts: Sequence[str]) -> list[float]:
    from careline.service.assist.suggesting import suggest

    numbers = [_asking(inbox, text) for text in texts]
    suggest(actor, numbers[0])  # what is kept in memory is read once
    took = []
    for number in numbers:
        began = time.perf_counter()
        suggest(actor, number)
        took.append(time.perf_counter() - began)
    return took


def _bm25_times(texts: Sequence[str], asks: Sequence[str]) -> dict[str, float]:
    from careline.intelligence.evaluating import rivals

    bm25 = rivals.Bm25(texts)
    took = []
    for text in asks:
        began = time.perf_counter()
        scores = bm25.scores(text)
        np.argpartition(-scores, 3)[:3]
        took.append(time.perf_counter() - began)
    return {"suggestion_p95_ms_bm25": float(np.quantile(took, 0.95)) * 1000}


def _filled(scale: int, inbox: int, made: Made) -> list[str]:
    """Half answers, half passages; all texts that are found by."""
    half = scale // 2
    asked = [text for _intent, text in made(random.Random(8), half)]
    _answered(inbox, [(text, f"{text}: answer {n}.") for n, text in enumerate(asked)], _random(half))
    return asked + _articles(scale - half, [text for _intent, text in made(random.Random(9), 20_000)])


def _answered(inbox: int, pairs: Sequence[tuple[str, str]], vectors: Any) -> None:
    from careline.intelligence import embedding, shelf

    _copied(
        "assist_answered (message_id, conversation_id, inbox_id, person_id, language, asked, reply, vector, model_id,"
        " said_at)",
        (
            (uuid.uuid4(), 0, inbox, 0, "en", asked, reply, shelf.packed(vector), embedding.MODEL_ID, clock.now())
            for (asked, reply), vector in zip(pairs, vectors, strict=True)
        ),
    )


def _articles(passages: int, sentences: Sequence[str]) -> list[str]:
    """Their passages, PASSAGES each."""
    from careline.intelligence import embedding, shelf

    count, chance = max(1, passages // PASSAGES), random.Random(9)
    said = [(n, words) for n in range(1, count + 1) for words in chance.sample(sentences, PASSAGES)]
    now = clock.now()
    _copied("knowledge_article (id, audience, created_at)", ((n, "public", now) for n in range(1, count + 1)))
    _copied(
        "knowledge_translation (id, article_id, language, slug, title, body, changed_at)",
        (
            (
                n,
                n,
                "en",
                f"article-{n}",
                sentences[n % len(sentences)],
                ". ".join(chance.sample(sentences, SENTENCES)),
                now,
            )
            for n in range(1, count + 1)
        ),
    )
    _run(
        """INSERT INTO knowledge_edition (id, translation_id, version, title, excerpt, html, headings, minutes, search,
          published_at, first_published_at)
        SELECT id, id, 1, title, left(body, 160), '', '[]', 1, setweight(to_tsvector('english', title), 'A')
          || setweight(to_tsvector('english', body), 'D'), now(), now() FROM knowledge_translation"""
    )
    _copied(
        "knowledge_passage (edition_id, words, vector, model_id)",
        (
            (n, words, shelf.packed(vector), embedding.MODEL_ID)
            for (n, words), vector in zip(said, _random(len(said)), strict=True)
        ),
    )
    _run("ANALYZE")
    return [words for _n, words in said]


def _copied(into: str, rows: Iterable[tuple[Any, ...]]) -> None:
    from django.db import connection

    with connection.cursor() as cursor, cursor.copy(f"COPY {into} FROM STDIN") as copy:
        for row in rows:
            copy.write_row(row)


def _run(statement: str) -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(statement)


def _emptied() -> None:
    """Of what the right ones were told by, memory too."""
    from careline.service.assist.suggesting import finding

    _run("DELETE FROM assist_answered")
    finding.forget()


def _random(count: int) -> Any:
    vectors = np.random.default_rng(3).standard_normal((count, 384), dtype=np.float32)
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
