"""Telling: what waits is posted, with patience, to whoever listens."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

import msgspec
from django.db import transaction

from careline.hooks.models import Call, Endpoint
from careline.kit import clock, http, sentences, signing
from careline.kit.sentences import lasting

# 10 s, 20 s, 40 s … for about a day; meanwhile whoever was killed in the middle is no longer waited for.
TRIES, FIRST = 14, timedelta(seconds=10)
TAKEN = timedelta(minutes=5)
KEPT = timedelta(days=30)


def deliver_due(*, at: datetime | None = None, limit: int = 100) -> int:
    """Tell what is to be told by now; how much got through. Safe beside other workers, and after a kill."""
    told = 0
    for _turn in range(limit):
        now = at or clock.now()
        with transaction.atomic():
            call = (
                Call.objects.select_for_update(skip_locked=True, of=("self",)).select_related("endpoint")
                .filter(state=Call.State.QUEUED, next_at__lte=now).order_by("next_at", "pk").first()
            )  # fmt: skip
            if call is None:
                return told
            call.attempts += 1
            call.next_at = now + TAKEN
            call.save(update_fields=["attempts", "next_at"])
        told += _deliver(call, now)
    return told


def clear(*, at: datetime | None = None) -> None:
    """What was told long ago, and what never could be."""
    Call.objects.exclude(state=Call.State.QUEUED).filter(at__lt=(at or clock.now()) - KEPT).delete()


def _deliver(call: Call, now: datetime) -> bool:
    status, trouble = _post(call.endpoint, f"msg_{call.pk}", call.body)
    well = status is not None and 200 <= status < 300
    over = well or status == 410 or call.attempts >= TRIES
    Call.objects.filter(pk=call.pk).update(
        state=Call.State.SENT if well else Call.State.FAILED if over else Call.State.QUEUED, status=status,
        trouble=trouble, next_at=now + FIRST * 2 ** (call.attempts - 1),
    )  # fmt: skip
    return well


def _post(endpoint: Endpoint, id: str, facts: Mapping[str, Any]) -> tuple[int | None, str]:
    """What was answered, and what was wrong as a kept sentence."""
    body, stamp = msgspec.json.encode(facts), int(clock.now().timestamp())
    secret = signing.unseal(bytes(endpoint.secret), b"hooks").decode()
    headers = {
        "Content-Type": "application/json", "webhook-id": id, "webhook-timestamp": str(stamp),
        "webhook-signature": signing.standard_webhooks_sign(secret, id, stamp, body),
    }  # fmt: skip
    try:
        with http.client() as client, client.stream("POST", endpoint.url, content=body, headers=headers) as answer:
            status = answer.status_code
    except http.FAILED as error:
        return None, sentences.kept(error)[:300] or type(error).__name__
    if 200 <= status < 300:
        return status, ""
    return status, sentences.kept(lasting("The other side answered %(status)s.") % {"status": status})
