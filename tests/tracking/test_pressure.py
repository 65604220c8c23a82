"""More than can be done at once: what has to wait, what is told to come again, and what lands together."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import msgspec

from careline.api import tracking
from careline.kit import clock
from careline.touchpoints.models import Touchpoint
from careline.tracking import hot

HELLO = {"anonymousId": "a-1", "event": "Hello", "properties": {"n": 1}, "messageId": "m-1"}


def test_more_than_can_be_written_is_told_to_come_again(sender, shop, line, monkeypatch):
    monkeypatch.setattr(tracking, "WAITING", 0)
    answer = sender(shop).post("track", HELLO)
    assert answer.status == 429
    assert int(answer.headers["retry-after"]) >= 1
    assert int(answer.headers["x-ratelimit-reset"]) >= clock.now().timestamp()
    assert line() == []
    monkeypatch.undo()
    assert sender(shop).post("track", HELLO).status == 200
    assert len(line()) == 1


def test_a_client_that_is_slow_to_speak_takes_nobodys_place(sender, shop, loop, monkeypatch):
    monkeypatch.setattr(tracking, "WAITING", 1)
    scope = {"type": "http", "method": "POST", "path": "/v1/track", "headers": []}
    said = asyncio.Event()

    async def receive() -> dict[str, object]:
        await said.wait()
        return {"type": "http.disconnect"}

    async def together() -> int:
        slow = asyncio.ensure_future(tracking.door(scope, receive, lambda _event: asyncio.sleep(0)))
        await asyncio.sleep(0)
        answer = await sender(shop).apost("track", HELLO)
        said.set()
        await slow
        return answer.status

    assert loop.run_until_complete(together()) == 200


def test_a_source_that_knocks_too_often_is_told_so_and_others_are_not(sender, shop, site, monkeypatch):
    monkeypatch.setattr(tracking, "A_SECOND", 0)
    assert sender(shop).post("track", HELLO).status == 429
    monkeypatch.setattr(tracking, "A_SECOND", 10_000)
    assert sender(site).post("track", HELLO).status == 200


def test_a_database_that_is_away_is_503_and_nothing_is_lost(sender, shop, line, monkeypatch):
    import psycopg

    def lost(*_given: object, **_named: object) -> None:
        raise psycopg.OperationalError("the connection is lost")

    monkeypatch.setattr(hot, "land", lost)
    answer = sender(shop).post("track", HELLO)
    assert answer.status == 503
    assert "retry-after" in answer.headers
    monkeypatch.undo()
    assert sender(shop).post("track", HELLO).status == 200
    assert len(line()) == 1


def test_what_waits_together_lands_together_and_each_is_told_its_own(sender, shop, site, line, loop, monkeypatch):
    landed: list[int] = []
    land = hot.land
    monkeypatch.setattr(tracking, "THREADS", 1)

    def slowly(source: hot.Source, requests: Sequence[hot.Read]) -> hot.Taken:
        landed.append(len(requests))
        return land(source, requests)

    monkeypatch.setattr(hot, "land", slowly)

    async def together() -> list[int]:
        tracking.room.at_work = 1  # nobody begins before all are there
        one, other = (msgspec.json.encode(HELLO | {"messageId": number}) for number in ("m-1", "m-2"))
        sendings = [(shop, one), (shop, b"{"), (None, one), (shop, other), (shop, one), (site, one)]
        tasks = [asyncio.ensure_future(sender(source).apost("track", raw=body)) for source, body in sendings]
        while len(tracking.room.waiting) < len(tasks):
            await asyncio.sleep(0)
        tracking.room.pool().submit(tracking.room.work)
        return [(await task).status for task in tasks]

    assert loop.run_until_complete(together()) == [200, 400, 401, 200, 200, 200]
    assert landed == [3, 1]
    assert len(line()) == 3


def test_one_that_cannot_land_keeps_the_others_from_nothing(sender, shop, line, loop, monkeypatch):
    land = hot.land

    def picky(source: hot.Source, requests: Sequence[hot.Read]) -> hot.Taken:
        if any(entry.event.message_id == "m-bad" for request in requests for entry in request.entries):
            raise ZeroDivisionError
        return land(source, requests)

    monkeypatch.setattr(hot, "land", picky)

    async def together() -> list[int]:
        tracking.room.at_work = tracking.THREADS
        tasks = [
            asyncio.ensure_future(sender(shop).apost("track", HELLO | {"messageId": one})) for one in ("m-1", "m-bad")
        ]
        while len(tracking.room.waiting) < len(tasks):
            await asyncio.sleep(0)
        tracking.room.pool().submit(tracking.room.work)
        return [(await task).status for task in tasks]

    assert loop.run_until_complete(together()) == [200, 500]
    assert len(line()) == 1


def test_a_whole_batch_is_one_transaction_of_few_statements(sent, shop, django_assert_max_num_queries, db):
    batch = [{"type": "track", "userId": f"u{n}", "event": "x"} for n in range(100)]
    sent(shop, *batch)
    with django_assert_max_num_queries(12):
        sent(shop, *batch)
    assert Touchpoint.objects.filter(kind="event.tracked").count() == 200
