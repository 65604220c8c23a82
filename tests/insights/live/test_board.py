"""The board as the database tells it: waits that began and ended, who is there, and what is behind each number."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from careline.accounts.actor import SYSTEM
from careline.insights.live import looks, minutes, queries
from careline.insights.models import Minute
from careline.kit.refusals import NotAllowed
from careline.service.conversations import actions as talks
from careline.service.routing import actions, placing
from careline.service.routing.models import Stay
from careline.touchpoints.models import Touchpoint

pytestmark = pytest.mark.django_db


@pytest.fixture
def seconds(nine):
    return lambda count: nine + timedelta(seconds=count)


def again(*ids, at):
    """As the reaction does once it hears of them."""
    with transaction.atomic():
        placing.place(list(ids), at=at)


def test_a_wait_ends_taken_given_up_or_elsewhere(queue, write, bo, seconds):
    queue(target_s=60)
    quick, slow, settled, left, spam = (write(name) for name in ("ada", "ben", "cem", "dan", "eve"))
    talks.assign(quick, actor=bo, agent_id=bo.agent_id, at=seconds(30))
    again(quick, at=seconds(30))
    talks.assign(slow, actor=bo, agent_id=bo.agent_id, at=seconds(90))
    talks.resolve(settled, actor=bo, at=seconds(90))
    talks.resolve(left, actor=SYSTEM, at=seconds(90))
    talks.spam(spam, actor=bo, at=seconds(90))
    again(slow, settled, left, spam, at=seconds(90))
    ended = {one.conversation_id: (one.how, (one.ended_at - one.since).total_seconds()) for one in Stay.objects.all()}
    assert ended == {
        quick: ("taken", 30), slow: ("taken", 90), settled: ("taken", 90), left: ("given_up", 90),
        spam: ("elsewhere", 90),
    }  # fmt: skip
    # The same stands on the line of each, and is no step of theirs.
    line = Touchpoint.objects.filter(kind="queue.left").values_list("journey", "inbox_id", "facts")
    said = {
        int(journey.partition(":")[2]): (facts["how"], facts["waited_s"], facts["target_s"], facts["name"])
        for journey, _inbox, facts in line
    }
    assert said == {number: (*end, 60, "Everything") for number, end in ended.items()}
    assert {inbox for _journey, inbox, _facts in line} == {Stay.objects.first().inbox_id}
    [line] = queries.board(bo_as_lead(bo), at=seconds(100)).lines
    told = line.service
    assert (told.taken, told.within, told.given_up, told.at_once, told.soon) == (3, 1, 1, 0, 0)


def bo_as_lead(actor):
    import msgspec

    return msgspec.structs.replace(actor, permissions=actor.permissions | {"board.view"})


def test_what_is_accepted_is_taken_and_later_targets_change_nothing(queue, write, ready, bo, seconds):
    made = queue(target_s=60, asks=False)
    number = write("ada")
    ready(bo, at=seconds(40))
    from careline.service.routing import engine

    assert engine.turn(at=seconds(40)).decided == 1
    actions.keep_queue(actions.Ruling(name="Everything", target_s=10), actor=SYSTEM, queue_id=made.pk)
    [line] = queries.board(bo_as_lead(bo), at=seconds(50)).lines
    assert (line.target_s, line.service.within, line.waiting) == (10, 1, 0)
    assert Stay.objects.get().conversation_id == number


def test_every_number_opens_its_conversations(queue, write, ready, bo, cy, dee, seconds, nine):
    made = queue(target_s=60)
    ready(bo)
    first, second, third = (write(name) for name in ("ada", "ben", "cem"))
    talks.assign(first, actor=bo, agent_id=bo.agent_id, at=seconds(90))
    again(first, at=seconds(90))
    now = seconds(100)
    board = queries.board(cy, at=now)
    [line] = board.lines
    [person] = board.people
    assert line.waiting == 2
    assert queries.behind(cy, "waiting", queue=made.pk, at=now) == [second, third]
    assert queries.behind(cy, "late", queue=made.pk, at=now) == queries.behind(cy, "taken", at=now) == [first]
    assert queries.behind(cy, "given_up", at=now) == []
    assert person.work == 1
    assert queries.behind(cy, "held", agent=person.agent, at=now) == [first]
    assert sum(board.felt.values()) == 3
    assert sorted(n for level in board.felt for n in queries.behind(cy, "felt", level=level, at=now)) == [
        first, second, third,
    ]  # fmt: skip
    assert queries.behind(cy, "arrived", at=now) == [third, second, first]
    stranger = bo_as_lead(dee)
    assert queries.board(stranger, at=now).waiting == 0
    assert queries.behind(stranger, "waiting", at=now) == queries.behind(stranger, "arrived", at=now) == []
    with pytest.raises(NotAllowed):
        queries.board(bo, at=now)
    with pytest.raises(NotAllowed):
        queries.behind(bo, "waiting", at=now)


def test_a_look_is_the_same_few_statements_however_much_there_is(queue, write, ready, bo, seconds):
    def statements():
        with CaptureQueriesContext(connection) as asked:
            looks.look(seconds(100))
        return len(asked)

    queue()
    before = statements()
    ready(bo)
    for name in ("ada", "ben", "cem"):
        write(name)
    assert statements() == before <= 9


def test_minutes_are_kept_once_and_hold_a_day_against_the_same_weekday(queue, write, ready, bo, cy, inbox, nine):
    ready(bo)
    made = queue()
    write("ada", at=nine)
    week = timedelta(days=7)
    for _twice in range(2):
        minutes.keep(at=nine + timedelta(seconds=75))
    kept = {(one.queue_id, one.inbox_id): one for one in Minute.objects.all()}
    assert (kept[made.pk, inbox.pk].waiting, kept[made.pk, inbox.pk].longest_s) == (1, 75)
    assert kept[0, 0].ready == 1
    Minute.objects.create(at=nine - week, queue_id=0, inbox_id=inbox.pk, arrived=4)
    Minute.objects.create(at=nine - week + timedelta(hours=1), queue_id=0, inbox_id=inbox.pk, arrived=8)
    Minute.objects.create(at=nine - 2 * week, queue_id=0, inbox_id=0)
    Minute.objects.create(at=nine - timedelta(days=1), queue_id=0, inbox_id=inbox.pk, arrived=16)
    found = queries.board(cy, at=nine + timedelta(seconds=75))
    assert (found.arrived, found.usual) == (0, (4, 0))


def test_promises_that_break_soon_stand_apart_from_those_that_are_broken(queue, write, cy, dee, nine):
    """As the room of promises keeps it: the next deadline of each, none where the clock stands still."""
    from careline.service.conversations.models import Conversation

    queue()
    late, soon, later, _paused = (write(name) for name in ("ada", "ben", "cem", "dan"))
    for number, minutes_left in ((late, -1), (soon, 29), (later, 31)):
        Conversation.objects.filter(pk=number).update(due_at=nine + timedelta(minutes=minutes_left))
    found = queries.board(cy, at=nine)
    assert (found.soon, found.late, found.first_due) == (1, 1, nine + timedelta(minutes=29))
    assert queries.behind(cy, "soon", at=nine) == [soon]
    assert queries.behind(cy, "overdue", at=nine) == [late]
    assert queries.board(bo_as_lead(dee), at=nine).soon == 0
