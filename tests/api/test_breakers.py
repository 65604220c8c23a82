"""Automatic answers that were stopped, by the API."""

from __future__ import annotations

from careline.contact.models import Breaker
from careline.kit import clock


def test_a_tripped_breaker_is_seen_by_who_works_there_and_put_back_by_who_manages_it(program, bo, boss, dee, inbox):
    at = f"inboxes/{inbox.pk}/breaker"
    assert program(bo).get(at).json == {"inbox_id": str(inbox.pk), "tripped_at": None}
    assert program(boss).delete(at).told[0] == 404
    Breaker.objects.create(place=f"inbox:{inbox.pk}", tripped_at=clock.now(), said_at=[clock.now()])
    assert program(bo).get(at).json["tripped_at"]
    assert program(bo).delete(at).told[0] == 403
    assert program(dee).get(at).told[0] == 404
    assert program(boss).delete(at).json == {"inbox_id": str(inbox.pk), "tripped_at": None}
    assert program(boss).delete(at).told[0] == 409
