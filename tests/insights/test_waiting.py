"""Segments that ask how long a conversation waits: true by time alone, and no longer once it is answered."""

from __future__ import annotations

from datetime import timedelta

import time_machine

from careline.customers.models import SegmentMember
from careline.insights.segments import keeping, verbs
from careline.service.conversations import actions as conversations
from tests.insights import beside


def members(segment) -> set[int]:
    return set(SegmentMember.objects.filter(segment=segment.pk).values_list("person_id", flat=True))


def test_a_wait_becomes_a_long_one_by_time_alone(conversation, ada, cy, heard, line_of):
    began = conversation.opened_at
    long = {"of": "service", "what": "waiting", "hours": 4}
    with time_machine.travel(began + timedelta(hours=1), tick=False):
        waiting = verbs.save("Waits for long", long, actor=cy)
        calm = verbs.save("Nobody waits", {**long, "test": "at_most", "times": 0}, actor=cy)
        asked = verbs.save("Silent", {"of": "service", "what": "waiting_on_customer", "hours": 48}, actor=cy)
    with time_machine.travel(began + timedelta(hours=3, minutes=59), tick=False):
        keeping.waited()
        assert (members(waiting), members(calm)) == (set(), {ada.pk})
    with time_machine.travel(began + timedelta(hours=4, minutes=5), tick=False):
        keeping.waited()
        keeping.waited()
        assert (members(waiting), members(calm)) == ({ada.pk}, set())
        # Asking again does not make it begin anew; the first answer ends it.
        conversations.hear(
            conversation.pk, actor=beside.customer(ada, conversation), body="Hello?", client_id="b", person_id=ada.pk
        )
        heard()
        assert members(waiting) == {ada.pk}
        conversations.reply(conversation.pk, actor=cy, body="Which order?", client_id="r1")
        heard()
        assert (members(waiting), members(calm), members(asked)) == (set(), {ada.pk}, set())
    with time_machine.travel(began + timedelta(hours=40), tick=False):
        conversations.reply(conversation.pk, actor=cy, body="Are you there?", client_id="r2")
    with time_machine.travel(began + timedelta(hours=52, minutes=10), tick=False):
        keeping.waited()
        assert members(asked) == {ada.pk}
    told = [one.kind for one in line_of(ada.pk) if one.facts.get("segment") == waiting.pk]
    assert told == ["segment.entered", "segment.left"]
