"""The live board for programs: the same figures, what is behind them, a day of it, and alerts."""

from __future__ import annotations

import pytest
from django.db import transaction

from careline.accounts.actor import SYSTEM
from careline.insights.live import history, minutes
from careline.kit import clock
from careline.service.routing import actions, placing

pytestmark = pytest.mark.django_db


def test_a_program_reads_the_board_and_sets_alerts(conversation, cy, boss, program):
    made = actions.keep_queue(actions.Ruling(name="Everything"), actor=SYSTEM)
    with transaction.atomic():
        placing.place([conversation.pk])
    minutes.keep()
    lead, owner = program(cy), program(boss)
    wanted = {"figure": "waiting", "limit": 0, "recipients": [str(cy.agent_id)], "queue_id": str(made.pk)}
    alert = owner.ask("POST", "alerts", body=wanted).json
    board = lead.ask("GET", "board").json
    [queue] = board["queues"]
    assert (queue["name"], queue["waiting"], queue["service_level"]["value"]) == ("Everything", 1, None)
    assert board["passed"] == [alert["id"]]
    [waits] = lead.ask("GET", f"board/behind?queue_id={made.pk}").json["items"]
    assert waits["id"] == str(conversation.pk)
    today = clock.now().astimezone(history.zone()).date()
    [hour] = lead.ask("GET", f"board/history?day={today}").json["stretches"]
    assert (hour["waiting"], hour["kept"]) == (1, 1)
    assert lead.ask("GET", "board/history?day=someday").told[0] == 422
    changed = owner.ask("PUT", f"alerts/{alert['id']}", body=wanted | {"figure": "soon", "queue_id": None}).json
    assert (changed["figure"], changed["way"], changed["queue_id"]) == ("soon", "most", None)
    owner.ask("DELETE", f"alerts/{alert['id']}")
    assert lead.ask("GET", "alerts").json["items"] == []
