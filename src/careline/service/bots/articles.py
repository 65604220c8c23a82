"""An answer out of the house's own articles, or none: what is merely near is refused.

How near is near enough is the knowledge's own: nine of ten of its phrasings find their article at that nearness or
nearer when the phrasing itself is left out.
"""

from __future__ import annotations

import re
import threading
from urllib.parse import quote

import msgspec
import numpy as np
from django.db.models import Count, Max

from careline.accounts.actor import Actor
from careline.intelligence import embedding
from careline.service.conversations.hot.shapes import Source
from careline.service.knowledge import counting, search
from careline.service.knowledge.models import Edition, Passage, Translation
from careline.service.knowledge.readers import STRANGER
from careline.service.knowledge.search import Hit

PLACE = "bot"
# Where too few phrasings say what is near, and the bounds of what they may say.
START, LEAST, MOST, ENOUGH, LOSS = 0.5, 0.4, 0.7, 10, 0.1
# By words alone: so much of what was asked is held by the article.
COVERED = 0.6
ARTICLES, LOOKED_AT, PASSAGES = 2, 6, 2_000
_LONGEST = 600
_END = re.compile(r"(?<=[.!?。！？؟])\s+")
_thresholds: dict[str, tuple[tuple[int, int], float]] = {}
_keeping = threading.Lock()


class Found(msgspec.Struct, frozen=True):
    """The passage that answers best, with the articles it and its neighbors stand in."""

    extract: str
    sources: list[Source]
    # (key, text, score), for a language model to word an answer from; the key is the address of its article.
    passages: list[tuple[str, str, float]]

    @property
    def nearness(self) -> float:
        """Of the best passage; found by words alone, the share of what was asked that it holds."""
        return max(score for _key, _text, score in self.passages)


def answer(actor: Actor | None, text: str, language: str) -> Found | None:
    """For whoever may read so much; None where nothing answers it."""
    asked = text[: search.LONGEST]
    found = search.search(actor or STRANGER, asked, language, limit=LOOKED_AT)
    bound = threshold(language) if found.by == "meaning" else 1.0
    good = [one for one in found.hits if _answers(one, bound)][:ARTICLES]
    if not good:
        return None
    counting.count(asked, language, PLACE, len(good))
    passages = [(address(one), passage, one.near or one.covered) for one in good for passage in _best(one, asked)]
    if not passages:
        return None
    best = good[0]
    return Found(_cut(passages[0][1]), [Source(best.card.title, address(best))], passages)


def missed(text: str, language: str) -> None:
    """A gap: what was asked and not answered."""
    counting.count(text[: search.LONGEST], language, PLACE, 0, refused=True)


def address(hit: Hit) -> str:
    return f"/help/{hit.card.language}/articles/{quote(hit.card.slug)}"


def _answers(hit: Hit, bound: float) -> bool:
    return hit.near >= bound if hit.near is not None else hit.covered >= COVERED


def _best(hit: Hit, asked: str) -> list[str]:
    """Its passages, the nearest first; not its title and phrasings, which say what is asked and not the answer."""
    edition = Edition.objects.select_related("translation").get(pk=hit.card.id)
    idle = {edition.title, *edition.translation.phrasings}
    words = [one for one in edition.passages.order_by("pk").values_list("words", flat=True) if one not in idle]
    words = words or ([hit.card.excerpt] if hit.card.excerpt else [])
    encoder = embedding.encoder_of(hit.card.language)
    vector = encoder.embed(asked)
    return sorted(words[:200], key=lambda one: -float(encoder.embed(one) @ vector))[:2]


def _cut(passage: str) -> str:
    """Whole sentences, as many as can be read at a glance."""
    if len(passage) <= _LONGEST:
        return passage
    kept = ""
    for sentence in _END.split(passage):
        if kept and len(kept) + len(sentence) >= _LONGEST:
            break
        kept = f"{kept} {sentence}".strip()
    return kept if len(kept) <= _LONGEST else kept[: _LONGEST - 1].rsplit(" ", 1)[0] + "…"


def threshold(language: str) -> float:
    """Found once for what is published in a language, and again when that has changed."""
    there = Passage.objects.filter(edition__translation__language=language).exclude(vector=None)
    counted = there.aggregate(n=Count("pk"), last=Max("pk"))
    stamp = (counted["n"], counted["last"] or 0)
    with _keeping:
        kept = _thresholds.get(language)
    if kept is None or kept[0] != stamp:
        kept = (stamp, _calibrated(language))
        with _keeping:
            _thresholds[language] = kept
    return kept[1]


def _calibrated(language: str) -> float:
    rows = list(
        Passage.objects.filter(edition__translation__language=language).exclude(vector=None)
        .order_by("-pk").values_list("edition_id", "words", "vector")[:PASSAGES]
    )  # fmt: skip
    said = {
        one
        for many in Translation.objects.filter(language=language).values_list("phrasings", flat=True)
        for one in many
    }
    if not rows:
        return START
    vectors = np.stack([np.frombuffer(bytes(one[2] or b"")[4:], dtype=np.int8).astype(np.float32) for one in rows])
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True) + 1e-9
    editions = np.array([one[0] for one in rows])
    near = []
    for number, (edition, words, _vector) in enumerate(rows):
        others = np.flatnonzero((editions == edition) & (np.arange(len(rows)) != number))
        if words in said and len(others):
            near.append(float((vectors[others] @ vectors[number]).max()))
    if len(near) < ENOUGH:
        return START
    return min(MOST, max(LEAST, float(np.quantile(near, LOSS))))
