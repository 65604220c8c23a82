"""What is said at once by several, and while somebody is erased."""

from __future__ import annotations

import threading
import time

import pytest
from django.db import connection, transaction

from careline.customers import actions as customers
from careline.customers.models import Identity
from careline.service.conversations import actions
from careline.service.conversations.hot import words
from careline.service.conversations.models import Conversation, Message

pytestmark = pytest.mark.django_db(transaction=True)


def test_first_words_racing_from_many_windows_make_one_person(inbox, bo):
    said = []

    def speak(n):
        try:
            said.append(
                actions.open_with(
                    actor=bo, inbox_id=inbox.pk, person=words.who(email="new@example.com"), body="hi", client_id=str(n)
                )
            )
        finally:
            connection.close()

    threads = [threading.Thread(target=speak, args=(n,)) for n in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len({s.person_id for s in said}) == 1
    assert len(said) == 6


def test_replies_racing_in_one_thread_leave_no_gap(conversation, bo):
    def speak():
        try:
            for _n in range(10):
                actions.reply(conversation.pk, actor=bo, body="x")
        finally:
            connection.close()

    threads = [threading.Thread(target=speak) for _n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert list(conversation.messages.order_by("seq").values_list("seq", flat=True)) == list(range(1, 42))


def said_while_erased(person, boss, speak):
    """What was said by somebody who had to wait until the person was erased."""
    said = []

    def spoken():
        try:
            said.append(speak())
        finally:
            connection.close()

    speaking = threading.Thread(target=spoken)
    with transaction.atomic():
        customers.erase(person.pk, actor=boss)
        speaking.start()
        with connection.cursor() as cursor:
            for _turn in range(200):
                cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted")
                if said or cursor.fetchone()[0]:
                    break
                time.sleep(0.05)
        assert not said, "somebody who is being erased is waited for"
    speaking.join()
    return said[0]


def test_words_that_come_while_a_person_is_erased_do_not_name_them_again(ada, boss, inbox):
    """The name they give now, and the address they had, are a new person's."""
    who = words.who(name="Ada Moreau", email="ada@example.com", visitor="telephone", scope=f"inbox:{inbox.pk}")
    said = said_while_erased(
        ada, boss, lambda: actions.open_with(actor=boss, inbox_id=inbox.pk, person=who, body="One more thing.")
    )
    assert not Identity.objects.filter(person=ada).exists()
    [new] = {one.person for one in Identity.objects.filter(value__in=["ada@example.com", "telephone"])}
    assert (new.pk, new.name) == (said.person_id, "Ada Moreau")
    assert Identity.objects.filter(person=new).count() == 2
    assert Conversation.objects.get().person_id == new.pk


def test_further_words_that_come_while_a_person_is_erased_bear_no_name(ada, boss, conversation):
    said = said_while_erased(ada, boss, lambda: actions.hear(conversation.pk, actor=boss, body="One more thing."))
    assert Message.objects.get(pk=said.message_id).author_name == ""
