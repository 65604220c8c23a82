"""Sessions as Django's own machinery sees them, and when they were last seen."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from asgiref.sync import async_to_sync
from django.test import Client

from careline.accounts import sessions
from careline.accounts.models import Agent, Session
from careline.accounts.sessions import SessionStore
from careline.channels.access import actor_of_session
from careline.kit import signing


@pytest.mark.django_db
class TestStore:
    def test_what_is_put_in_comes_out(self):
        store = SessionStore()
        store["colour"] = "ink"
        store.save()
        key = store.session_key
        assert Session.objects.get().session_key == signing.digest(key) != key
        again = SessionStore(key)
        assert again["colour"] == "ink"
        again["colour"] = "paper"
        again.save()
        assert SessionStore(key)["colour"] == "paper"
        assert Session.objects.get().get_decoded() == {"colour": "paper"}

    def test_the_digest_opens_nothing(self):
        store = SessionStore()
        store["colour"] = "ink"
        store.save()
        stranger = SessionStore(Session.objects.get().session_key)
        assert stranger.get("colour") is None
        assert stranger.session_key is None

    def test_a_session_moves_to_a_new_key_and_ends(self):
        store = SessionStore()
        store["colour"] = "ink"
        store.save()
        old = store.session_key
        store.cycle_key()
        assert SessionStore(old).get("colour") is None
        assert SessionStore(store.session_key)["colour"] == "ink"
        store.flush()
        assert not Session.objects.exists()

    def test_an_ended_one_is_not_brought_back(self):
        store = SessionStore()
        store["colour"] = "ink"
        store.save()
        other = SessionStore(store.session_key)
        other.load()
        store.flush()
        assert not other.exists(other.session_key)
        assert SessionStore(other.session_key).load() == {}

    def test_one_that_expired_is_empty(self):
        store = SessionStore()
        store["colour"] = "ink"
        store.save()
        with time_machine.travel(Session.objects.get().expire_date + timedelta(seconds=1)):
            assert SessionStore(store.session_key).get("colour") is None
            assert sessions.purge() == 1


def test_the_asynchronous_ways_keep_digests_too(transactional_db):
    async def story() -> tuple[str, str]:
        store = SessionStore()
        await store.aset("colour", "ink")
        await store.asave()
        key = store.session_key
        found = await SessionStore(key).aget("colour")
        assert await store.aexists(key)
        assert not await store.aexists(signing.digest(key))
        await store.adelete(key)
        assert not await store.aexists(key)
        return key, found

    _key, found = async_to_sync(story)()
    assert found == "ink"
    assert not Session.objects.exists()


def test_djangos_test_client_signs_an_agent_in(bo, settings):
    client = Client()
    client.force_login(Agent.objects.get(pk=bo.agent_id))
    assert actor_of_session(client.cookies[settings.SESSION_COOKIE_NAME].value) == bo


def test_what_was_known_of_a_session_survives_a_write(bo):
    agent = Agent.objects.get(pk=bo.agent_id)
    key = sessions.open_session(agent, user_agent="Firefox 150", address="127.0.0.1")
    store = SessionStore(key)
    store["colour"] = "ink"
    store.save()
    row = Session.objects.get()
    assert (row.agent_id, row.user_agent, row.address) == (agent.pk, "Firefox 150", "127.0.0.1")
    assert actor_of_session(key) == bo


def test_odd_headers_are_kept_as_far_as_they_can_be(bo):
    agent = Agent.objects.get(pk=bo.agent_id)
    sessions.open_session(agent, user_agent="\0\ud800" + "x" * 1000, address="y" * 100)
    row = Session.objects.get()
    assert (row.user_agent, row.address) == ("?" + "x" * 399, "y" * 45)


def test_being_seen_is_written_at_most_once_a_minute(bo, nine, django_assert_num_queries):
    with time_machine.travel(nine, tick=False):
        key = sessions.open_session(Agent.objects.get(pk=bo.agent_id))

    def seen_after(seconds):
        with time_machine.travel(nine + timedelta(seconds=seconds), tick=False):
            sessions.mark_seen(key)
        return (Session.objects.get().seen_at - nine).total_seconds()

    assert [seen_after(seconds) for seconds in (30, 59, 60, 90, 200)] == [0, 0, 60, 60, 200]
    with time_machine.travel(nine + timedelta(seconds=230), tick=False), django_assert_num_queries(0):
        sessions.mark_seen(key, seen_at=nine + timedelta(seconds=200))
