"""What waits goes to whoever is free: offered, taken, refused, let pass, eased, given back."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from careline.accounts.actor import SYSTEM
from careline.accounts.models import Agent, Role, Team, TeamMember
from careline.kit.refusals import Conflicting, NotAllowed, NotVisible
from careline.service.conversations import actions as talks
from careline.service.conversations.models import Conversation
from careline.service.routing import actions, engine, explaining, placing, queries
from careline.service.routing.models import Offer, Presence, Skill, Waiting
from careline.service.routing.relaxing import Step
from careline.touchpoints.models import Touchpoint

pytestmark = pytest.mark.django_db

S = timedelta(seconds=1)


def test_without_a_queue_nothing_is_routed(write, bo, ready, nine):
    ready(bo)
    number = write("eve")
    assert engine.turn(at=nine) == engine.Turn()
    assert not Waiting.objects.exists()
    assert Conversation.objects.get(pk=number).assignee_id is None


def test_an_offer_is_taken_with_its_reason_in_the_thread(queue, write, bo, ready, nine):
    queue()
    number = write("eve")
    ready(bo)
    assert engine.turn(at=nine + 40 * S).decided == 1
    [offer] = Offer.objects.filter(state="made")
    actions.accept(offer.pk, actor=bo, at=nine + 45 * S)
    held = Conversation.objects.get(pk=number)
    assert (held.assignee_id, held.handled_by) == (bo.agent_id, "agent")
    event = held.messages.filter(event__verb="assigned").get().event
    assert explaining.in_words(event["because"]) == "waited 40 s, the only one free who can"
    assert not Waiting.objects.exists()
    told = (
        Touchpoint.objects.filter(kind__startswith="offer.").order_by("id").values_list("kind", "agent_id", "person_id")
    )
    assert list(told) == [("offer.made", bo.agent_id, None), ("offer.accepted", bo.agent_id, None)]
    assert actions.accept(offer.pk, actor=bo).pk == offer.pk


def test_what_is_let_pass_goes_to_the_next_and_says_so(queue, write, bo, colleague, ready, nine, standing):
    eve = colleague("Eve Stone")
    queue(answer_s=20)
    number = write("una")
    ready(bo)
    engine.turn(at=nine)
    ready(eve)
    engine.turn(at=nine + 20 * S)
    assert standing() == {number: eve.agent_id}
    [offer] = Offer.objects.filter(state="made")
    actions.accept(offer.pk, actor=eve, at=nine + 21 * S)
    event = Conversation.objects.get(pk=number).messages.filter(event__verb="assigned").get().event
    assert explaining.in_words(event["because"]).endswith("not taken by Bo Lindgren")
    with pytest.raises(Conflicting):
        actions.accept(Offer.objects.get(state="expired").pk, actor=bo)


def test_refused_by_the_only_one_it_comes_back_after_a_rest(queue, write, bo, ready, nine):
    queue()
    write("eve")
    ready(bo)
    engine.turn(at=nine)
    actions.refuse(Offer.objects.get().pk, actor=bo, at=nine + S)
    assert engine.turn(at=nine + 2 * S).decided == 0
    Presence.objects.update(seen_at=nine + 300 * S)
    assert engine.turn(at=nine + 302 * S).decided == 1


def test_whoever_answers_nothing_twice_is_away(queue, write, bo, ready, nine):
    queue(answer_s=10)
    write("eve")
    write("una")
    ready(bo)
    engine.turn(at=nine)
    engine.turn(at=nine + 10 * S)
    held = Presence.objects.get()
    assert (held.status, held.returns_to) == ("away", "ready")
    assert actions.heard_from(bo.agent_id, active=True, at=nine + 15 * S)
    assert Presence.objects.get().status == "ready"


def test_it_is_offered_to_one_alone_by_the_database(queue, write, bo, colleague, ready, nine):
    queue()
    write("eve")
    ready(bo)
    engine.turn(at=nine)
    one = Offer.objects.get()
    with pytest.raises(IntegrityError), transaction.atomic():
        Offer.objects.create(
            conversation_id=one.conversation_id, agent_id=bo.agent_id, made_at=nine, due_at=nine, since=nine
        )


def test_nobody_answers_for_somebody_else(queue, write, bo, dee, cy, ready, nine):
    queue()
    write("eve")
    ready(bo)
    engine.turn(at=nine)
    number = Offer.objects.get().pk
    with pytest.raises(NotVisible):
        actions.accept(number, actor=dee)
    with pytest.raises(NotAllowed):
        actions.accept(number, actor=cy)
    with pytest.raises(NotAllowed):
        actions.set_status(bo.agent_id, "off", actor=dee)


def test_what_somebody_takes_by_hand_is_withdrawn(queue, write, bo, cy, ready, nine):
    queue()
    number = write("eve")
    ready(bo)
    engine.turn(at=nine)
    talks.assign(number, actor=cy, agent_id=cy.agent_id)
    with pytest.raises(Conflicting):
        actions.accept(Offer.objects.get().pk, actor=bo, at=nine + S)
    placing.place([number])
    assert Offer.objects.get().state == "withdrawn"
    assert not Waiting.objects.exists()


def test_capacity_is_kept_and_frees_up(queue, write, bo, ready, nine):
    queue(asks=False)
    numbers = [write(name) for name in ("a", "b", "c", "d")]
    ready(bo)
    assert engine.turn(at=nine).decided == 3
    assert engine.turn(at=nine).decided == 0
    talks.resolve(numbers[0], actor=bo)
    assert engine.turn(at=nine + S).decided == 1


def test_it_gives_way_and_goes_over_when_it_is_said(queue, write, bo, ready, nine):
    arabic = Skill.objects.create(name="Arabic", language="ar")
    second = queue("Second")
    first = queue("First", by_language=True, skills={arabic.pk: 2}, steps=[Step(60, "queue", second.pk)])
    actions.order_queues([first.pk], actor=SYSTEM)
    number = write("una", language="ar")
    ready(bo)
    assert engine.turn(at=nine + 59 * S).decided == 0
    assert engine.turn(at=nine + 60 * S).decided == 1
    assert Waiting.objects.get(pk=number).queue_id == second.pk


def test_conditions_choose_the_queue_and_its_head_start_the_order(queue, write, bo, ready, nine, standing):
    vip = queue("VIP", conditions={"all": [{"field": "tag", "op": "is", "value": "vip"}]}, head_start_minutes=10)
    queue("Rest")
    first, second = write("a"), write("b", at=nine + 300 * S)
    talks.tag(second, actor=SYSTEM, tags=["vip"])
    placing.place([first, second], at=nine + 301 * S)
    assert Waiting.objects.get(pk=second).queue_id == vip.pk
    actions.keep_capacity(bo.agent_id, 2, actor=SYSTEM)
    ready(bo, at=nine + 301 * S)
    engine.turn(at=nine + 301 * S)
    assert standing() == {second: bo.agent_id}


def test_the_last_agent_comes_first_and_is_waited_for(
    queue, conversation, bo, colleague, ready, nine, ada, inbox, standing
):
    eve = colleague("Eve Stone")
    talks.assign(conversation.pk, actor=SYSTEM, agent_id=bo.agent_id)
    talks.resolve(conversation.pk, actor=bo)
    queue(last_s=60)
    later = talks.open_empty(inbox, ada.pk, actor=SYSTEM, at=nine).pk
    placing.place([later], at=nine)
    ready(eve)
    assert engine.turn(at=nine + 59 * S).decided == 0
    ready(bo, at=nine + 59 * S)
    engine.turn(at=nine + 59 * S)
    assert standing() == {later: bo.agent_id}


def test_what_the_leaver_holds_goes_back_by_policy(queue, write, bo, colleague, ready, nine):
    eve = colleague("Eve Stone")
    queue(asks=False, leave_minutes=10)
    number = write("una")
    ready(bo)
    engine.turn(at=nine)
    ready(bo, at=nine + 60 * S, status="off")
    ready(eve, at=nine + 700 * S)
    assert actions.sweep(at=nine + 659 * S) == 0
    assert actions.sweep(at=nine + 661 * S) == 1
    engine.turn(at=nine + 700 * S)
    assert Conversation.objects.get(pk=number).assignee_id == eve.agent_id


def test_silence_is_away_and_a_window_that_is_gone_too(queue, bo, colleague, ready, nine):
    queue()
    eve = colleague("Eve Stone")
    ready(bo, eve)
    actions.heard_from(bo.agent_id, active=False, at=nine + 119 * S)
    turned = engine.turn(at=nine + 120 * S)
    assert dict(Presence.objects.values_list("agent_id", "status")) == {bo.agent_id: "ready", eve.agent_id: "away"}
    assert turned.next_at == nine + 239 * S
    for minute in range(3, 16):
        actions.heard_from(bo.agent_id, active=False, at=nine + timedelta(minutes=minute))
    engine.turn(at=nine + timedelta(minutes=15))
    moments = Touchpoint.objects.filter(kind="agent.status-changed", agent_id=bo.agent_id).order_by("id")
    assert [(one.facts["status"], one.facts.get("by")) for one in moments] == [("ready", None), ("away", "silence")]


def test_a_queue_that_is_switched_off_or_dropped_leaves_what_waits_to_the_next(write, queue):
    first, second = queue("First"), queue("Second")
    number = write("eve")
    assert Waiting.objects.get(pk=number).queue_id == first.pk
    actions.keep_queue(actions.Ruling(name="First", is_on=False), actor=SYSTEM, queue_id=first.pk)
    assert Waiting.objects.get(pk=number).queue_id == second.pk
    actions.keep_queue(actions.Ruling(name="First"), actor=SYSTEM, queue_id=first.pk)
    assert Waiting.objects.get(pk=number).queue_id == first.pk
    actions.drop_queue(first.pk, actor=SYSTEM)
    assert Waiting.objects.get(pk=number).queue_id == second.pk


def test_a_queue_that_comes_later_takes_what_waits(write, queue, bo, conversation):
    number = write("eve")
    queue()
    assert set(Waiting.objects.values_list("pk", flat=True)) == {number, conversation.pk}


def test_the_place_in_line_and_the_wait_are_told_once_they_are_known(queue, write, bo, ready, nine):
    queue(asks=False)
    actions.keep_capacity(bo.agent_id, 10, actor=SYSTEM)
    ready(bo)
    for n in range(5):
        write(f"p{n}", at=nine + n * 60 * S)
        actions.heard_from(bo.agent_id, active=True, at=nine + n * 60 * S)
        engine.turn(at=nine + n * 60 * S)
    first, second = write("q", at=nine + 300 * S), write("r", at=nine + 301 * S)
    told = queries.standings([first, second], at=nine + 300 * S)
    assert [(told[one].position, told[one].wait_s) for one in (first, second)] == [(1, 60), (2, 120)]


def test_what_was_given_to_a_team_goes_to_that_team(queue, write, bo, colleague, ready, nine):
    team = Team.objects.create(name="Returns")
    eve = colleague("Eve Stone")
    TeamMember.objects.create(team=team, agent_id=eve.agent_id)
    queue(asks=False)
    number = write("una")
    talks.assign(number, actor=SYSTEM, team_id=team.pk)
    placing.place([number], at=nine)
    ready(bo)
    assert engine.turn(at=nine).decided == 0
    ready(eve)
    engine.turn(at=nine)
    held = Conversation.objects.get(pk=number)
    assert (held.assignee_id, held.team_id) == (eve.agent_id, team.pk)


def test_a_lead_cannot_keep_somebody_there_who_is_gone(queue, bo, boss, nine):
    queue()
    actions.set_status(bo.agent_id, "ready", actor=boss, at=nine)
    engine.turn(at=nine + 121 * S)
    assert Presence.objects.get().status == "away"
    actions.set_status(bo.agent_id, "ready", actor=boss, at=nine + 200 * S)
    engine.turn(at=nine + 201 * S)
    assert Presence.objects.get().status == "away"


def test_nobody_is_offered_what_their_role_does_not_show(queue, write, bo, ready, inbox, nine, standing):
    role = Agent.objects.get(pk=bo.agent_id).role
    ours, theirs = Team.objects.create(name="Ours"), Team.objects.create(name="Theirs")
    queue()
    of_nobody, of_ours, of_theirs = write("una"), write("eve"), write("max")
    talks.assign(of_ours, actor=SYSTEM, team_id=ours.pk)
    talks.assign(of_theirs, actor=SYSTEM, team_id=theirs.pk)
    placing.place([of_nobody, of_ours, of_theirs], at=nine)
    TeamMember.objects.create(team=ours, agent_id=bo.agent_id)
    TeamMember.objects.create(team=theirs, agent_id=bo.agent_id)
    ready(bo)
    Role.objects.filter(pk=role.pk).update(only_inboxes=[inbox.pk + 1])
    assert engine.turn(at=nine).decided == 0
    Role.objects.filter(pk=role.pk).update(only_inboxes=None, only_teams=[ours.pk])
    engine.turn(at=nine)
    assert standing() == {of_ours: bo.agent_id}
    Role.objects.filter(pk=role.pk).update(teamless=True)
    engine.turn(at=nine)
    assert standing() == {of_ours: bo.agent_id, of_nobody: bo.agent_id}
