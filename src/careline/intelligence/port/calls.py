"""The log of calls, and how much may still be asked today."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Sequence
from datetime import timedelta

from django.conf import settings
from django.db.models import Sum

from careline.intelligence.models import Call
from careline.intelligence.port.outcomes import Passage, Verdict
from careline.kit import clock

# Of what leaves and what comes; about three letters a token in the languages that need most.
LETTERS = 3
ANSWER_TOKENS = 1200
PERIOD = timedelta(days=1)


class Asking:
    """One call in the log: entered before it is asked, so that a process that ends meanwhile is seen."""

    def __init__(self, purpose: str, prompt: str, *, passages: Sequence[Passage] = (), hidden: int = 0) -> None:
        self.aside = len(prompt) // LETTERS + ANSWER_TOKENS
        self._began = time.monotonic()
        self.row = Call.objects.create(
            purpose=purpose,
            model=settings.CARELINE_LLM["model"],
            prompt=hashlib.sha256(prompt.encode()).hexdigest(),
            passages=[{"key": one.key, "score": round(one.score, 4)} for one in passages],
            hidden=hidden,
            tokens=self.aside,
        )

    def close(
        self, verdict: Verdict, *, requests: int = 0, tokens: int = 0, citations: Sequence[str] = (), trouble: str = ""
    ) -> int:
        """What an endpoint says it took counts within reason: a wrong number may not use up the day.

        Where it says nothing, all that was set aside counts, except where it did nothing.
        """
        took = round((time.monotonic() - self._began) * 1000)
        idle = verdict in {Verdict.DOWN, Verdict.REFUSED}
        counted = min(max(tokens, 0), self.aside * max(1, requests)) or (0 if idle else self.aside)
        Call.objects.filter(pk=self.row.pk).update(
            verdict=verdict, requests=requests, tokens=counted, citations=list(citations), took_ms=took, trouble=trouble
        )
        return int(self.row.pk)


def is_affordable(prompt: str) -> bool:
    """Whether the tokens of the last 24 hours leave room for one more."""
    spent = Call.objects.filter(at__gte=clock.now() - PERIOD).aggregate(whole=Sum("tokens"))["whole"] or 0
    return bool(spent + len(prompt) // LETTERS + ANSWER_TOKENS <= settings.CARELINE_LLM_DAILY_TOKENS)
