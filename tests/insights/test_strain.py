"""Segments of what conversations have cost."""

from __future__ import annotations

from django.db import transaction

from careline import touchpoints
from careline.accounts.actor import SYSTEM
from careline.insights.segments import verbs
from tests.insights.test_segments import members


def test_effort_is_what_all_their_talks_have_cost_as_counted_last(conversation, ada, cy, heard):
    strained = verbs.save("Strained", {"of": "service", "what": "effort", "times": 4}, actor=cy)
    easy = verbs.save("Easy", {"of": "service", "what": "effort", "test": "at_most", "times": 3}, actor=cy)

    def costs(number: int, effort: int) -> None:
        with transaction.atomic():
            touchpoints.record(
                "effort.counted", person=ada.pk, actor=SYSTEM, inbox=conversation.inbox_id,
                source=f"conversation:{number}", conversation=number, effort=effort,
            )  # fmt: skip
        heard()

    costs(conversation.pk, 2)
    costs(conversation.pk, 3)
    assert (members(strained), ada.pk in members(easy)) == (set(), True)
    costs(conversation.pk + 1, 1)
    assert (members(strained), ada.pk in members(easy)) == ({ada.pk}, False)
