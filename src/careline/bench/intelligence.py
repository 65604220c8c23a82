"""`bench intelligence`: reading, finding and learning on one machine, and how right it is on published sets.

Speed is measured on 10,000 made-up phrasings of a hundred intents and on random vectors, since neither cares what the
words say. How right it is needs the published sets, in the folder CARELINE_TEST_DATA names; without it only speed is
measured. Beside it, in the same run: TF-IDF with a linear SVM for intents, BM25 for finding, the lexicon for feelings.
"""

from __future__ import annotations

import os
import random
import statistics
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

PHRASINGS, INTENTS, ASKED = 10_000, 100, 300
# Articles and answers that suggestions are found among.
SUGGESTED = 100_000
_VERBS = ("return", "track", "cancel", "change", "pay for", "repair", "insure", "exchange", "collect", "complain about")
_THINGS = ("order", "invoice", "card", "address", "lamp", "contract", "ticket", "password", "parcel", "voucher")
_FRAMES = (
    "I want to {} my {} number {}", "how do I {} the {} {} please", "can you help me {} a {} of {}", "{} {} {}",
    "why can I not {} that {} I bought on day {}", "hello, is it possible to {} my {} within {} days?",
)  # fmt: skip


def measure(scale: int, told: Callable[[str], None]) -> dict[str, Any]:
    before = _resident_mb()
    metrics = _reading(told)
    metrics |= _finding(scale, told)
    metrics |= _learning(told)
    metrics["models_mb"] = metrics.pop("loaded_mb") - before
    baseline: dict[str, float] = {}
    from careline.bench import suggesting

    suggested, beside = suggesting.measure(min(scale, SUGGESTED), told, phrasings)
    metrics, baseline = metrics | suggested, baseline | beside
    if folder := os.environ.get("CARELINE_TEST_DATA"):
        for name, values in _rightness(Path(folder), told).items():
            (baseline if name.endswith(("_counted_words", "_bm25", "_lexicon")) else metrics)[name] = values
    return {"metrics": metrics, "baseline": baseline, "ratios": {}}


def _reading(told: Callable[[str], None]) -> dict[str, float]:
    """A text at a time, after the first has loaded the model; with all models loaded, what they hold."""
    from careline.intelligence import embedding, language, sentiment

    texts = [text for _intent, text in phrasings(random.Random(3), ASKED)]
    began = time.perf_counter()
    embedding.embed("The first loads it.")
    load = time.perf_counter() - began
    took = _times(embedding.embed, texts)
    language.of("Where is my parcel?", {"en", "id"})
    sentiment.of("I am very unhappy with this lamp, it is terrible.")
    told(f"read in {statistics.median(took) * 1000:.2f} ms")
    return {
        "embed_p50_ms": statistics.median(took) * 1000,
        "embed_p95_ms": float(np.quantile(took, 0.95)) * 1000,
        "load_s": load,
        "loaded_mb": _resident_mb(),
    }


def _finding(scale: int, told: Callable[[str], None]) -> dict[str, float]:
    """A message read and the five nearest of so many vectors found: what a suggestion waits for beside its database."""
    from careline.intelligence import embedding

    chance = np.random.default_rng(3)
    stored = chance.standard_normal((scale, embedding.DIMENSIONS), dtype=np.float32)
    stored /= np.linalg.norm(stored, axis=1, keepdims=True)

    def nearest(text: str) -> list[int]:
        likeness = stored @ embedding.embed(text)
        best = np.argpartition(-likeness, 5)[:5]
        return [int(n) for n in best[np.argsort(-likeness[best])]]

    took = _times(nearest, [text for _intent, text in phrasings(random.Random(4), ASKED)])
    told(f"found among {scale:,} in {np.quantile(took, 0.95) * 1000:.1f} ms (p95)")
    return {"nearest_p95_ms": float(np.quantile(took, 0.95)) * 1000}


def _learning(told: Callable[[str], None]) -> dict[str, float]:
    from careline.intelligence import embedding, intents

    said = list(phrasings(random.Random(5), PHRASINGS))
    began = time.perf_counter()
    vectors = embedding.encoder_of("en").embed_all([text for _intent, text in said])
    read = time.perf_counter() - began
    began = time.perf_counter()
    head = intents.fit(said, vectors=vectors, folds=0)
    fitted = time.perf_counter() - began
    began = time.perf_counter()
    intents.fit(said, vectors=vectors)
    published = time.perf_counter() - began
    judged = _times(head.judge_vector, list(vectors[:ASKED]))
    told(f"{PHRASINGS:,} phrasings read in {read:.1f} s, fitted in {fitted:.1f} s, published in {published:.1f} s")
    return {
        "read_s": read,
        "fit_s": fitted,
        "publish_s": published,
        "judge_p50_ms": statistics.median(judged) * 1000,
        "head_kb": len(head.to_bytes()) / 1024,
    }


def _rightness(folder: Path, told: Callable[[str], None]) -> dict[str, float]:
    from careline.intelligence import evaluating

    found: dict[str, float] = {}
    for name, kinds in evaluating.KNOWN.items():
        for what in kinds:
            told(f"{what} on {name}")
            values = evaluating.of_set(what, name, folder)
            found |= {_named(name, what, key): value * 100 for key, value in values.items()}
    return found


def _named(name: str, what: str, key: str) -> str:
    """What rivals did ends in their name."""
    for rival in ("bm25", "lexicon", "counted_words"):
        if key.startswith(rival):
            rest = key.removeprefix(rival).strip("_")
            return "_".join(filter(None, [name, what, rest, rival]))
    return f"{name}_{what}_{key}"


def phrasings(chance: random.Random, count: int) -> list[tuple[str, str]]:
    """Made up: of a hundred intents, each a verb with a thing."""
    made = []
    for n in range(count):
        verb, thing = _VERBS[n % INTENTS // 10], _THINGS[n % 10]
        made.append((f"{verb} {thing}", chance.choice(_FRAMES).format(verb, thing, chance.randrange(10_000))))
    return made


def _times(verb: Callable[[Any], Any], given: list[Any]) -> list[float]:
    took = []
    for each in given:
        began = time.perf_counter()
        verb(each)
        took.append(time.perf_counter() - began)
    return took


def _resident_mb() -> float:
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20
