"""Law 4 at every address: a stranger sees nothing, not visible is 404, visible but not allowed is 403."""

from __future__ import annotations

import re
from contextlib import contextmanager
from itertools import product

import pytest
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from careline.accounts import sessions
from careline.accounts.models import Agent
from careline.customers.models import ComputedTrait, Person, Segment, Suggestion
from careline.insights.metrics import noting
from careline.kit import clock
from careline.service.conversations.models import History
from tests.api.standing import topical
from tests.web.map import CHANGES, COUNTED, DOORS, GIVEN, OPEN, READS, SILLY, Door

pytestmark = pytest.mark.django_db


def routes() -> list[str]:
    """Every address of the map but the API's, whose doors answer programs and are walked by their own suite."""
    found: list[str] = []

    def walk(resolver: URLResolver, before: str) -> None:
        for one in resolver.url_patterns:
            route = before + str(one.pattern)
            if isinstance(one, URLResolver):
                walk(one, route)
            elif isinstance(one, URLPattern):
                found.append(route)

    walk(get_resolver(), "")
    return found


PAGES = [route for route in routes() if not route.startswith(("api/", "channels/"))]
LEADING = ("lead", "admin")
PROGRAMS = [route for route in routes() if route.startswith("api/")]


# What only mailboxes have.
MAILBOXES = ("/connection", "/consent", "/deliveries/<int:delivery_id>")


@pytest.fixture
def asked_of(ada):
    """A survey that is open, a plan of it, and what Ada was invited to."""
    from careline.accounts.actor import SYSTEM
    from careline.experience.surveys import actions as surveys
    from careline.experience.surveys import beginnings
    from careline.experience.surveys.sending import planning
    from careline.experience.surveys.sending.shapes import Planned

    survey = surveys.create("After help", beginnings.form(beginnings.named("help"), "en"), actor=SYSTEM)
    surveys.publish(survey.pk, actor=SYSTEM)
    plan = planning.make_plan(survey.pk, Planned(name="Help", kind="after"), actor=SYSTEM)
    return {
        "<int:plan_id>": plan.pk, "<int:survey_id>": survey.pk,
        "<int:response_id>": surveys.invite(survey.pk, ada.pk, actor=SYSTEM).pk,
    }  # fmt: skip


def answering(conversation, boss) -> dict[str, int | str]:
    """What answers: an article, a bot, an intent, and what stands beside the reply."""
    from careline.service.assist.alike import actions as alike
    from careline.service.bots import beginnings
    from careline.service.intents import actions as intents
    from careline.service.knowledge import actions as knowledge
    from careline.service.knowledge.shapes import Placed, Written

    article = knowledge.create(Written(title="A parcel", body="It comes."), Placed(), actor=boss, language="en")
    trouble = alike.link([conversation.pk], actor=boss, name="Courier")
    return {
        "<int:article_id>": article.article_id, "<str:slug>": article.slug, "<int:given_id>": 1,
        "<int:incident_id>": trouble.pk, "<int:bot_id>": beginnings.begin("order_status", actor=boss).pk,
        "<slug:code>": intents.keep("returns", "Returns", actor=boss).code, "<int:topic_id>": topical(conversation),
    }  # fmt: skip


