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
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

# So many ask.
ASKED = 200
PASSAGES = 5
# Bodies of articles, in made-up sentences.
SENTENCES = 12


def measure(scale: int, told: Callable[[str], None]) -> tuple[dict[str, float], dict[str, float]]:
    """Metrics and baseline, in a database of its own that is dropped afterwards."""
    from careline.bench import house as houses

    url = os.environ["DATABASE_URL"]
    dsn = houses.database_of_its_own(url)
    try:
        houses.moved_to(dsn)
        return _measured(scale, told)
    finally:
        houses.moved_to(url)
        houses.drop(url, dsn)


def _measured(scale: int, told: Callable[[str], None]) -> tuple[dict[str, float], dict[str, float]]:
    actor, inbox = _founded()
    metrics: dict[str, float] = {}
    baseline: dict[str, float] = {}
    if folder := os.environ.get("CARELINE_TEST_DATA"):
        metrics, baseline = _rightness(Path(folder), actor, inbox, told)
    told(f"{scale:,} passages and answers")
    asked = _filled(scale, inbox)
    took = _times(actor, inbox, [text for _intent, text in _made(6, ASKED)])
    metrics |= {
        "suggestion_p50_ms": statistics.median(took) * 1000,
        "suggestion_p95_ms": float(np.quantile(took, 0.95)) * 1000,
    }
    baseline |= _bm25_times(asked)
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


def _bm25_times(texts: Sequence[str]) -> dict[str, float]:
    from careline.intelligence.evaluating import rivals

    bm25 = rivals.Bm25(texts)
    took = []
    for _intent, text in _made(6, ASKED):
        began = time.perf_counter()
        scores = bm25.scores(text)
        np.argpartition(-scores, 3)[:3]
        took.append(time.perf_counter() - began)
    return {"suggestion_p95_ms_bm25": float(np.quantile(took, 0.95)) * 1000}


def _filled(scale: int, inbox: int) -> list[str]:
    """Half answers, half passages; all texts that are found by."""
    half = scale // 2
    made = [text for _intent, text in _made(8, half)]
    _answered(inbox, [(text, f"{text}: answer {n}.") for n, text in enumerate(made)], _random(half))
    return made + _articles(scale - half)


def _answered(inbox: int, pairs: Sequence[tuple[str, str]], vectors: Any) -> None:
    import uuid

    from careline.intelligence import embedding, shelf
    from careline.kit import clock
    from careline.service.assist.models import Answered

    now = clock.now()
    Answered.objects.bulk_create(
        [
            Answered(
                message_id=uuid.uuid4(), conversation_id=0, inbox_id=inbox, person_id=0, language="en", asked=asked,
                reply=reply, vector=shelf.packed(vector), model_id=embedding.MODEL_ID, said_at=now,
            )
            for (asked, reply), vector in zip(pairs, vectors, strict=True)
        ],
        batch_size=2000,
    )  # fmt: skip


def _articles(passages: int) -> list[str]:
    from django.db import connection

    from careline.intelligence import embedding, shelf
    from careline.kit import clock
    from careline.service.knowledge.models import Article, Edition, Passage, Translation

    count, now, chance = max(1, passages // PASSAGES), clock.now(), random.Random(9)
    sentences = [text for _intent, text in _made(9, 20_000)]
    articles = Article.objects.bulk_create([Article() for _n in range(count)], batch_size=2000)
    written = Translation.objects.bulk_create(
        [
            Translation(
                article=one, language="en", slug=f"article-{n}", title=sentences[n % len(sentences)],
                body=". ".join(chance.sample(sentences, SENTENCES)),
            )
            for n, one in enumerate(articles)
        ],
        batch_size=2000,
    )  # fmt: skip
    editions = Edition.objects.bulk_create(
        [
            Edition(
                translation=one, version=1, title=one.title, excerpt=one.body[:160], html="", search="",
                published_at=now, first_published_at=now,
            )
            for one in written
        ],
        batch_size=2000,
    )  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(
            """UPDATE knowledge_edition e SET search = setweight(to_tsvector('english', t.title), 'A')
              || setweight(to_tsvector('english', t.body), 'D')
            FROM knowledge_translation t WHERE t.id = e.translation_id"""
        )
    rows = [(edition, words) for edition in editions for words in chance.sample(sentences, PASSAGES)]
    Passage.objects.bulk_create(
        [
            Passage(edition=edition, words=words, vector=shelf.packed(vector), model_id=embedding.MODEL_ID)
            for (edition, words), vector in zip(rows, _random(len(rows)), strict=True)
        ],
        batch_size=2000,
    )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return [words for _edition, words in rows]


def _emptied() -> None:
    """Of what the right ones were told by, memory too."""
    from careline.service.assist.models import Answered
    from careline.service.assist.suggesting import finding

    Answered.objects.all().delete()
    finding.forget()


def _random(count: int) -> Any:
    vectors = np.random.default_rng(3).standard_normal((count, 384), dtype=np.float32)
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


def _made(seed: int, count: int) -> list[tuple[str, str]]:
    from careline.bench import intelligence

    return intelligence.phrasings(random.Random(seed), count)
