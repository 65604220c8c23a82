"""Pages while the database is away or full: in words, and drawn without it."""

from __future__ import annotations

import pytest
from django.db import OperationalError, connection
from django.test import Client
from psycopg import errors

from careline.accounts import sessions
from careline.accounts.models import Agent
from careline.channels import access
from careline.service.conversations import actions
from careline.web import middleware

AWAY = "The database does not answer just now. Try again in a moment."
FULL = "There is no room left to store this. Nothing was written."


def raising(error: Exception):
    def raises(*_of: object, **_more: object):
        raise error

    return raises


@pytest.fixture
def desk(boss, conversation):
    browser = Client(raise_request_exception=False)
    browser.cookies["careline_session"] = sessions.open_session(Agent.objects.get(pk=boss.agent_id))
    return browser


@pytest.mark.django_db
def test_nobody_can_be_known_without_a_database(desk, monkeypatch, django_assert_num_queries):
    monkeypatch.setattr(access, "actor_of_session", raising(OperationalError("gone")))
    with django_assert_num_queries(0):
        page = desk.get("/desk")
        words = desk.get("/desk/rows", headers={"HX-Request": "true"})
    assert (page.status_code, page["Retry-After"]) == (503, "2")
    assert f"<p>{AWAY}</p>" in page.content.decode()
    assert "default-src 'none'" in page["Content-Security-Policy"]
    assert (words.status_code, words.content.decode()) == (503, AWAY)


@pytest.mark.django_db(transaction=True)
def test_a_connection_that_broke_between_two_requests_is_replaced_without_a_word(desk):
    assert desk.get("/desk").status_code == 200
    connection.connection.close()
    assert desk.get("/desk").status_code == 200


@pytest.mark.django_db
def test_a_full_disk_is_told_where_something_was_to_be_written(desk, conversation, monkeypatch):
    full = OperationalError("could not extend file")
    full.__cause__ = errors.DiskFull("could not extend file")
    monkeypatch.setattr(actions, "note", raising(full))
    form = {"kind": "note", "body": "Hm"}
    words = desk.post(f"/desk/{conversation.pk}/messages", form, headers={"HX-Request": "true"})
    assert (words.status_code, words.content.decode()) == (507, FULL)
    page = desk.post(f"/desk/{conversation.pk}/messages", form, headers={"Accept-Language": "ar"})
    assert page.status_code == 507


@pytest.mark.django_db
def test_a_page_is_shown_though_the_visit_cannot_be_noted(desk, monkeypatch):
    monkeypatch.setattr(middleware, "_marked", {})
    monkeypatch.setattr(sessions, "mark_seen", raising(OperationalError("no room")))
    assert desk.get("/desk").status_code == 200


@pytest.mark.django_db
def test_the_page_of_a_fault_asks_the_database_nothing(desk, monkeypatch, django_assert_num_queries):
    monkeypatch.setattr(access, "actor_of_session", raising(ValueError("a fault of ours")))
    with django_assert_num_queries(0):
        page = desk.get("/desk")
    assert page.status_code == 500
    assert "The fault is ours" in page.content.decode()
