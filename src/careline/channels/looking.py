"""What the DNS says of an inbox, asked aside and kept for some minutes: nobody's page waits for name servers."""

from __future__ import annotations

import logging
import threading
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as Overdue
from datetime import datetime, timedelta
from functools import cache
from typing import Any

import msgspec
from django.utils import translation

from careline.channels import adapter
from careline.channels.adapter import Endpoint, Finding
from careline.kit import clock

KEPT = timedelta(minutes=5)
PATIENCE = 2.0
_MOST = 200
_log = logging.getLogger(__name__)
_lock = threading.Lock()


class Looked(msgspec.Struct, frozen=True):
    """Without findings nobody has answered yet."""

    findings: list[Finding] | None
    at: datetime


_asked: dict[tuple[Any, ...], tuple[Future[list[Finding]], datetime]] = {}


def findings(kind: str, inbox: Endpoint, *, anew: bool = False) -> Looked:
    """For whoever may manage the inbox; asks aside, and waits a moment for the answer."""
    language = translation.get_language() or "en"
    settings = inbox.settings
    key = (kind, language, *(str(settings.get(name, "")) for name in ("address", "smtp_host", "dkim_selector")))
    now = clock.now()
    with _lock:
        known = _asked.get(key)
        if known is None or (known[0].done() and (anew or now - known[1] > KEPT)):
            if len(_asked) >= _MOST:
                _asked.clear()
            known = _asked[key] = _askers().submit(_found, kind, inbox, language), now
    try:
        return Looked(known[0].result(PATIENCE), known[1])
    except Overdue:
        return Looked(None, known[1])


def _found(kind: str, inbox: Endpoint, language: str) -> list[Finding]:
    with translation.override(language):
        return adapter.of(kind).findings(inbox)


@cache
def _askers() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(4, thread_name_prefix="looking")
