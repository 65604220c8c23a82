"""Two processes decide and answer at once, or one is killed at it: a conversation is offered to one, held by one, and
none is lost."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections import Counter
from datetime import timedelta

import pytest
from django.db import IntegrityError, connection

from careline.kit import clock
from careline.service.conversations.models import Conversation
from careline.service.routing import engine, matching, placing
from careline.service.routing.models import Offer, Presence, Waiting

pytestmark = pytest.mark.django_db(transaction=True)

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


# Killed while it writes down the so-and-so-many-th that it gives somebody; without a number it goes on to the end.
KILLED = """
import os, signal, sys, threading
import django
django.setup()
from careline.service.conversations.models import Conversation
from careline.service.routing import engine, offering
last, stop, record = int(sys.argv[1]), threading.Event(), offering.record
left = [last]
def fatal(kind, offer, *, at):
    record(kind, offer, at=at)
    left[0] -= 1
    if left[0] == 0:
        os.kill(os.getpid(), signal.SIGKILL)
offering.record, engine.MOST = fatal, 3
def watch():
    while Conversation.objects.filter(assignee=None).exists():
        stop.wait(0.1)
    stop.set()
threading.Thread(target=watch, daemon=True).start()
engine.run(stop)
"""


@pytest.fixture
def house(queue, write, colleague):
    """Five who are ready and sixteen who wait, all by the true time: `house(asks=False)`."""
    from careline.accounts.actor import SYSTEM
    from careline.service.routing import actions

    def house(**about):
        queue(answer_s=3600, **about)
        for name in ("Eve A", "Una B", "Ira C", "Oki D", "Max E"):
            them = colleague(name)
            actions.set_status(them.agent_id, "ready", actor=them)
            actions.keep_capacity(them.agent_id, 12, actor=SYSTEM)
        for n in range(16):
            write(f"p{n}", at=clock.now())
        later = clock.now() + timedelta(hours=1)
        Presence.objects.update(seen_at=later, active_at=later)

    return house


@pytest.fixture
def environment(database_url):
    return {**os.environ, "DATABASE_URL": database_url, "DJANGO_SETTINGS_MODULE": "careline.config.settings"}


def test_even_without_taking_turns_a_second_offer_is_refused_by_the_database(house, monkeypatch):
    """Another matcher decides and commits between this one's look and its decision."""
    house()
    monkeypatch.setattr(placing, "hold", lambda: None)
    others = []

    def decided(waiting, agents):
        found = matching.match(waiting, agents)
        if not others:
            others.append(threading.Thread(target=turned))
            others[0].start()
            others[0].join()
        return found

    def turned():
        engine.turn()
        connection.close()

    monkeypatch.setattr(engine, "match", decided)
    with pytest.raises(IntegrityError, match="conversation_is_offered_to_one"):
        engine.turn()
    assert max(Counter(Offer.objects.filter(state="made").values_list("conversation_id", flat=True)).values()) == 1


@pytest.mark.long
def test_killed_while_it_gives_it_loses_nothing_and_gives_nothing_twice(house, environment):
    house(asks=False)
    for dies_at in (1, 2, 5, 9):
        ended = subprocess.run([sys.executable, "-c", KILLED, str(dies_at)], env=environment, timeout=120)
        assert ended.returncode == -signal.SIGKILL
        whole()
    # Three at a time: what was begun is undone, what was finished stands.
    assert Waiting.objects.count() == 16 - 3 - 6
    subprocess.run([sys.executable, "-c", KILLED, "0"], env=environment, timeout=120, check=True)
    assert not Waiting.objects.exists()
    whole()


def whole():
    """Whoever has one was given it once, with one line in its thread; whoever has none waits."""
    held = dict(Conversation.objects.filter(assignee__isnull=False).values_list("pk", "assignee_id"))
    given = list(Offer.objects.filter(state="accepted").values_list("conversation_id", "agent_id"))
    lines = Conversation.objects.filter(messages__event__verb="assigned").values_list("pk", flat=True)
    assert sorted(given) == sorted(held.items())
    assert sorted(lines) == sorted(held)
    waiting = Conversation.objects.filter(assignee=None).values_list("pk", flat=True)
    assert sorted(Waiting.objects.values_list("pk", flat=True)) == sorted(waiting)


@pytest.mark.long
def test_two_processes_never_both(house, inbox, environment):
    house()
    players = [
        subprocess.Popen([sys.executable, "-c", PLAYED, str(seed), str(inbox.pk)], env=environment) for seed in (1, 2)
    ]
    assert [one.wait(timeout=120) for one in players] == [0, 0]
    assert not Conversation.objects.filter(assignee=None).exists()
    # Whatever is taken stood offered to nobody else.
    assert not Offer.objects.filter(state="made").exists()
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
