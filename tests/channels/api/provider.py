"""How an integrator speaks to the API channel: JSON, one message a request, signed as Standard Webhooks."""

from __future__ import annotations

import itertools

from careline.channels.adapter import Endpoint
from careline.kit import clock, signing

_numbers = itertools.count(1)


def headers(inbox: Endpoint, raw: bytes) -> dict[str, str]:
    webhook_id, now = f"in_{next(_numbers)}", int(clock.now().timestamp())
    return {
        "Content-Type": "application/json",
        "Webhook-Id": webhook_id,
        "Webhook-Timestamp": str(now),
        "Webhook-Signature": signing.standard_webhooks_sign(inbox.secret, webhook_id, now, raw),
    }