@pytest.fixture
def address(conversation, ada, inbox, boss, asked_of):
    """An address of the map as it stands in a browser, all of it there."""
    from careline.accounts.actor import SYSTEM
    from careline.channels import actions
    from careline.channels.inbound import keep
    from careline.channels.models import Membership
    from careline.customers import actions as customers
    from careline.insights.live import alerting
    from careline.insights.reports import actions as reports
    from careline.service.recovery import actions as recovery
    from careline.tracking import actions as tracking

    twin = Person.objects.create(name="A. Moreau")
    let_in = {"address": "help@shop.example", "sign_in": "google", "client_id": "id-7"}
    mailbox = actions.create_inbox(actor=SYSTEM, kind="email", name="Mail", settings=let_in)
    Membership.objects.bulk_create(
        Membership(inbox=mailbox, agent_id=one.agent_id) for one in Membership.objects.filter(inbox=inbox)
    )
    recovery.begin(conversation.pk, actor=SYSTEM)
    CHANGES["customers/<int:person_id>/merge"].form["other"] = twin.pk
    known = asked_of | answering(conversation, boss) | {
        "<int:suggestion_id>": Suggestion.objects.create(one=ada, other=twin, evidence=["name"]).pk,
        "<int:conversation_id>": conversation.pk, "<int:seq>": 1, "<int:place>": 1, "<int:offer_id>": 1,
        "<int:history_id>": History.objects.create(inbox=inbox, name="years.mbox", state="stopped", left=1).pk,
        "<int:person_id>": ada.pk, "<int:inbox_id>": inbox.pk,
        "<int:segment_id>": Segment.objects.create(name="Given", rule=GIVEN, inboxes=[]).pk,
        "<int:trait_id>": ComputedTrait.objects.create(name="given", label="Given", formula=COUNTED, inboxes=[]).pk,
        "<int:company_id>": customers.make_company("Acme", actor=SYSTEM).company.pk,
        "<int:import_id>": tracking.upload(
            [b"user_id,event,timestamp\nu-1,Visited,2026-03-01T10:00Z\n"], name="visits.csv", actor=boss
        ).pk,
        "<int:annotation_id>": noting.annotate(actor=boss, at=clock.now(), words="New prices").pk,
        "<int:report_id>": reports.make("Given", actor=boss, every="day", recipients=[boss.agent_id], chosen={}).pk,
        "<int:view_id>": noting.keep_view("Given", {}, actor=boss).pk, "<str:name>": "csat", "<str:what>": "waiting",
        "<int:source_id>": tracking.create_source("Shop site", "client", actor=SYSTEM).pk,
        "<int:delivery_id>": keep(mailbox.pk, "one", b"Subject: One\r\n\r\n", {}).id, "<str:kind>": "email",
        "<str:key>": "no-such-key", "<str:token>": "no-such-token", "<int:agent_id>": boss.agent_id,
        "<uuid:file_id>": "0190e0a0-0000-7000-8000-000000000000",
        "<uuid:message_id>": "0190e0a0-0000-7000-8000-000000000000", "<int:number>": 0,
        "<str:source>": "saved", "<int:item>": 1,
        "<int:provider_id>": 1, "<str:secret>": "no-such-secret", "<str:language>": "en",
        "<int:alert_id>": alerting.keep_alert(
            alerting.Wanted(figure="waiting", limit=5, recipients=[boss.agent_id]), actor=boss
        ).pk,
    }  # fmt: skip

    def address(route: str) -> str:
        if route.endswith(MAILBOXES):
            route = route.replace("<int:inbox_id>", str(mailbox.pk))
        for part, value in known.items():
            route = route.replace(part, str(value))
        assert "<" not in route, f"{route}: tell this test what stands there"
        return f"/{route}"

    return address


def signed_in(actor) -> Client:
    browser = Client(raise_request_exception=False)
    browser.cookies["careline_session"] = sessions.open_session(Agent.objects.get(pk=actor.agent_id))
    return browser


def knock(browser: Client, path: str, door: Door):
    if door.method == "GET":
        return browser.get(path, door.form)
    if door.method == "POST":
        return browser.post(path, door.form)
    body = "&".join(f"{name}={value}" for name, value in door.form.items())
    return browser.generic(door.method, path, body, content_type="application/x-www-form-urlencoded")


def test_every_address_of_the_map_is_known_here():
    assert sorted(set(PAGES) - OPEN) == sorted(DOORS)


@contextmanager
def undone():
    """What is tried in here has not happened afterwards: one house serves for all who knock at an address."""
    block = transaction.atomic()
    # What is to last whatever comes may begin in it, as in a test itself.
    block._from_testcase = True
    with block:
        yield
        transaction.set_rollback(True)


def test_a_stranger_sees_nothing(address):
    for route, method in product(PAGES, ("GET", "POST", "PUT", "DELETE", "PATCH")):
        answer = Client(raise_request_exception=False).generic(method, address(route), "")
        shown = answer.content.decode()
        assert "Ada" not in shown, route
        assert "My order is late" not in shown, route
        if route in OPEN:
            assert answer.status_code in (200, 302, 404, 405, 422), (route, method, answer.status_code)
        elif answer.status_code == 302:
            assert method == "GET", route
            assert answer["Location"].startswith("/sign-in?next="), route
        else:
            assert answer.status_code in (401, 405), (route, method, answer.status_code)


