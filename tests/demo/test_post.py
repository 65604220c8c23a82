"""The demo company's mailbox: threads in three languages, and what a mailbox lives through."""

from __future__ import annotations

import random
from datetime import timedelta

import pytest

from careline.channels.models import Inbox, Outbox
from careline.contact.models import Suppression
from careline.demo import company, post
from careline.demo.people import characters
from careline.demo.post import letters
from careline.kit import clock
from careline.service.conversations.models import Conversation, History, Message


@pytest.mark.django_db
def test_its_mailbox_holds_believable_threads_and_nothing_leaves_it():
    house = company.found()
    now = clock.now()
    post.bring(house, characters(300, random.Random(1)), end=now, days=90)
    box = Inbox.objects.get(kind="email")
    assert (box.settings["imap_host"], box.settings["smtp_host"]) == ("", "")
    brought = History.objects.get()
    assert (brought.state, brought.left, brought.unreadable) == ("done", 0, 0)
    talks = Conversation.objects.filter(inbox=box)
    assert talks.count() == len(letters.EARLIER) + len(letters.TODAY) + 2
    assert {one.subject for one in talks.exclude(state="resolved")} == {
        one.subject for one in (letters.BOUNCED, letters.ASKED_ABOUT, *letters.TODAY)
    }
    told = Message.objects.filter(inbox=box).exclude(kind="system")
    assert told.filter(occurred_at__gt=now).count() == 0
    assert now - min(told.values_list("occurred_at", flat=True)) > timedelta(days=60)
    assert told.filter(letter__automatic__isnull=False).count() == 1
    assert told.filter(kind="forward").count() == 1
    assert {"teapot.png", "invoice-HH-48213.pdf"} <= set(told.values_list("attachments__name", flat=True))
    # Whoever of us wrote is known by name.
    assert set(told.filter(kind="reply").values_list("author_name", flat=True)) == {
        "Tomas Reyl", "Karim Aziz", "Sari Wulandari", "Ines Calder", company.NAME,
    }  # fmt: skip
    assert sorted(Outbox.objects.values_list("state", flat=True)) == ["failed", "sent"]
    assert Suppression.objects.get().address == letters.BOUNCED.writer[1]


def test_a_small_company_gets_no_more_mail_than_it_has_customers_for(db):
    house = company.found()
    post.bring(house, characters(28, random.Random(1)), end=clock.now(), days=90)
    assert Conversation.objects.filter(inbox=house.post).count() == 2
