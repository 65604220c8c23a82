"""What a page of the desk costs the database and the line: neither grows with what there is beyond the page."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from careline.accounts.actor import Actor
from careline.service.conversations import actions
from careline.service.conversations.hot import words

PIECE = {"HX-Request": "true"}


@pytest.fixture
def filled(ada, inbox, bo):
    """Sixty conversations; the first of them with sixty messages."""
    customer = Actor.customer(ada.pk, inbox.pk, name=ada.name)
    said = [
        actions.open_with(
            actor=customer, inbox_id=inbox.pk, person=words.who(email=f"n{n}@example.com"), body=f"No {n}"
        )
        for n in range(60)
    ]
    for n in range(60):
        actions.reply(said[0].conversation_id, actor=bo, body=f"Answer {n} " + "words " * 20)
    return said[0].conversation_id


# Who asks is one of each.
@pytest.mark.parametrize(
    ("path", "headers", "statements", "kilobytes"),
    [
        # the counts, the rows, the viewer
        ("/desk?view=all", {}, 4, 75),
        ("/desk/rows?view=all", PIECE, 2, 65),
        ("/desk/tabs?view=all", PIECE, 2, 2),
        # the conversation, its lines, who can have it, the customer, their line; and their other talks if any
        ("/desk/{n}", PIECE, 6, 75),
        ("/desk/{n}/earlier?before=30", PIECE, 3, 40),
    ],
)
def test_a_page_asks_few_things_and_is_short(path, headers, statements, kilobytes, filled, bo, browser_of):
    browser, address = browser_of(bo), path.format(n=filled)
    browser.get(address, headers=headers)
    with CaptureQueriesContext(connection) as asked:
        answer = browser.get(address, headers=headers)
    assert answer.status_code == 200
    assert len(asked) <= statements, [query["sql"] for query in asked.captured_queries]
    assert len(answer.content) <= kilobytes * 1000


def test_a_reply_is_written_in_one_statement(filled, bo, browser_of):
    browser, address = browser_of(bo), f"/desk/{filled}/messages"
    with CaptureQueriesContext(connection) as asked:
        answer = browser.post(address, {"kind": "reply", "body": "Hm"}, headers=PIECE)
    assert answer.status_code == 201
    written = [query["sql"] for query in asked.captured_queries if "INSERT" in query["sql"]]
    assert len(written) == 1
    # who, the verb, the line as it is drawn; a test's own transaction adds savepoints
    assert len([query for query in asked.captured_queries if "SAVEPOINT" not in query["sql"]]) == 3
    assert len(answer.content) <= 2000
