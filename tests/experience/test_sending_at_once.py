"""Two processes send what is due at the same time: each is sent once, and none is left."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connections

from careline.contact.models import Decision
from careline.experience.surveys.models import Invitation
from careline.experience.surveys.sending import due
from careline.kit import clock
from tests.experience.asked import CSAT
from tests.experience.sending import happened, hour, plan, post

__all__ = ["hour", "plan", "post"]
pytestmark = pytest.mark.django_db(transaction=True)


def test_two_who_send_at_once_send_each_once(publish, plan, post, ada, hour, monkeypatch):
    plan(publish(CSAT), moment="order.placed", delay_minutes=0)
    for number in range(12):
        happened("order.placed", ada.pk, clock.now(), order=str(number), total_minor=1, currency="EUR")
    monkeypatch.setattr(due, "BATCH", 2)
    both = Barrier(2)

    def sending() -> int:
        both.wait(60)
        try:
            return due.send_due()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as threads:
        assert sum(done.result(120) for done in [threads.submit(sending) for _n in range(2)]) == 12
    assert set(Invitation.objects.values_list("state", flat=True)) == {"sent"}
    assert (len(post.left), len(set(post.left)), Decision.objects.count()) == (12, 12, 12)
