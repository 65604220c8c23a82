"""The hot reads: the same rows as the ORM would give, by index, and for nobody else."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from psycopg.raw_cursor import RawCursor

from careline.service.conversations import actions, queries
from careline.service.conversations.hot import doors, read, receive, speak, words
from careline.service.conversations.models import Conversation
from careline.touchpoints import kinds
from careline.touchpoints.models import Touchpoint

pytestmark = pytest.mark.django_db


@pytest.fixture
def crowd(bo, cy, inbox, elsewhere, nine):
    """Thirty conversations in two inboxes, some at one moment, some Bo's."""
    ids = []
    everywhere = type(cy)(cy.kind, cy.id, cy.name, cy.agent_id, cy.permissions, (inbox.pk, elsewhere.pk))
    for n in range(30):
        place = elsewhere if n % 3 == 0 else inbox
        said = actions.open_with(
            actor=everywhere, inbox_id=place.pk, person=words.who(email=f"c{n}@example.com"), body=f"words {n}",
            at=nine + timedelta(minutes=n // 4),
        )  # fmt: skip
        ids.append(said.conversation_id)
        if n % 5 == 0:
            actions.assign(said.conversation_id, actor=everywhere, agent_id=cy.agent_id)
        if n % 7 == 0:
            actions.resolve(said.conversation_id, actor=everywhere)
    return everywhere


@pytest.mark.parametrize(
    ("view", "state"), [("all", "open"), ("all", "resolved"), ("mine", "open"), ("unassigned", "open")]
)
def test_a_view_is_what_the_orm_would_list(crowd, bo, view, state):
    for actor in (crowd, bo):
        wanted = Conversation.objects.visible_to(actor).filter(state=state)
        if view == "mine":
            wanted = wanted.filter(assignee_id=actor.agent_id)
        if view == "unassigned":
            wanted = wanted.filter(assignee=None)
        rows = queries.listed(actor, view=view, state=state, limit=200)
        assert [row.id for row in rows] == list(wanted.order_by("-active_at", "-pk").values_list("pk", flat=True))
        for row, one in zip(
            rows, wanted.select_related("person", "assignee").order_by("-active_at", "-pk"), strict=True
        ):
            assert (row.person_name, row.subject, row.preview, row.tags) == (
                one.person.name, one.subject, one.preview, one.tags,
            )  # fmt: skip
            assert row.assignee_name == (one.assignee.name if one.assignee else None)
            assert row.unread == (one.heard_seq > one.seen_seq)


def test_paging_by_key_shows_every_row_once_though_moments_are_shared(crowd):
    seen, before = [], None
    while rows := queries.listed(crowd, limit=4, before=before):
        seen += [row.id for row in rows]
        before = (rows[-1].active_at, rows[-1].id)
    assert seen == [row.id for row in queries.listed(crowd, limit=200)]
    assert len(seen) == len(set(seen))


def test_who_sees_no_inbox_sees_no_row(crowd, dee, conversation):
    assert queries.listed(dee) == []
    assert queries.thread(dee, conversation.pk) == []
    assert queries.since(dee, conversation.pk, after=0) == []
    assert queries.counts(dee).all == 0
    blind = type(crowd)("agent", 1, "x", 1, frozenset(), crowd.inbox_ids)
    assert queries.listed(blind) == []
    assert queries.thread(blind, conversation.pk) == []
    assert queries.counts(blind).all == 0


def test_a_customer_sees_only_what_was_shared_with_them(conversation, bo, ada, inbox, elsewhere):
    actions.note(conversation.pk, actor=bo, body="secret")
    actions.reply(conversation.pk, actor=bo, body="hello")
    actions.resolve(conversation.pk, actor=bo)
    shared = queries.shared_with(ada.pk, conversation_id=conversation.pk, inbox_id=inbox.pk)
    assert [(row.kind, row.shared_seq) for row in shared] == [("reply", 2), ("incoming", 1)]
    assert queries.shared_with(ada.pk + 1, conversation_id=conversation.pk, inbox_id=inbox.pk) == []
    assert queries.shared_with(ada.pk, conversation_id=conversation.pk, inbox_id=elsewhere.pk) == []


def plan_of(statement, **given):
    with RawCursor(connection.connection) as cursor:
        cursor.execute(f"EXPLAIN {statement.text}".encode(), tuple(given[name] for name in statement.names))
        return "\n".join(row[0] for row in cursor.fetchall())


def test_lists_and_threads_walk_their_indexes(crowd, bo, conversation):
    with connection.cursor() as cursor:
        cursor.execute(
            """INSERT INTO conversations_conversation (inbox_id, person_id, channel, active_at, assignee_id)
            SELECT CASE n %% 2 WHEN 0 THEN %s ELSE %s END, %s, 'webchat', now() - n * interval '1 minute',
              CASE n %% 9 WHEN 0 THEN %s::bigint END FROM generate_series(1, 4000) n""",
            [*crowd.inbox_ids, conversation.person_id, bo.agent_id],
        )
        # Threads long enough that a look at all of them would cost more than the index, whatever was here before.
        cursor.execute(
            """INSERT INTO conversations_message (id, conversation_id, inbox_id, seq, kind, author_kind, event)
            SELECT gen_random_uuid(), c.id, c.inbox_id, c.last_seq + n, 'system', 'system', '{}'
            FROM conversations_conversation c, generate_series(1, 20) n WHERE c.id %% 10 = 0 OR c.id = %s""",
            [conversation.pk],
        )
        cursor.execute("ANALYZE conversations_conversation, conversations_message, conversations_attachment")
    page = {"inboxes": list(crowd.inbox_ids), "limit": 50, "before_at": doors.END_OF_TIME, "before_id": doors.LAST_ID}
    assert "conversation_by_inbox" in plan_of(read.ALL, state="open", **page)
    assert "conversation_unassigned" in plan_of(read.UNASSIGNED, state="open", **page)
    assert "conversation_by_assignee" in plan_of(read.MINE, state="open", agent=bo.agent_id, **page)
    thread = plan_of(read.THREAD, conversation=conversation.pk, before=10, limit=50, **words.whole([1]))
    assert "message_seq_is_gapless" in thread
    assert "Sort Key: m.seq" not in thread


def test_what_hot_statements_write_on_the_line_fits_the_catalog(conversation, bo, ada, inbox):
    actions.reply(conversation.pk, actor=bo, body="x")
    actions.note(conversation.pk, actor=bo, body="x")
    actions.resolve(conversation.pk, actor=bo)
    actions.hear(conversation.pk, actor=bo, body="x")
    written = list(Touchpoint.objects.filter(person_id=ada.pk).order_by("recorded_at"))
    assert {t.kind for t in written} >= {
        "conversation.opened", "message.received", "message.sent", "message.noted", "conversation.reopened",
    }  # fmt: skip
    for touchpoint in written:
        kinds.named(touchpoint.kind).check(touchpoint.facts)


def test_a_hot_verb_is_one_statement(conversation, bo, inbox, django_assert_num_queries):
    given = words.our_words(actor=bo, conversation_id=conversation.pk, body="x")
    with django_assert_num_queries(1):
        speak.REPLY.one(**given)
    given = words.first_words(actor=bo, inbox_id=inbox.pk, person=words.who(email="n@example.com"), body="x")
    with django_assert_num_queries(1):
        receive.OPEN.one(**given)
    with django_assert_num_queries(1):
        queries.listed(bo)
