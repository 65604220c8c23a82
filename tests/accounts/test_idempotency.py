"""Repeated requests: one verb, one answer, by the synchronous and the raw door alike."""

from __future__ import annotations

import asyncio
import threading
from datetime import timedelta

import psycopg
import pytest
import time_machine
from django.db import connection

from careline.accounts import idempotency
from careline.accounts.idempotency import Answer, aonce, once
from careline.accounts.models import Idempotency, Team
from careline.kit.refusals import Conflicting, Refused
from tests.accounts.together import together


class Verb:
    """Counts how often it ran."""

    def __init__(self, body: bytes = b'{"id":"1"}') -> None:
        self.body, self.ran = body, 0

    def __call__(self) -> tuple[int, bytes]:
        self.ran += 1
        return 201, self.body

    async def later(self) -> tuple[int, bytes]:
        return self()


@pytest.mark.django_db
class TestOnce:
    def test_the_same_key_and_body_give_the_same_answer(self):
        verb = Verb(b'{"text":"caf\xc3\xa9 \\u0000"}')
        assert once(1, "order-7", "abc", verb) == Answer(201, verb.body)
        assert once(1, "order-7", "abc", verb) == Answer(201, verb.body, repeated=True)
        assert verb.ran == 1

    def test_another_body_is_refused(self):
        verb = Verb()
        once(1, "order-7", "abc", verb)
        with pytest.raises(Refused, match="another request") as refused:
            once(1, "order-7", "abd", verb)
        assert refused.value.status == 422
        assert verb.ran == 1

    def test_keys_belong_to_a_token(self):
        verb = Verb()
        once(1, "order-7", "abc", verb)
        once(2, "order-7", "abd", verb)
        once(12, "2", "abc", verb)
        once(1, "22", "abd", verb)
        assert verb.ran == 4

    def test_after_a_day_the_key_is_free_again(self):
        verb = Verb()
        once(1, "order-7", "abc", verb)
        made = Idempotency.objects.get().created_at
        with time_machine.travel(made + timedelta(hours=23, minutes=59)):
            once(1, "order-7", "abc", verb)
            assert verb.ran == 1
            assert idempotency.purge() == 0
        with time_machine.travel(made + timedelta(hours=24, seconds=1)):
            assert once(1, "order-7", "abd", Verb(b"new")).body == b"new"
            assert once(1, "order-7", "abd", verb) == Answer(201, b"new", repeated=True)
            assert idempotency.purge() == 0
        with time_machine.travel(made + timedelta(hours=49)):
            assert idempotency.purge() == 1

    @pytest.mark.parametrize("key", ["", "  ", "nul\0", "k" * 256])
    def test_a_key_that_cannot_be_one_is_refused(self, key):
        verb = Verb()
        with pytest.raises(Refused) as refused:
            once(1, key, "abc", verb)
        assert refused.value.field == "Idempotency-Key"
        assert verb.ran == 0


def test_a_verb_that_fails_leaves_no_answer(transactional_db):
    def failing():
        Team.objects.create(name="Half")
        raise ConnectionError

    with pytest.raises(ConnectionError):
        once(1, "order-7", "abc", failing)
    assert not Team.objects.exists()
    verb = Verb()
    assert once(1, "order-7", "abc", verb) == Answer(201, verb.body)


def test_while_one_is_in_flight_the_other_is_told_so(transactional_db):
    inside, finish, answers = threading.Event(), threading.Event(), []

    def slow():
        inside.set()
        assert finish.wait(20)
        return 201, b"slow"

    def first():
        try:
            answers.append(once(1, "order-7", "abc", slow))
        finally:
            connection.close()

    thread = threading.Thread(target=first)
    thread.start()
    try:
        assert inside.wait(20)
        verb = Verb()
        with pytest.raises(Conflicting, match="still being worked on"):
            once(1, "order-7", "abc", verb)
        assert once(1, "order-8", "abc", verb).status == 201
    finally:
        finish.set()
        thread.join(20)
    assert answers == [Answer(201, b"slow")]
    assert once(1, "order-7", "abc", verb) == Answer(201, b"slow", repeated=True)
    assert verb.ran == 1


def test_many_at_once_run_it_once(transactional_db):
    for round_ in range(5):
        verb = Verb()
        answers = together(*[lambda key=f"order-{round_}", verb=verb: once(1, key, "abc", verb)] * 6)
        assert verb.ran == 1
        assert {type(answer) for answer in answers} <= {Answer, Conflicting}
        assert {answer.body for answer in answers if isinstance(answer, Answer)} == {verb.body}


def run(url: str, *args) -> Answer:
    async def ask() -> Answer:
        async with await psycopg.AsyncConnection.connect(url, autocommit=True) as conn:
            return await aonce(conn, *args)

    return asyncio.run(ask())


def test_the_raw_door_says_the_same(database_url):
    verb = Verb()
    assert run(database_url, 1, "order-7", "abc", verb.later) == Answer(201, verb.body)
    assert once(1, "order-7", "abc", verb) == Answer(201, verb.body, repeated=True)
    assert run(database_url, 1, "order-7", "abc", verb.later) == Answer(201, verb.body, repeated=True)
    with pytest.raises(Refused, match="another request"):
        run(database_url, 1, "order-7", "abd", verb.later)
    with pytest.raises(Refused, match="NUL"):
        run(database_url, 1, "\0", "abc", verb.later)
    assert verb.ran == 1


def test_the_raw_door_sees_what_is_in_flight_at_the_other(database_url):
    def meanwhile():
        with pytest.raises(Conflicting):
            run(database_url, 1, "order-7", "abc", Verb().later)
        return 201, b"sync"

    assert once(1, "order-7", "abc", meanwhile) == Answer(201, b"sync")


def test_a_raw_verb_that_fails_leaves_no_answer(database_url):
    async def failing():
        raise ConnectionError

    with pytest.raises(ConnectionError):
        run(database_url, 1, "order-7", "abc", failing)
    assert not Idempotency.objects.exists()
