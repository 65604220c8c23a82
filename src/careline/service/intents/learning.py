"""Learns from the house's phrasings in the background, and reads what was learned.

Phrasings count from when they are kept where a language is judged by words, and from the next fit where its meanings
are understood: `fit_due` runs each minute and does nothing where nothing has changed.
"""

from __future__ import annotations

from collections.abc import Collection
from time import monotonic

import msgspec
from django.db import transaction
from django.db.models import Count, Max, Sum

from careline.intelligence import embedding, intents, language
from careline.kit import clock
from careline.service.intents.judging import Judgement
from careline.service.intents.models import Head, Phrasing

# Fewer cannot be told apart.
LEAST = 2


class Figures(msgspec.Struct, frozen=True):
    """By five-fold over the house's own phrasings; None where there are too few of them to be told.

    `right` is the share judged rightly if none were refused, `kept` the share not refused, `right_when_kept` of these
    the share judged rightly.
    """

    n: int
    threshold: float
    right: float | None = None
    kept: float | None = None
    right_when_kept: float | None = None


class Learnt:
    """A judge by meaning."""

    def __init__(self, head: intents.Head) -> None:
        self.head = head

    def judge(self, text: str) -> Judgement:
        found = self.head.judge(text)
        return Judgement(found.ranked, found.score, found.threshold)


def language_of(said: str, spoken: Collection[str]) -> str:
    """Of the house's languages the one it reads like; in doubt the first of them."""
    first = next(iter(spoken), "en")
    return language.of(said, spoken)[0] or first if len(spoken) > 1 else first


def understands(code: str) -> bool:
    return embedding.encoder_of(code).understands


def stamp(code: str) -> str:
    """Another one once a phrasing has come or gone."""
    found = Phrasing.objects.filter(language=code).aggregate(n=Count("pk"), last=Max("pk"), all=Sum("pk"))
    return f"{found['n']}:{found['last'] or 0}:{found['all'] or 0}"


def is_due(code: str, head: Head | None) -> bool:
    if head is not None and head.model_id != embedding.encoder_of(code).model_id:
        return True
    return stamp(code) != (head.stamp if head is not None else stamp(""))


def read(code: str) -> Learnt | None:
    """None where nothing was learned, or this version cannot read it."""
    head = Head.objects.filter(language=code).first()
    if head is None:
        return None
    try:
        return Learnt(intents.Head.from_bytes(bytes(head.content)))
    except ValueError:
        return None


def fit_due() -> int:
    """Each language whose phrasings have changed; how many were fitted."""
    heads = {one.language: one for one in Head.objects.defer("content")}
    spoken = set(Phrasing.objects.values_list("language", flat=True).distinct()) | set(heads)
    return sum(fit(one) for one in sorted(spoken) if understands(one) and is_due(one, heads.get(one)))


def fit(code: str) -> bool:
    """Learn anew; with fewer than two intents what was learned is forgotten."""
    stamped = stamp(code)
    said = list(
        Phrasing.objects.filter(language=code).order_by("intent__code", "pk").values_list("intent__code", "text")
    )
    if len({intent for intent, _text in said}) < LEAST:
        return bool(Head.objects.filter(language=code).delete()[0])
    began = monotonic()
    head, held_out = intents.fit_measured(said, language=code)
    figures = Figures(len(said), head.threshold)
    if held_out is not None:
        kept = held_out.scores >= head.threshold
        figures = Figures(
            len(said), head.threshold, round(float(held_out.right.mean()), 4), round(float(kept.mean()), 4),
            round(float(held_out.right[kept].mean()), 4) if kept.any() else None,
        )  # fmt: skip
    with transaction.atomic():
        Head.objects.update_or_create(
            language=code,
            defaults={
                "model_id": head.model_id, "content": head.to_bytes(), "stamp": stamped, "n": len(said),
                "figures": msgspec.to_builtins(figures), "took": round(monotonic() - began, 2),
                "fitted_at": clock.now(),
            },
        )  # fmt: skip
    return True
