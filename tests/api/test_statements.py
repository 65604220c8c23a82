"""What a request costs the database: a number that grows with the rows it tells would be a mistake."""

from __future__ import annotations

import pytest
from django.test.utils import CaptureQueriesContext

from careline.accounts.actor import Actor
from careline.service.conversations import actions
from careline.service.conversations.hot import words

SAVEPOINT = ("SAVEPOINT", "RELEASE SAVEPOINT")
# Who asks is one of them.
MOST = {
    "conversations": 2,
    "conversations?view=mine": 2,
    "conversations?customer_id={ada}": 2,
    "conversations/{n}": 2,
    "conversations/{n}/messages": 2,
    "customers": 4,
    "customers?q=ada": 5,
    "customers/{ada}": 4,
    "customers/{ada}/touchpoints": 4,
    "customers/{ada}/merges": 4,
    "suggestions": 2,
    "inboxes": 2,
    "agents": 3,
    "teams": 3,
}


@pytest.fixture
def filled(ada, inbox, bo, cy, boss):
    from careline.accounts import actions as accounts

    customer = Actor.customer(ada.pk, inbox.pk, name=ada.name)
    who = words.who(email="ada@example.com")
    said = [actions.open_with(actor=customer, inbox_id=inbox.pk, person=who, body=f"No {n}") for n in range(12)]
    for n in range(12):
        actions.reply(said[0].conversation_id, actor=bo, body=f"Answer {n}")
        accounts.create_team(f"Team {n}", actor=boss)
    return said[0].conversation_id


@pytest.mark.parametrize("path", MOST)
def test_reading_costs_the_same_however_much_there_is(path, filled, ada, bos, django_assert_max_num_queries):
    at = path.format(n=filled, ada=ada.pk)
    bos.get(at)  # the first use of a token is written down
    with django_assert_max_num_queries(MOST[path]):
        assert bos.get(at).status == 200


@pytest.mark.parametrize(
    ("path", "body", "most"),
    [
        # who, the verb, the row it made
        ("conversations/{n}/messages", {"body": "Hm"}, 3),
        ("conversations/{n}/messages", {"body": "Hm", "kind": "note"}, 3),
        ("conversations/{n}/messages", {"body": "Hm", "author": "customer"}, 3),
        # and the conversation
        ("conversations", {"inbox_id": "{inbox}", "body": "Hm", "customer": {"email": "ada@example.com"}}, 4),
    ],
)
def test_writing_is_one_statement_beside_knowing_who(path, body, most, filled, inbox, bos):
    from django.db import connection

    bos.get("conversations")
    asked = {name: inbox.pk if given == "{inbox}" else given for name, given in body.items()}
    with CaptureQueriesContext(connection) as asked_of:
        assert bos.post(path.format(n=filled), asked).status == 201
    statements = [one["sql"] for one in asked_of.captured_queries if not one["sql"].startswith(SAVEPOINT)]
    assert len(statements) <= most, statements


@pytest.mark.parametrize(
    ("method", "path", "body", "most"),
    [
        ("GET", "conversations", None, 2),
        ("GET", "conversations/{n}/messages", None, 2),
        ("POST", "conversations/{n}/messages", {"body": "Hm"}, 2),
        ("POST", "conversations/{n}/messages", {"body": "Hm", "author": "customer"}, 2),
        ("POST", "conversations", {"inbox_id": "{inbox}", "body": "Hm", "customer": {"email": "lin@example.com"}}, 2),
    ],
)
def test_the_raw_door_asks_as_little(raw, bos, conversation, inbox, monkeypatch, method, path, body, most):
    from psycopg.raw_cursor import AsyncRawCursor

    asked_of: list[bytes] = []
    execute = AsyncRawCursor.execute

    async def counted(self, query, *args, **given):
        asked_of.append(query)
        return await execute(self, query, *args, **given)

    knocking = raw(bos)
    knocking.get("conversations")
    monkeypatch.setattr(AsyncRawCursor, "execute", counted)
    asked = body and {name: str(inbox.pk) if given == "{inbox}" else given for name, given in body.items()}
    assert knocking.ask(method, path.format(n=conversation.pk), asked).status < 300
    assert len(asked_of) <= most, asked_of
