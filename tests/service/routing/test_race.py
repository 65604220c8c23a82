"""Two processes decide and answer at once: a conversation is offered to one, and held by one."""

from __future__ import annotations

import os
import subprocess
import sys
from collections import Counter

import pytest

from careline.service.conversations.models import Conversation
from careline.service.routing.models import Offer

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.long]

# Turns of the matcher, and whatever stands offered to anybody is taken, refused or let be by the drawing of lots.
PLAYED = """
import random, sys, time
import django
django.setup()
from careline.accounts.actor import Actor
from careline.kit import clock
from careline.kit.refusals import Refused
from careline.service.conversations.models import Conversation
from careline.service.routing import actions, engine
from careline.service.routing.models import Offer, Presence
chance, inbox = random.Random(int(sys.argv[1])), int(sys.argv[2])
until = time.monotonic() + 60
while Conversation.objects.filter(assignee=None).exists() and time.monotonic() < until:
    engine.turn()
    for offer in Offer.objects.filter(state="made").order_by("?"):
        them = Actor(kind="agent", id=offer.agent_id, name="", agent_id=offer.agent_id, inbox_ids=(inbox,),
                     permissions=frozenset({"conversations.view", "conversations.reply"}))
        try:
            (actions.accept if chance.random() < 0.7 else actions.refuse)(offer.pk, actor=them)
        except Refused:
            pass
    Presence.objects.update(seen_at=clock.now(), active_at=clock.now())
"""


def test_two_processes_never_both(queue, write, colleague, inbox, database_url):
    from careline.accounts.actor import SYSTEM
    from careline.kit import clock
    from careline.service.routing import actions

    queue(answer_s=3600)
    for name in ("Eve A", "Una B", "Ira C", "Oki D", "Max E"):
        them = colleague(name)
        actions.set_status(them.agent_id, "ready", actor=them)
        actions.keep_capacity(them.agent_id, 12, actor=SYSTEM)
    for n in range(16):
        write(f"p{n}", at=clock.now())
    environment = {**os.environ, "DATABASE_URL": database_url, "DJANGO_SETTINGS_MODULE": "careline.config.settings"}
    players = [
        subprocess.Popen([sys.executable, "-c", PLAYED, str(seed), str(inbox.pk)], env=environment) for seed in (1, 2)
    ]
    assert [one.wait(timeout=120) for one in players] == [0, 0]
    assert not Conversation.objects.filter(assignee=None).exists()
    taken = Offer.objects.filter(state="accepted")
    assert sorted(taken.values_list("conversation_id", flat=True)) == sorted(
        Conversation.objects.values_list("pk", flat=True)
    )
    assert dict(taken.values_list("conversation_id", "agent_id")) == dict(
        Conversation.objects.values_list("pk", "assignee_id")
    )
    # Six chats fill twelve, and nobody was given more.
    assert max(Counter(Conversation.objects.values_list("assignee_id", flat=True)).values()) <= 6
    lines = Conversation.objects.filter(messages__event__verb="assigned").values_list("pk", flat=True)
    assert len(lines) == 16
