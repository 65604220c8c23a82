"""What a bot made of messages, and what agents say of it."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import Any

import pytest

from careline.kit import clock
from careline.kit.refusals import NotAllowed, NotVisible, Refused


def test_the_quality_of_a_bot_is_told_by_who_looked(boss: Any, bo: Any, conversation: Any, inbox: Any) -> None:
    from careline.service.bots import quality
    from careline.service.bots.models import Judged
    from careline.service.intents import actions as intents

    intents.keep("returns", "Returns", actor=boss)
    bands = ["run", "run", "answer", "ask", "refuse"]
    made = [
        Judged.objects.create(conversation=conversation, inbox_id=inbox.pk, message_id=uuid.uuid4(), band=band)
        for band in bands
    ]
    since = clock.now() - timedelta(days=1)
    nothing = quality.quality(boss, since)
    assert (nothing.judged, nothing.coverage, nothing.precision) == (5, 0.6, None)
    quality.correct(made[0].message_id, actor=bo, right=True)
    quality.correct(made[1].message_id, actor=bo, right=False)
    quality.correct(made[4].message_id, actor=bo, right=False, intent="returns")
    told = quality.quality(boss, since)
    assert (told.right, told.wrong, told.near_misses, told.precision) == (1, 1, 1, 0.5)
    with pytest.raises(NotAllowed):
        quality.quality(bo, since)
    with pytest.raises(NotVisible):
        quality.correct(uuid.uuid4(), actor=bo, right=True)
    with pytest.raises(Refused):
        quality.correct(made[2].message_id, actor=bo, right=False, intent="nothing_known")


def test_what_was_judged_long_ago_goes(boss: Any, conversation: Any, inbox: Any) -> None:
    from careline.privacy import actions, nights, queries
    from careline.service.bots.models import Judged

    for days in (400, 40, 2):
        Judged.objects.create(
            conversation=conversation, inbox_id=inbox.pk, message_id=uuid.uuid4(), band="run",
            at=clock.now() - timedelta(days=days),
        )  # fmt: skip
    assert nights.age() == {"judgements": 1}
    going = queries.preview(boss, "judgements", 30)
    assert going is not None
    assert (going.rows, going.people) == (1, 1)
    actions.set_period("judgements", 30, actor=boss)
    assert nights.age() == {"judgements": 1}
    assert Judged.objects.count() == 1
