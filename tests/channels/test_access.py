"""The two drivers of the one authorization answer the same, and a stranger is nobody."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import psycopg
import pytest
from django.db import connection
from django.db.models import F

from careline.accounts.actor import Actor
from careline.accounts.models import Agent, Role, Session, Token
from careline.channels import access
from careline.channels.models import Inbox, Membership
from careline.kit import clock, signing

Hire = Callable[..., Agent]


@pytest.fixture
def knock(database_url: str) -> Callable[[], dict[str, Actor | None]]:
    """What both drivers say to the same session and the same token; fails when they differ."""

    async def asked(key: str, secret: str) -> tuple[Actor | None, Actor | None]:
        async with await psycopg.AsyncConnection.connect(database_url, autocommit=True) as conn:
            return await access.aactor_of_session(conn, key), await access.aactor_of_token(conn, secret)

    def knock(key: str = "cookie", secret: str = "cl_secret") -> dict[str, Actor | None]:
        plain = access.actor_of_session(key), access.actor_of_token(secret)
        assert plain == asyncio.run(asked(key, secret))
        return {"session": plain[0], "token": plain[1]}

    return knock


@pytest.fixture
def agent(transactional_db: None, hire: Hire, inbox: Inbox, elsewhere: Inbox) -> Agent:
    """Bo, member of the shop's chat, signed in with the cookie "cookie" and holding the token "cl_secret"."""
    agent = hire("Bo Lindgren", role="agent")
    Membership.objects.create(agent=agent, inbox=inbox)
    expires = clock.now() + timedelta(days=1)
    Session.objects.create(session_key=signing.digest("cookie"), session_data="", expire_date=expires, agent=agent)
    Token.objects.create(agent=agent, name="script", digest=signing.digest("cl_secret"), prefix="cl_secr")
    return agent


def test_an_agent_is_drawn_from_session_and_token(agent: Agent, inbox: Inbox, knock: Any) -> None:
    said = knock()
    assert said["session"] == agent.as_actor((inbox.pk,))
    token = Token.objects.get()
    assert said["token"] == Actor(
        kind="token", id=token.pk, name="Bo Lindgren", agent_id=agent.pk,
        permissions=frozenset(agent.role.permissions), inbox_ids=(inbox.pk,), language="en", zone="UTC",
    )  # fmt: skip


@pytest.mark.parametrize("role", ["owner", "admin", "lead", "analyst"])
def test_who_may_see_every_inbox_sees_new_ones_at_once(agent: Agent, role: str, knock: Any) -> None:
    Agent.objects.update(role=Role.objects.get(name=role))
    late = Inbox.objects.create(kind="api", name="Late", key="late-one", secret=b"")
    every = tuple(sorted(Inbox.objects.values_list("pk", flat=True)))
    said = knock()
    assert late.pk in every
    assert said["session"].inbox_ids == said["token"].inbox_ids == every


def test_an_agent_of_no_inbox_sees_none(agent: Agent, knock: Any) -> None:
    Membership.objects.all().delete()
    said = knock()
    assert said["session"].inbox_ids == said["token"].inbox_ids == ()


def test_an_archived_inbox_is_still_read_by_its_members(agent: Agent, inbox: Inbox, knock: Any) -> None:
    Inbox.objects.update(archived_at=clock.now())
    assert knock()["session"].inbox_ids == (inbox.pk,)


CHANGES: dict[str, Callable[[], object]] = {
    "the agent left": lambda: Agent.objects.update(is_active=False),
    "the session ran out": lambda: Session.objects.update(expire_date=F("expire_date") - timedelta(days=2)),
    "the session is nobody's": lambda: Session.objects.update(agent=None),
    "the session was ended": lambda: Session.objects.all().delete(),
    "the token was revoked": lambda: Token.objects.update(revoked_at=clock.now()),
}


@pytest.mark.parametrize("change", CHANGES)
def test_what_ended_opens_nothing(agent: Agent, change: str, knock: Any) -> None:
    CHANGES[change]()
    said = knock()
    assert (said["session"] is None) == (change != "the token was revoked")
    assert (said["token"] is None) == (change in {"the agent left", "the token was revoked"})


@pytest.mark.parametrize("guess", ["", "wrong", "cookie ", "\0", "é", "\ud800", "x" * 100_000])
def test_a_guess_opens_nothing(agent: Agent, guess: str, knock: Any) -> None:
    assert knock(guess, guess) == {"session": None, "token": None}


def test_what_is_stored_opens_nothing(agent: Agent, knock: Any) -> None:
    stored = signing.digest("cookie")
    assert knock(stored, signing.digest("cl_secret")) == {"session": None, "token": None}


def test_a_changed_role_counts_from_the_next_request(agent: Agent, knock: Any) -> None:
    Role.objects.filter(name="agent").update(permissions=["conversations.view"])
    assert knock()["session"].permissions == {"conversations.view"}


def test_one_question_is_one_statement(agent: Agent, django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(1):
        assert access.actor_of_session("cookie") is not None
    with django_assert_num_queries(1):
        assert access.actor_of_token("cl_secret") is not None


def test_a_question_goes_by_keys_alone(agent: Agent) -> None:
    """On a large installation too: every table but the few inboxes of who sees all is entered by an index."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        text = access.TOKEN.text.replace("$1", "'x'").replace("$2", "now()").replace("$3", "'127.0.0.1'")
        cursor.execute(f"EXPLAIN {text}")
        plan = "\n".join(row[0] for row in cursor.fetchall())
    assert "accounts_token_digest" in plan
    assert "membership_is_once" in plan


def test_a_question_costs_the_database_little(agent: Agent) -> None:
    """Under 0.2 ms; the best of many rounds, since the clock of a busy machine only ever adds."""
    best = 1.0
    for _round in range(200):
        began = time.perf_counter()
        access.actor_of_session("cookie")
        best = min(best, time.perf_counter() - began)
    with connection.cursor() as cursor:
        text = access.SESSION.text.replace("$1", f"'{signing.digest('cookie')}'").replace("$2", "now()")
        text = text.replace("$3", "'127.0.0.1'")
        ran = []
        for _round in range(20):
            cursor.execute("EXPLAIN (ANALYZE, TIMING OFF, SUMMARY ON) " + text)
            ran += [float(row[0].split()[2]) for row in cursor.fetchall() if row[0].startswith("Execution Time")]
    assert min(ran) < 1.0
    assert best < 0.005