def test_a_program_without_a_token_is_turned_away(client, conversation):
    for route, method in product(PROGRAMS, ("GET", "POST", "PUT", "PATCH", "DELETE")):
        path = "/" + re.sub(r"<[^>]+>", str(conversation.pk), route)
        if "(" in path or "^" in path:
            continue  # The rest of the API: nothing.
        answer = client.generic(method, path, "{}", content_type="application/json")
        if route in OPEN and method == "GET":
            assert answer.status_code == 200, path
        else:
            assert answer.status_code in (401, 404, 405), (method, path, answer.status_code)
        assert b"Ada" not in answer.content, (method, path)


def test_the_owner_comes_in_everywhere(address, boss):
    for route, door in DOORS.items():
        with undone():
            answer = knock(signed_in(boss), address(route), door)
        expected = (404,) if door.of == "file" else door.done
        assert answer.status_code in expected, (route, answer.content[:300])


@pytest.mark.long
def test_a_head_is_answered_as_a_get_without_the_body(address, boss):
    browser, stranger = signed_in(boss), Client(raise_request_exception=False)
    doors = [(browser, route, door) for route, door in READS.items()]
    # A passkey is answered and asked for, and who goes or says whether it helped only presses: never looked at.
    pressed = ("passkey", "/own/left", "/verdict")
    looked_at = [route for route in PAGES if route in OPEN and not any(one in route for one in pressed)]
    doors += [(stranger, route, Door()) for route in looked_at]
    for who, route, door in doors:
        path = address(route)
        got, head = who.get(path, door.form), who.head(path, door.form)
        assert head.status_code == got.status_code != 405, route
        assert head.headers.get("Content-Type") == got.headers.get("Content-Type"), route
        assert b"".join(head) == b"", route


def test_what_is_not_visible_is_not_found(address, dee):
    browser = signed_in(dee)
    for route, door in DOORS.items():
        if not door.of:
            continue
        with undone():
            answer = knock(browser, address(route), door)
        assert answer.status_code == 404, route
        assert b"My order is late" not in answer.content, route


@pytest.mark.parametrize("role", ["analyst", "agent", *(pytest.param(one, marks=pytest.mark.long) for one in LEADING)])
def test_what_is_visible_but_not_allowed_is_refused(address, hire, inbox, role):
    from careline.channels.models import Inbox, Membership

    agent = hire("Nia Works", role=role)
    for one in Inbox.objects.filter(pk__gte=inbox.pk):
        Membership.objects.create(agent=agent, inbox=one)
    for route, door in DOORS.items():
        if not door.permission:
            continue
        with undone():
            answer = knock(signed_in(agent.as_actor()), address(route), door)
        if door.permission in agent.role.permissions:
            assert answer.status_code in door.done, (route, answer.content[:300])
        else:
            assert answer.status_code == 403, route


SILLY_QUERIES = ("", "?before=²&after=²&limit=²&view=²&q=%00&done=%00", f"?before={'9' * 5000}&after={'9' * 5000}")


METHODS = ("GET", "POST", "PUT", "DELETE", "HEAD", "PATCH", "OPTIONS")
KINDS = ("application/x-www-form-urlencoded", "multipart/form-data", "application/json")


@pytest.mark.parametrize("part", [0, *(pytest.param(part, marks=pytest.mark.long) for part in range(1, 5))])
def test_no_door_breaks_on_a_method_or_on_nonsense(address, boss, part):
    """Every door is tried a little in every run (part 0), and with all there is in the long one."""
    browser = signed_in(boss)
    all_of_it = part > 0
    for route in PAGES[part - 1 :: 4] if all_of_it else PAGES:
        path = address(route)
        for method in METHODS if all_of_it else METHODS[:1]:
            with undone():
                for query in SILLY_QUERIES if all_of_it else SILLY_QUERIES[1:2]:
                    assert browser.generic(method, path + query).status_code < 500, (route, method, query[:40])
        for method, kind, body in product(
            ("POST", "PUT") if all_of_it else ("POST",), KINDS if all_of_it else KINDS[:1], (SILLY, b"\xff")
        ):
            with undone():
                answer = browser.generic(method, path, body, content_type=kind)
                assert answer.status_code < 500, (route, method, kind, body)
