"""Tell a program of something, and who is told at all."""

from __future__ import annotations

import base64
import os
from typing import Any
from urllib.parse import urlsplit

from django.db import transaction
from django.utils.translation import gettext as _

from careline.accounts import audit
from careline.accounts.actor import Actor
from careline.hooks import jobs
from careline.hooks.models import Call, Endpoint
from careline.kit import clock, signing, text
from careline.kit.refusals import NotVisible, Refused


@transaction.atomic
def open_endpoint(name: str, url: str, *, actor: Actor) -> tuple[Endpoint, str]:
    """A new one, and its secret, which is told this once."""
    actor.must("rules.manage")
    parts = urlsplit(text.clean(url.strip(), field="url", limit=2000, required=True))
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.username or parts.password:
        raise Refused(_("Write an address such as https://example.com/careline."), field="url")
    secret = f"whsec_{base64.b64encode(os.urandom(32)).decode()}"
    made = Endpoint.objects.create(
        name=text.clean(name, field="name", limit=100, required=True), url=url.strip(),
        secret=signing.seal(secret.encode(), b"hooks"),
    )  # fmt: skip
    audit.record("webhook.opened", f"webhook:{made.pk}", actor=actor)
    return made, secret


@transaction.atomic
def close_endpoint(endpoint_id: int, *, actor: Actor) -> None:
    """What is still to be told there is told to nobody."""
    actor.must("rules.manage")
    gone, _rows = Endpoint.objects.filter(pk=endpoint_id).delete()
    if not gone:
        raise NotVisible(_("There is no such webhook."))
    audit.record("webhook.closed", f"webhook:{endpoint_id}", actor=actor)


def send(endpoint_id: int, kind: str, *, key: str, **facts: Any) -> None:
    """In the caller's transaction; the same `key` is told once. Refused where nobody listens."""
    endpoint = Endpoint.objects.filter(pk=endpoint_id, is_on=True).first()
    if endpoint is None:
        raise Refused(_("There is no such webhook."))
    body = {"type": kind, "timestamp": clock.now().isoformat(), "data": facts}
    _call, made = Call.objects.get_or_create(key=key, defaults={"endpoint": endpoint, "body": body})
    if made:
        jobs.deliver.soon()
