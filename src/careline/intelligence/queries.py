"""What the tools of meaning do here: how each language is read, and what became of questions to a language model."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

import msgspec
from django.conf import settings
from django.db.models import Count, Sum

from careline.accounts.actor import Actor
from careline.intelligence import embedding, port
from careline.intelligence.embedding import multilingual
from careline.intelligence.models import Call
from careline.kit import clock

DAYS = 30
_DAY = timedelta(days=1)


class Reading(msgspec.Struct, frozen=True):
    """`by` is packaged, extra or letters: by letters nothing is found that is said in other words."""

    language: str
    by: str


class Endpoint(msgspec.Struct, frozen=True):
    """`tokens` of the last 24 hours, of at most `budget`; verdicts of the last 30 days, the most frequent first."""

    url: str
    model: str
    is_installed: bool
    tokens: int
    budget: int
    verdicts: tuple[tuple[str, int], ...]


def readings(languages: Sequence[str]) -> list[Reading]:
    by = {embedding.MODEL_ID: "packaged", multilingual.MODEL_ID: "extra"}
    return [Reading(one, by.get(embedding.encoder_of(one).model_id, "letters")) for one in languages]


def endpoint(actor: Actor) -> Endpoint | None:
    """None where none is configured."""
    actor.must("organization.manage")
    named = settings.CARELINE_LLM
    if not named:
        return None
    now = clock.now()
    spent = Call.objects.filter(at__gte=now - _DAY).aggregate(whole=Sum("tokens"))["whole"] or 0
    late = Call.objects.filter(at__gte=now - DAYS * _DAY).exclude(verdict="")
    verdicts = late.values_list("verdict").annotate(times=Count("pk")).order_by("-times", "verdict")
    return Endpoint(
        named["url"], named["model"], port.is_configured(), spent, settings.CARELINE_LLM_DAILY_TOKENS, tuple(verdicts)
    )


def calls(actor: Actor, *, before: int | None = None, limit: int = 50) -> list[Call]:
    """The newest first; no word of what was said is kept."""
    actor.must("organization.manage")
    rows = Call.objects.all() if before is None else Call.objects.filter(pk__lt=before)
    return list(rows.order_by("-pk")[: max(1, min(limit, 201))])
