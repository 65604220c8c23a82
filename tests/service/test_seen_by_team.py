"""Whose role ends at teams sees the conversations of these teams, their own, and no team's if the role says so."""

from __future__ import annotations

import random
from datetime import timedelta

import pytest
from django.db import connection

from careline.accounts import actions as accounts
from careline.accounts.models import Agent, Role
from careline.channels import access
from careline.channels.models import Membership
from careline.kit.refusals import NotVisible
from careline.service.conversations import actions, queries
from careline.service.conversations.hot import doors, read, words
from careline.service.conversations.models import Conversation
from careline.touchpoints import queries as line
from tests.service.test_hot_reads import plan_of

pytestmark = pytest.mark.django_db
VIEWS = ("all", "mine", "unassigned", "followed", "recovery", "promised", "risk")


@pytest.fixture
def teams(boss):
    return [accounts.create_team(name, actor=boss).pk for name in ("Red", "Green", "Blue")]


def confined(agent: Agent, teams: list[int] | None, *, teamless: bool = False):
    """The agent's actor with a role that ends so; inboxes by membership."""
    Role.objects.filter(pk=agent.role_id).update(only_teams=teams, teamless=teamless)
    found = access.actor_of_agent(agent.pk)
    assert found is not None
    return found


def test_every_look_agrees_with_the_rule_for_any_role(hire, inbox, elsewhere, teams, ada, boss, nine):
    """Sixty conversations of chance; each look of each kind of role is held against the sentence above."""
    chance = random.Random(41)
    Role.objects.create(name="tried", permissions=["conversations.view", "customers.view"])
    agent = hire("Tried Out", role="tried")
    Membership.objects.create(agent=agent, inbox=inbox)
    crowd = []
    for n in range(60):
        at = nine + timedelta(minutes=n // 3)
        crowd.append(
            Conversation.objects.create(
                inbox=chance.choice([inbox, inbox, elsewhere]), person=ada, channel="webchat", active_at=at,
                team_id=chance.choice([None, *teams]), assignee_id=chance.choice([None, agent.pk, boss.agent_id]),
                mark={"cause": "hand", "due_at": at.isoformat()} if n % 3 == 0 else None,
                due_at=at if n % 2 == 0 else None,
                pledge={"what": "first", "begun_at": at.isoformat(), "due_at": at.isoformat(), "state": "warned"}
                if n % 2 == 0 else None,
            )
        )  # fmt: skip
    for one in crowd:
        one.refresh_from_db()
    for ends, teamless in (
        (None, False), ([], False), ([], True), (teams[:1], False), (teams[1:], True), (teams, False)
    ):  # fmt: skip
        actor = confined(agent, ends, teamless=teamless)
        seen = {
            one.pk for one in crowd
            if one.inbox_id == inbox.pk and (
                ends is None or one.team_id in ends or one.assignee_id == agent.pk or (teamless and one.team_id is None)
            )
        }  # fmt: skip
        assert set(Conversation.objects.visible_to(actor).values_list("pk", flat=True)) == seen
        for view in VIEWS:
            whole = [row.id for row in queries.listed(actor, view=view, limit=200)]
            wanted = {
                "all": lambda one: True, "mine": lambda one: one.assignee_id == agent.pk,
                "unassigned": lambda one: one.assignee_id is None, "followed": lambda one: False,
                "recovery": lambda one: one.mark is not None,
            }.get(view, lambda one: one.due_at is not None)  # fmt: skip
            assert sorted(whole) == sorted(one.pk for one in crowd if one.pk in seen and wanted(one)), (view, ends)
            # Page by page it is the same, in the same order.
            paged, before = [], None
            while rows := queries.listed(actor, view=view, limit=7, before=before):
                paged += [row.id for row in rows]
                before = doors.place(rows[-1], view)
            assert paged == whole, view
        assert {row.id for row in queries.of_person(actor, ada.pk, limit=200)} == seen
        assert {row.id for row in queries.these(actor, [one.pk for one in crowd])} == seen
        assert {row.id for row in queries.called(actor, [one.pk for one in crowd])} == seen
        counted = queries.counts(actor)
        assert counted.all == (len(seen) if ends is not None else counted.all)


def test_what_is_not_the_teams_is_not_there_for_any_verb(conversation, bo, boss, teams, ada):
    agent = Agent.objects.get(pk=bo.agent_id)
    accounts.set_team_members(teams[0], actor=boss, agent_ids=[agent.pk])
    far = confined(agent, teams[:1])
    actions.assign(conversation.pk, actor=boss, team_id=teams[1])
    for refused in (
        lambda: actions.reply(conversation.pk, actor=far, body="x"),
        lambda: actions.note(conversation.pk, actor=far, body="x"),
        lambda: actions.resolve(conversation.pk, actor=far),
        lambda: actions.assign(conversation.pk, actor=far, agent_id=agent.pk),
        lambda: actions.follow(conversation.pk, actor=far),
        lambda: queries.one(far, conversation.pk),
        lambda: queries.followers(far, conversation.pk),
        lambda: actions.open_with(actor=far, inbox_id=conversation.inbox_id, person=words.who(name="N"), body="x"),
    ):
        with pytest.raises(NotVisible):
            refused()
    for empty in (queries.thread(far, conversation.pk), queries.since(far, conversation.pk, after=0),
                  queries.hands(far, conversation.pk)):  # fmt: skip
        assert empty == []
    said = [one for one in line.line(far, [ada.pk]) if one.inbox_id is not None]
    assert said == []
    # Given to their team it is theirs, and so is its part of the line.
    actions.assign(conversation.pk, actor=boss, team_id=teams[0])
    assert actions.note(conversation.pk, actor=far, body="now").seq
    assert {one.kind for one in line.line(far, [ada.pk])} >= {"conversation.opened", "message.noted"}
    assert line.line(far, [ada.pk], kinds=["message.noted"], journey="")[0].facts["conversation"] == conversation.pk
    # Given to themselves it is theirs as well, whichever team it is beside.
    actions.assign(conversation.pk, actor=boss, team_id=teams[1], agent_id=agent.pk)
    assert queries.one(far, conversation.pk).id == conversation.pk


def test_what_knows_nothing_of_teams_shows_nothing_of_inboxes(conversation, cy, teams):
    """Figures, journeys, exports and segments count whole inboxes: whose role ends at teams is shown none of them."""
    lead = confined(Agent.objects.get(pk=cy.agent_id), teams, teamless=True)
    assert (lead.inbox_ids, lead.works_in) == ((), cy.inbox_ids)
    assert not lead.may("inboxes.view_all")
    assert queries.one(lead, conversation.pk).id == conversation.pk


def test_followers_who_lost_sight_of_it_are_not_told(conversation, bo, boss, teams):
    agent = Agent.objects.get(pk=bo.agent_id)
    actions.follow(conversation.pk, actor=bo)
    confined(agent, teams[:1])
    assert [one.id for one in queries.followers(boss, conversation.pk)] == []
    actions.assign(conversation.pk, actor=boss, team_id=teams[0])
    assert [one.id for one in queries.followers(boss, conversation.pk)] == [agent.pk]


def test_a_teams_list_walks_the_index_of_the_team(conversation, bo, teams):
    with connection.cursor() as cursor:
        cursor.execute(
            """INSERT INTO conversations_conversation (inbox_id, person_id, channel, active_at, team_id)
            SELECT %s, %s, 'webchat', now() - n * interval '1 minute', CASE n %% 50 WHEN 0 THEN %s::bigint END
            FROM generate_series(1, 4000) n""",
            [conversation.inbox_id, conversation.person_id, teams[0]],
        )
        cursor.execute("ANALYZE conversations_conversation")
    actor = confined(Agent.objects.get(pk=bo.agent_id), teams[:1])
    statement, given = doors.page(actor, view="all", state="open", limit=50, before=None)
    plan = plan_of(statement, **given)
    assert "conversation_by_team" in plan
    assert "Seq Scan on conversations_conversation" not in plan
    assert statement is read.ALL_OF_TEAMS
