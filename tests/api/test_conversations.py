"""Conversations through the API, as an integrator lives them."""

from __future__ import annotations

from datetime import timedelta

import pytest

from careline.kit import clock


@pytest.fixture
def opened(bos, inbox):
    """A conversation opened through the API."""
    answer = bos.post(
        "conversations",
        {
            "inbox_id": str(inbox.pk),
            "customer": {"name": "Lin Osei", "email": "lin@example.com"},
            "subject": "Late order",
            "body": "Where is my order?",
        },
    )
    assert answer.status == 201
    return answer.json


def test_a_conversation_is_opened_with_the_customers_words(opened, bos, inbox):
    message = opened.pop("message")
    assert opened == bos.get(f"conversations/{opened['id']}").json
    assert opened | {"opened_at": "", "active_at": ""} == {
        "id": str(opened["number"]), "number": opened["number"], "inbox_id": str(inbox.pk), "channel": "webchat",
        "subject": "Late order", "state": "open", "handled_by": "queue", "waiting_on": "us", "priority": 0, "tags": [],
        "assignee_id": None, "team_id": None, "customer": opened["customer"], "opened_at": "", "active_at": "",
        "resolved_at": None, "snoozed_until": None, "due_at": None,
        "preview": "Where is my order?", "unread": True, "seq": 1, "attributes": {}, "follows_id": None,
    }  # fmt: skip
    assert message | {"id": "", "occurred_at": ""} == {
        "id": "", "conversation_id": opened["id"], "kind": "incoming", "body": "Where is my order?",
        "author": {"kind": "customer", "id": opened["customer"]["id"], "name": "Lin Osei"}, "seq": 1,
        "channel": "webchat", "status": "", "status_reason": "", "event": None, "attachments": [], "occurred_at": "",
        "letter": None,
    }  # fmt: skip


def test_the_same_customer_is_found_again_by_any_of_their_names(bos, inbox, opened):
    asked = {"inbox_id": inbox.pk, "body": "Me again", "customer": {"email": "LIN@Example.com"}}
    again = bos.post("conversations", asked)
    assert again.json["customer"] == opened["customer"]
    assert again.json["id"] != opened["id"]


def test_answers_and_notes_join_the_thread_and_the_line(bos, bo, opened, line_of):
    room = f"conversations/{opened['id']}/messages"
    reply = bos.post(room, {"body": "On its way."}).json
    assert (reply["kind"], reply["status"], reply["author"]) == (
        "reply", "sent", {"kind": "agent", "id": str(bo.agent_id), "name": bo.name},
    )  # fmt: skip
    note = bos.post(room, {"body": "Carrier was late again.", "kind": "note"}).json
    assert (note["kind"], note["status"]) == ("note", "")
    heard = bos.post(room, {"body": "Thank you!", "author": "customer"}).json
    assert (heard["kind"], heard["author"]["name"]) == ("incoming", "Lin Osei")
    lines = bos.get(room).json["items"]
    assert [(one["seq"], one["kind"]) for one in lines] == [(1, "incoming"), (2, "reply"), (3, "note"), (4, "incoming")]
    assert [one["id"] for one in lines[1:]] == [reply["id"], note["id"], heard["id"]]
    assert [moment.kind for moment in line_of(int(opened["customer"]["id"]))] == [
        "conversation.opened", "message.received", "message.sent", "message.noted", "message.received",
    ]  # fmt: skip


def test_a_conversation_is_resolved_and_opened_again(bos, opened):
    closure = f"conversations/{opened['id']}/closure"
    resolved = bos.put(closure)
    assert (resolved.status, resolved.json["state"]) == (200, "resolved")
    assert resolved.json["resolved_at"] is not None
    assert bos.put(closure).told == (409, "This conversation was already resolved.")
    assert bos.delete(closure).json["state"] == "open"
    assert bos.delete(closure).told == (409, "This conversation is already open.")
    events = [one["event"] for one in bos.get(f"conversations/{opened['id']}/messages").json["items"] if one["event"]]
    assert [one["verb"] for one in events] == ["resolved", "reopened"]


def test_words_of_the_customer_open_a_resolved_conversation(bos, opened):
    bos.put(f"conversations/{opened['id']}/closure")
    bos.post(f"conversations/{opened['id']}/messages", {"body": "Still nothing", "author": "customer"})
    assert bos.get(f"conversations/{opened['id']}").json["state"] == "open"


def test_a_conversation_sleeps_until_its_time_or_until_it_is_woken(bos, opened):
    snooze = f"conversations/{opened['id']}/snooze"
    until = (clock.now() + timedelta(days=2)).replace(microsecond=0)
    slept = bos.put(snooze, {"until": until.isoformat().replace("+00:00", "Z")})
    assert (slept.json["state"], slept.json["snoozed_until"]) == ("snoozed", until.isoformat().replace("+00:00", "Z"))
    assert bos.delete(f"conversations/{opened['id']}/closure").told[0] == 409
    assert bos.delete(snooze).json["state"] == "open"
    assert bos.delete(snooze).told[0] == 409
    bos.put(f"conversations/{opened['id']}/closure")
    assert bos.delete(snooze).told[0] == 409
    assert bos.get(f"conversations/{opened['id']}").json["state"] == "resolved"


