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
        # who asks, the counts, the rows, whether work is given out, the viewer
        ("/desk?view=all", {}, 5, 75),
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


@pytest.fixture
def exchanged(organization, ada, boss):
    """A mail thread with much around it: copies, a suppressed address, a forward, followers, what it goes on from."""
    from careline.accounts.actor import SYSTEM
    from careline.channels import actions as channels
    from careline.contact import actions as contact
    from careline.service.conversations.letters import addressed
    from careline.service.conversations.models import Conversation
    from tests.channels.email.arriving import arrive, written

    given = {"address": "help@shop.example", "smtp_host": "mail.shop.example"}
    box = channels.create_inbox(actor=SYSTEM, kind="email", name="Mail", settings=given)
    inboxes = type(boss)(boss.kind, boss.id, boss.name, boss.agent_id, boss.permissions, (*boss.inbox_ids, box.pk))
    arrive(box.pk, written("Before.", Subject="Before"))
    before = Conversation.objects.get()
    cc = ", ".join(f"c{n}@example.com" for n in range(9))
    arrive(box.pk, written(Cc=cc, Message_ID="<0@example.com>"))
    talk = Conversation.objects.exclude(pk=before.pk).get()
    for n in range(12):
        arrive(box.pk, written(f"And {n}?", Message_ID=f"<{n + 1}@example.com>", In_Reply_To=f"<{n}@example.com>"))
        actions.reply(talk.pk, actor=inboxes, body=f"Answer {n}")
    actions.forward(talk.pk, actor=inboxes, letter=addressed.of_fields({"to": "bo@warehouse.example"}))
    actions.follow(talk.pk, actor=inboxes)
    Conversation.objects.filter(pk=talk.pk).update(follows=before)
    contact.suppress("c3@example.com", "user_unknown")
    return talk.pk


@pytest.mark.parametrize(
    ("headers", "most"),
    [
        # as of a chat; beside that the inbox, its letters and people, who is suppressed, and how one signs
        (PIECE, 11),
        # and the list, its counts, the viewer
        ({}, 14),
    ],
)
def test_a_mail_thread_asks_eleven_things(exchanged, boss, browser_of, headers, most):
    browser, address = browser_of(boss), f"/desk/{exchanged}"
    browser.get(address, headers=headers)
    with CaptureQueriesContext(connection) as asked:
        answer = browser.get(address, headers=headers)
    page = answer.content.decode()
    for shown in ("c8@example.com", "nobody there has this name", "Goes on from", "forwarded to", "You"):
        assert shown in page
    assert len(asked) <= most, [query["sql"] for query in asked.captured_queries]


def test_a_reply_is_written_in_one_statement(filled, bo, browser_of):
    browser, address = browser_of(bo), f"/desk/{filled}/messages"
    browser.get("/desk/tabs", headers=PIECE)  # that somebody is here is noted once a minute
    with CaptureQueriesContext(connection) as asked:
        answer = browser.post(address, {"kind": "reply", "body": "Hm"}, headers=PIECE)
    assert answer.status_code == 201
    written = [query["sql"] for query in asked.captured_queries if "INSERT" in query["sql"]]
    assert len(written) == 1
    # who, the verb, the line as it is drawn; a test's own transaction adds savepoints
    assert len([query for query in asked.captured_queries if "SAVEPOINT" not in query["sql"]]) == 3
    assert len(answer.content) <= 2000
