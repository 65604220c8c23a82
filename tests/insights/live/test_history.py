"""Yesterday's argument: a day as it was kept by the minute, and who waited or came at a time of it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import transaction

from careline.insights.live import history, minutes
from careline.insights.models import Minute
from careline.kit.refusals import NotAllowed, Refused
from careline.service.conversations import actions as talks
from careline.service.routing import placing

pytestmark = pytest.mark.django_db


@pytest.fixture
def at(nine):
    return lambda minute: nine + timedelta(minutes=minute)


def test_a_day_tells_what_was_and_who_it_was(queue, write, ready, bo, cy, dee, inbox, at, nine):
    made, other = queue(target_s=600), queue("Other")
    ready(bo, at=nine)
    first, second = write("ada", at=at(0)), write("ben", at=at(5))
    for minute in (6, 7):
        minutes.keep(at=at(minute))
    talks.assign(first, actor=bo, agent_id=bo.agent_id, at=at(8))
    with transaction.atomic():
        placing.place([first], at=at(8))
    minutes.keep(at=at(70))
    Minute.objects.create(at=at(5), queue_id=0, inbox_id=inbox.pk, arrived=2)
    day = history.day(cy, nine.date())
    [early, late] = day.stretches
    assert (early.waiting, early.longest_s, early.came, early.ready_low, early.kept) == (2, 420, 2, 1, 2)
    assert (late.waiting, late.came, late.kept) == (1, 0, 1)
    [ended] = day.queues
    assert (ended.queue, ended.service.taken, ended.service.within) == (made.pk, 1, 1)
    hour = history.day(cy, nine.date(), hour=round((early.at - day.since) / timedelta(hours=1)))
    assert [(one.at, one.waiting) for one in hour.stretches] == [(at(5), 0), (at(6), 2), (at(7), 2)]
    assert history.behind(cy, "waiting", at(6), at(7)) == [first, second]
    assert history.behind(cy, "waiting", at(9), at(10)) == [second]
    assert history.behind(cy, "arrived", at(4), at(6)) == [second]
    assert history.behind(cy, "waiting", at(6), at(7), queue=other.pk) == []
    assert history.day(cy, nine.date(), queue=other.pk).queues == []
    assert [one.waiting for one in history.day(cy, nine.date(), queue=other.pk).stretches] == [0, 0]
    # Who does not see the inbox sees that minutes were kept, and nothing of it.
    import msgspec

    stranger = msgspec.structs.replace(dee, permissions=dee.permissions | {"board.view"})
    assert [(one.waiting, one.came) for one in history.day(stranger, nine.date()).stretches] == [(0, 0), (0, 0)]
    assert history.behind(stranger, "waiting", at(6), at(7)) == []
    assert history.day(cy, nine.date() - timedelta(days=1)).stretches == []
    with pytest.raises(NotAllowed):
        history.day(bo, nine.date())
    with pytest.raises(Refused):
        history.day(cy, nine.date(), hour=25)
