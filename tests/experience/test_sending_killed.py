"""kill -9 while surveys are sent: everybody whose talk ended is asked in it, and nobody is asked twice."""

from __future__ import annotations

import os
import time
from pathlib import Path

import psycopg
import pytest

from tests.house import House, own_database

pytestmark = pytest.mark.long
TALKS = 150
SETTLE = f"""
from careline.accounts.actor import Actor, SYSTEM
from careline.channels import actions as channels
from careline.contact.models import Scope
from careline.experience.surveys import actions as surveys, beginnings
from careline.experience.surveys.sending import planning
from careline.experience.surveys.sending.shapes import Planned
from careline.service.conversations import actions
from careline.service.conversations.hot import words
Scope.objects.update(caps=[], talks="ignored", promise_days=0, quiet_from=None, quiet_to=None)
chat = channels.create_inbox(actor=SYSTEM, kind="webchat", name="Chat", settings={{}})
survey = surveys.create("After help", beginnings.form(beginnings.named("help"), "en"), actor=SYSTEM)
surveys.publish(survey.pk, actor=SYSTEM)
plan = planning.make_plan(
    survey.pk, Planned(name="In the chat", kind="after", delay_minutes=0, ways=["conversation"]), actor=SYSTEM
)
planning.switch_on(plan.pk, actor=SYSTEM)
everywhere = SYSTEM.__class__(
    kind="system", id=None, name="Careline", permissions=SYSTEM.permissions, inbox_ids=(chat.pk,)
)
for n in range({TALKS}):
    said = actions.open_with(
        actor=Actor.customer(0, chat.pk), inbox_id=chat.pk, person=words.who(visitor=f"v{{n}}"), body=str(n)
    )
    actions.resolve(said.conversation_id, actor=everywhere)
"""
ASKED = "SELECT conversation_id FROM conversations_message WHERE kind = 'system' AND event->>'verb' = 'asked'"
STATES = "SELECT state, count(*) FROM surveys_invitation GROUP BY 1"


@pytest.fixture
def house(server_url: str, template: str, tmp_path: Path):
    for url in own_database(server_url, f"asked_{os.getpid()}", template):
        house = House(tmp_path, url)
        yield house
        house.kill()


def test_everybody_is_asked_and_nobody_twice(house: House):
    done = house.run("shell", "-c", SETTLE)
    assert done.returncode == 0, done.stderr
    kills, deadline = 0, time.monotonic() + 480
    house.up()
    with psycopg.connect(house.database_url or "", autocommit=True) as looked:
        while True:
            asked = [row[0] for row in looked.execute(ASKED).fetchall()]
            if len(asked) >= TALKS:
                break
            assert time.monotonic() < deadline, (looked.execute(STATES).fetchall(), len(asked), house.tail())
            # In the middle of it, and once more when it has taken up again.
            if kills < 2 and len(asked) > kills * TALKS // 4:
                house.kill()
                kills += 1
                house.up()
            time.sleep(0.02)
        assert kills == 2, "it was over before it could be killed"
        # Whatever came back to life has nothing left to send.
        time.sleep(2)
        asked = [row[0] for row in looked.execute(ASKED).fetchall()]
        assert (len(asked), len(set(asked))) == (TALKS, TALKS)
        assert looked.execute(STATES).fetchall() == [("sent", TALKS)]
