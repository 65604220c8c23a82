"""The raw door and Django's are one API: the same request gets the same answer at both."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import msgspec
import pytest

from careline.accounts.actor import Actor
from careline.customers import actions as customers
from careline.kit import clock
from careline.service.conversations import actions
from careline.service.conversations.hot import words
from tests.api.requests import LONG, MATRIX


@pytest.fixture
def place(inbox, elsewhere, ada, hire, bo, cy, dee, program, raw) -> Any:
    """The same house behind both doors, and somebody of every kind before them."""
    from careline.accounts.models import Role
    from careline.channels.models import Membership

    Role.objects.create(name="blind", permissions=["customers.view"])
    blind = hire("Ben Blind", role="blind")
    Membership.objects.create(agent=blind, inbox=inbox)
    analyst = hire("Ana Lyst", role="analyst").as_actor((inbox.pk, elsewhere.pk))
    cast = {"bo": bo, "cy": cy, "dee": dee, "blind": blind.as_actor((inbox.pk,)), "analyst": analyst}

    class Place:
        programs = {name: program(actor) for name, actor in cast.items()} | {"nobody": program(None)}
        inbox_id, elsewhere_id, ada_id = inbox.pk, elsewhere.pk, ada.pk

        def conversation(self) -> int:
            said = actions.open_with(
                actor=Actor.customer(ada.pk, inbox.pk, name=ada.name),
                inbox_id=inbox.pk,
                person=words.who(email="ada@example.com"),
                body="My order is late.",
            )
            actions.reply(said.conversation_id, actor=bo, body="Let me see.")
            return said.conversation_id

        def fill(self, text: str, n: int) -> str:
            return (
                text.replace("{n}", str(n)).replace("{inbox}", str(self.inbox_id))
                .replace("{elsewhere}", str(self.elsewhere_id)).replace("{ada}", str(self.ada_id))
            )  # fmt: skip

    return Place()


def what_matters(answer) -> dict[str, str]:
    names = ("content-type", "www-authenticate", "retry-after", "allow", "cache-control", "x-content-type-options")
    return {name: answer.headers[name] for name in names if name in answer.headers}


def alike(body: bytes, *, written: bool) -> str:
    """What was made anew has an id and a time of its own; everything else is compared."""
    text = body.decode()
    if written:
        text = re.sub(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", "UUID", text)
        text = re.sub(r"\d{4}-\d\d-\d\dT[0-9:.]+Z", "TIME", text)
        text = re.sub(r'("(?:id|conversation_id)":)"\d+"', r'\1"N"', text)
        text = re.sub(r'"number":\d+', '"number":N', text)
    return text


def test_every_request_gets_the_same_answer_at_both_doors(place, raw):
    differing = []
    for who, method, path, body, headers, status in MATRIX:
        answers = []
        shared = place.conversation() if method == "GET" else 0
        for door in (lambda one: one, raw):
            n = shared or place.conversation()
            given: dict[str, Any] = {}
            if isinstance(body, bytes):
                given["raw"] = body
            elif body is not None:
                given["body"] = msgspec.json.decode(place.fill(msgspec.json.encode(body).decode(), n))
            one = door(place.programs[who])
            named = {name.replace("-", "_"): value for name, value in headers.items()}
            answers.append(one.ask(method, place.fill(path, n), **given, **named))
        first, second = answers
        written = method == "POST" and status < 400
        seen = [(a.status, what_matters(a), alike(a.body, written=written)) for a in answers]
        if seen[0] != seen[1] or first.status != status:
            differing.append(((who, method, path[:60], str(body)[:60], headers, status), seen[0], seen[1]))
    assert not differing, "\n\n".join(f"{asked}\nDjango: {one}\nraw:    {two}" for asked, one, two in differing)


def test_both_doors_refuse_a_conversation_that_was_put_away(place, raw, cy):
    for door in (lambda one: one, raw):
        number = place.conversation()
        actions.trash(number, actor=cy)
        bo = door(place.programs["bo"])
        for body in ({"body": "Hm"}, {"body": "Hm", "author": "customer"}):
            answer = bo.post(f"conversations/{number}/messages", body)
            assert answer.told == (409, "This conversation is in trash; take it out first.")


def test_what_was_sent_twice_is_written_once_whichever_door_it_came_through(place, raw):
    bo = place.programs["bo"]
    opening = {
        "inbox_id": str(place.inbox_id), "body": "Once", "client_id": "a-1", "customer": {"email": "lin@example.com"},
    }  # fmt: skip
    first = bo.post("conversations", opening)
    for again in (raw(bo).post("conversations", opening), bo.post("conversations", opening)):
        assert (again.status, again.json) == (201, first.json)
    room = f"conversations/{first.json['id']}/messages"
    for words_ in (
        {"body": "A", "client_id": "r-1"}, {"body": "B", "client_id": "n-1", "kind": "note"},
        {"body": "C", "client_id": "c-1", "author": "customer"},
    ):  # fmt: skip
        written = raw(bo).post(room, words_)
        assert written.status == 201
        for again in (raw(bo).post(room, words_), bo.post(room, words_)):
            assert (again.status, again.body) == (201, written.body)
    assert [one["body"] for one in bo.get(room).json["items"]] == ["Once", "A", "B", "C"]


def test_other_words_under_a_client_id_that_was_used_are_refused_at_both_doors_and_kept_at_none(place, raw):
    bo, told = place.programs["bo"], "This client_id was used for other words or another kind of message."
    opening = {
        "inbox_id": str(place.inbox_id), "body": "first words", "client_id": "lost-1",
        "customer": {"email": "lin3@example.com"},
    }  # fmt: skip
    room = f"conversations/{bo.post('conversations', opening).json['id']}/messages"
    reply = {"body": "first words", "client_id": "lost-2"}
    heard = {"body": "first words", "client_id": "lost-3", "author": "customer"}
    for given in (reply, heard):
        assert bo.post(room, given).status == 201
    edited = {"body": "edited words"}
    for door in (bo, raw(bo)):
        for path, asked in (
            ("conversations", opening | edited), (room, reply | edited), (room, reply | {"kind": "note"}),
            (room, heard | edited), (room, heard | edited | {"client_id": "lost-1"}),
        ):  # fmt: skip
            answer = door.post(path, asked)
            assert (answer.told, answer.json.get("field")) == ((422, told), "client_id"), asked
    assert [one["body"] for one in bo.get(room).json["items"]] == ["first words"] * 3


def test_first_words_sent_again_after_their_author_was_joined_open_nothing_at_either_door(place, raw, boss):
    bo, said = place.programs["bo"], {"body": "Once", "client_id": "a-2"}
    opening = {"inbox_id": str(place.inbox_id), "customer": {"email": "lin2@example.com"}} | said
    first = raw(bo).post("conversations", opening).json
    customers.merge(place.ada_id, int(first["customer"]["id"]), actor=boss)
    for door in (raw(bo), bo):
        again = door.post("conversations", opening)
        assert (again.status, again.json["id"], again.json["message"]) == (201, first["id"], first["message"])


def test_what_is_told_without_reading_it_back_is_what_stands_there(place, raw):
    """The raw door answers a write from what it knows; a look from the other door must find exactly that."""
    from careline.customers.models import Person

    room = f"conversations/{place.conversation()}/messages"
    Person.objects.filter(pk=place.ada_id).update(blocked_at=clock.now())
    django, knocking = place.programs["bo"], raw(place.programs["bo"])
    long = "Where is my order? " * 30
    for asked in (
        {"body": long, "subject": "S"}, {"body": "x", "customer": {"email": "ada@example.com", "name": "Not Ada"}},
        {"body": "y\n\n  z", "customer": {"name": "Lin"}}, {"body": "x", "customer": {"phone": "+442071838799"}},
    ):  # fmt: skip
        made = knocking.post("conversations", {"inbox_id": str(place.inbox_id)} | asked).json
        message = made.pop("message")
        assert made == django.get(f"conversations/{made['id']}").json
        assert [message] == django.get(f"conversations/{made['id']}/messages").json["items"]
    for asked in ({"body": long}, {"body": "x", "kind": "note"}, {"body": "y", "author": "customer"}):
        assert knocking.post(room, asked).json == django.get(room).json["items"][-1]


def test_what_the_raw_door_cannot_do_by_itself_django_does_for_it(place, raw):
    bo = raw(place.programs["bo"])
    stranger = {"inbox_id": str(place.inbox_id), "body": "We write first", "author": "agent"}
    assert bo.post("conversations", stranger).told[0] == 422
    local = {"inbox_id": str(place.inbox_id), "body": "Hi", "customer": {"phone": "020 7183 8750"}}
    assert bo.post("conversations", local).json["customer"]["name"] == "Ada Moreau"


def test_a_body_without_a_length_is_read_to_its_end(place, raw, monkeypatch):
    """Chunked, as some clients send."""
    bo = raw(place.programs["bo"])
    knock: Callable[..., Any] = bo._knock

    async def chunked(method, path, content, kind, headers):
        unmeasured = {"content-length": "", "transfer-encoding": "chunked"}
        return await knock(method, path, content, kind, headers | unmeasured)

    monkeypatch.setattr(bo, "_knock", chunked)
    number = place.conversation()
    assert bo.post(f"conversations/{number}/messages", {"body": "x" * 49_000}).status == 201
    assert bo.post(f"conversations/{number}/messages", {"body": LONG}).told[0] == 413
    phone = {"inbox_id": str(place.inbox_id), "body": "Hi", "customer": {"phone": "020 7183 8750"}}
    assert bo.post("conversations", phone).status == 201
