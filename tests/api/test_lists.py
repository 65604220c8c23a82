"""Pages: every item once, whatever falls on the same moment, and nothing that was not given counts as a cursor."""

from __future__ import annotations

import base64

import pytest

from careline.accounts.actor import Actor
from careline.api import cursors
from careline.service.conversations import actions
from careline.service.conversations.hot import words


@pytest.fixture
def crowd(ada, inbox, bo, nine):
    """Nine conversations whose last words all fell on one moment, and one with nine lines."""
    customer = Actor.customer(ada.pk, inbox.pk, name=ada.name)
    who = words.who(email="ada@example.com")
    opened = [
        actions.open_with(actor=customer, inbox_id=inbox.pk, person=who, body=f"No {n}", at=nine) for n in range(9)
    ]
    for n in range(8):
        actions.note(opened[0].conversation_id, actor=bo, body=f"Note {n}", at=nine)
    return [said.conversation_id for said in opened]


def walked(program, path: str, limit: int) -> list[str]:
    found, following, rounds = [], None, 0
    while rounds < 50:
        mark = "&" if "?" in path else "?"
        answer = program.get(f"{path}{mark}limit={limit}" + (f"&cursor={following}" if following else ""))
        assert answer.status == 200, answer.body
        assert len(answer.json["items"]) <= limit
        found += [str(one.get("id") or one) for one in answer.json["items"]]
        following, rounds = answer.json["next"], rounds + 1
        if following is None:
            return found
    raise AssertionError("the pages do not end")


PATHS = [
    "conversations", "conversations?view=unassigned", "conversations?customer_id={ada}", "conversations/{n}/messages",
    "customers/{ada}/touchpoints", "customers", "agents", "inboxes", "teams", "sources", "imports",
]  # fmt: skip
SAID = [
    "segments", "attributes", "purposes", "retention", "customers/{ada}/merges", "customers/{ada}/provenance",
    "customers/{ada}/consents", "customers/{ada}/companies", "customers/{ada}/holds", "customers/{ada}/decisions",
    "suppressions",
]  # fmt: skip


@pytest.fixture
def described(ada, boss, nine):
    """Five of everything that is said of a customer, as far as can be at one moment."""
    from careline import contact
    from careline.contact.models import Decision, Hold, Suppression
    from careline.customers import actions as customers
    from careline.customers.models import Person, Segment

    for n in range(5):
        Segment.objects.create(name=f"Segment {n}", rule={"of": "service", "what": "open"})
        customers.define_attribute(f"plan{n}", "Plan", "text", actor=boss)
        customers.define_purpose(f"letter{n}", "Same Name", "", actor=boss)
        customers.set_attributes(ada.pk, {f"plan{n}": "gold"}, actor=boss)
        customers.say_consent(ada.pk, f"letter{n}", given=False, actor=boss)
        customers.join_company_named(ada.pk, f"Firm {n}", actor=boss)
        customers.merge(ada.pk, Person.objects.create(name="A. Moreau").pk, actor=boss)
        contact.hold(ada.pk, "Asked for silence", actor=boss)
        contact.suppress(f"gone{n}@example.com", "user_unknown")
        contact.decide(ada.pk, f"letter{n}", "api", f"key {n}")
    Hold.objects.update(created_at=nine)
    Decision.objects.update(at=nine)
    Suppression.objects.update(at=nine)


@pytest.mark.parametrize("path", SAID)
def test_walking_what_is_said_of_a_customer_finds_everything_once(path, described, ada, boss, program):
    at, knocking = path.format(ada=ada.pk), program(boss)
    everything = walked(knocking, at, 200)
    assert len(set(everything)) == len(everything) > 4
    for limit in (1, 2, 4, len(everything)):
        assert walked(knocking, at, limit) == everything


@pytest.mark.parametrize("path", PATHS)
def test_walking_the_pages_finds_everything_once(path, crowd, ada, bos, boss, elsewhere, cy, program):
    from careline.accounts import actions as accounts
    from careline.customers.models import Person
    from careline.tracking import actions as tracking

    for n in range(5):
        accounts.create_team(f"Team {n}", actor=boss)
        Person.objects.create(name="Same Name")
        tracking.create_source("Same Name", "client", actor=boss)
        tracking.upload([b"user_id,event,timestamp\nu-1,A,2026-03-01\n"], name="same.csv", actor=boss)
    at, knocking = path.format(n=crowd[0], ada=ada.pk), program(boss)
    everything = walked(knocking, at, 200)
    assert len(set(everything)) == len(everything) > 1
    for limit in (1, 2, 4, 9):
        assert walked(knocking, at, limit) == everything


def test_a_full_last_page_says_that_it_is_the_last(crowd, bos):
    answer = bos.get("conversations?limit=9").json
    assert (len(answer["items"]), answer["next"]) == (9, None)
    assert bos.get(f"conversations/{crowd[0]}/messages?limit=9").json["next"] is None


FORGED = [
    "x", "%00", "=", "A" * 3000, "%F0%9F%A6%84",
    *(base64.urlsafe_b64encode(plain.encode()).decode().rstrip("=") for plain in (
        "", "c", "c:", "c:1", "c:1.", "c:.1", "c:1.0.0", "c:99999999999999999999.1", "c:99999999999999999.1",
        "c:-99999999999999999.1", "c:1.99999999999999999999", "c:١.1", "c:1.1\n", "m:2147483648", "m:-1", "p:-1",
        "p:9223372036854775808", "l:1.1", "l:1.00000000-0000-0000-0000-00000000000g", "i:9223372036854775808.x",
        "a:1.x\0", "t:1.\ud7ff", "d:1.1",
    )),
]  # fmt: skip


@pytest.mark.parametrize("every", [5, pytest.param(1, marks=pytest.mark.long)])
def test_a_cursor_that_no_list_gave_is_refused(every, crowd, ada, boss, program):
    """In the suite each list meets every fifth of them, another fifth than the list before."""
    knocking = program(boss)
    for turn, path in enumerate(PATHS + SAID):
        at = path.format(n=crowd[0], ada=ada.pk)
        for cursor in FORGED[turn % every :: every]:
            answer = knocking.get(f"{at}{'&' if '?' in at else '?'}cursor={cursor}")
            assert answer.status in (200, 422), (path, cursor, answer.body)
            if answer.status == 422:
                assert answer.told[1] == "cursor is not one that this list gave."


def test_a_cursor_of_one_list_is_none_of_another(crowd, bos):
    following = bos.get("conversations?limit=1").json["next"]
    assert bos.get(f"conversations/{crowd[0]}/messages?cursor={following}").told[0] == 422
    assert bos.get(f"customers?cursor={following}").told[0] == 422


def test_a_cursor_keeps_the_microsecond(nine):
    at = nine.replace(microsecond=123457)
    assert cursors.time_and_number("c", cursors.of_time("c", at, 7)) == (at, 7)