@pytest.mark.parametrize(
    "until",
    [
        "2020-01-01T00:00:00Z", "2300-01-01T00:00:00Z", "9999-12-31T23:59:59-05:00", "0001-01-01T00:00:00+05:00",
        "2030-01-01T00:00:00", "tomorrow", 5, None,
    ],
)  # fmt: skip
def test_a_time_that_cannot_be_is_refused(bos, opened, until):
    status, _sentence = bos.put(f"conversations/{opened['id']}/snooze", {"until": until}).told
    assert status == 422


def test_a_conversation_is_given_to_an_agent_a_team_or_back(bos, bo, boss, opened):
    from careline.accounts import actions

    team = actions.create_team("Deliveries", actor=boss)
    assignment = f"conversations/{opened['id']}/assignment"
    mine = bos.put(assignment, {"agent_id": str(bo.agent_id)}).json
    assert (mine["assignee_id"], mine["team_id"], mine["handled_by"]) == (str(bo.agent_id), None, "agent")
    assert [one["id"] for one in bos.get("conversations?view=mine").json["items"]] == [opened["id"]]
    both = bos.put(assignment, {"agent_id": bo.agent_id, "team_id": str(team.pk)}).json
    assert (both["assignee_id"], both["team_id"]) == (str(bo.agent_id), str(team.pk))
    queued = bos.put(assignment, {"agent_id": None, "team_id": None}).json
    assert (queued["assignee_id"], queued["team_id"], queued["handled_by"]) == (None, None, "queue")
    bos.put(assignment, {"team_id": str(team.pk)})
    assert bos.delete(assignment).json["team_id"] is None


def test_only_who_sees_the_inbox_can_be_given_its_conversations(bos, dee, opened):
    assignment = f"conversations/{opened['id']}/assignment"
    assert bos.put(assignment, {"agent_id": str(dee.agent_id)}).told[0] == 422
    assert bos.put(assignment, {"agent_id": "999999"}).told[0] == 422
    assert bos.put(assignment, {"team_id": "nobody"}).told[0] == 404
    assert bos.put(assignment, {}).told[0] == 422


def test_priority_and_tags_are_set_together_or_not_at_all(bos, opened):
    address = f"conversations/{opened['id']}"
    marked = bos.patch(address, {"priority": 4, "tags": ["late", "vip", "late"]}).json
    assert (marked["priority"], marked["tags"]) == (4, ["late", "vip"])
    assert bos.patch(address, {"priority": 1, "tags": ["x" * 61]}).told[0] == 422
    assert bos.get(address).json["priority"] == 4
    assert bos.patch(address, {"priority": 9}).told == (422, "priority: expected a whole number <= 4.")
    assert bos.patch(address, {"colour": "red"}).told[0] == 422
    assert bos.patch(address, {"tags": []}).json["tags"] == []


def test_all_conversations_of_one_customer_are_listed_in_every_state(bos, opened, conversation):
    bos.put(f"conversations/{opened['id']}/closure")
    mine = bos.get(f"conversations?customer_id={opened['customer']['id']}").json
    assert [one["id"] for one in mine["items"]] == [opened["id"]]
    assert bos.get("conversations?customer_id=999999").json == {"items": [], "next": None}


def test_ids_are_text_everywhere(bos, bo, boss, opened):
    bos.put(f"conversations/{opened['id']}/assignment", {"agent_id": str(bo.agent_id)})
    lines = bos.get(f"conversations/{opened['id']}/messages").json["items"]
    touchpoints = bos.get(f"customers/{opened['customer']['id']}/touchpoints").json["items"]

    def walk(value, name=""):
        if isinstance(value, dict):
            for key, inner in value.items():
                yield from walk(inner, key)
        elif isinstance(value, list):
            for inner in value:
                yield from walk(inner, name)
        elif name == "id" or name.endswith("_id") or name in ("conversation", "message", "team"):
            yield name, value

    found = [*walk(bos.get("conversations").json), *walk(lines), *walk(touchpoints)]
    assert {name for name, _value in found} >= {"id", "conversation_id", "agent_id", "conversation", "message"}
    assert [(name, value) for name, value in found if value is not None and not isinstance(value, str)] == []


def test_we_may_write_first_where_the_channel_reaches_the_customer(program, boss, elsewhere, line_of):
    """The API channel brings answers to the customer's own system, which knows them by its id."""
    from careline.channels.models import Inbox

    Inbox.objects.filter(pk=elsewhere.pk).update(delivery="push", settings={"url": "https://shop.example/answers"})
    boss_s = program(boss)
    asked = {
        "inbox_id": str(elsewhere.pk), "author": "agent", "body": "Your parcel waits at the shop.",
        "subject": "Parcel", "customer": {"name": "Lin", "external_id": "cust-7"}, "client_id": "parcel-7",
    }  # fmt: skip
    opened = boss_s.post("conversations", asked)
    assert opened.status == 201, opened.body
    assert (opened.json["message"]["kind"], opened.json["waiting_on"], opened.json["assignee_id"]) == (
        "reply", "customer", str(boss.agent_id),
    )  # fmt: skip
    again = boss_s.post("conversations", asked)
    assert (again.status, again.json["id"]) == (201, opened.json["id"])
    assert len(boss_s.get("conversations?view=mine").json["items"]) == 1
    assert sorted(moment.kind for moment in line_of(int(opened.json["customer"]["id"]))) == [
        "contact.decided", "conversation.opened", "customer.identified", "message.sent",
    ]  # fmt: skip
