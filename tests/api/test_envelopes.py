"""Mail by the API: whom the next answer goes to, answers to chosen people, and what is passed on."""

from __future__ import annotations

import pytest

from careline.accounts.actor import SYSTEM
from careline.channels import actions as channels
from careline.service.conversations.models import Conversation, Message
from tests.channels.email.arriving import arrive, written

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def mail(organization, boss):
    given = {"address": "help@shop.example", "sender": "Lamp Shop", "smtp_host": "mail.shop.example", "signature": "Us"}
    box = channels.create_inbox(actor=SYSTEM, kind="email", name="Mail", settings=given)
    arrive(box.pk, written(Cc="charles@example.com"))
    return f"conversations/{Conversation.objects.get().pk}"


def test_the_envelope_says_whom_an_answer_goes_to(mail, program, boss):
    answer = program(boss).get(f"{mail}/envelope")
    assert answer.status == 200
    told = answer.json
    assert told["from"] == "Lamp Shop <help@shop.example>"
    assert (told["to"], told["cc"]) == (["Ada Lovelace <ada@example.com>"], ["charles@example.com"])
    assert (told["subject"], told["signature"], told["quotes"]) == ("Re: Lamp", "Us", True)
    assert told["largest"] == 20_000_000


def test_an_answer_goes_where_the_request_says(mail, program, boss):
    body = {"body": "Yes.", "to": ["Ada <ada@example.com>"], "bcc": ["boss@shop.example"], "subject": "Your lamp"}
    assert program(boss).post(f"{mail}/messages", body).status == 201
    letter = Message.objects.get(kind="reply").letter
    assert letter["to"] == [{"address": "ada@example.com", "name": "Ada"}]
    assert (letter["subject"], "cc" in letter) == ("Your lamp", False)
    only_subject = program(boss).post(f"{mail}/messages", {"body": "Also.", "subject": "Another"})
    assert only_subject.status == 201
    letter = Message.objects.filter(kind="reply").order_by("seq").last().letter
    assert ([one["address"] for one in letter["to"]], letter["subject"]) == (["ada@example.com"], "Another")


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"body": "x", "to": ["nobody"]}, "to"),
        ({"body": "x", "cc": ["a@example.com", "@"]}, "cc"),
        ({"body": "x", "kind": "note", "to": ["a@example.com"]}, "to"),
        ({"body": "x", "author": "customer", "subject": "x"}, "to"),
    ],
)
def test_what_cannot_be_an_envelope_is_refused_by_field(mail, program, boss, body, field):
    answer = program(boss).post(f"{mail}/messages", body)
    assert answer.status == 422
    assert field in answer.body.decode()
    assert not Message.objects.exclude(kind="incoming").exists()


def test_a_chat_has_no_envelope(conversation, program, bo):
    root = f"conversations/{conversation.pk}"
    assert program(bo).get(f"{root}/envelope").status == 404
    assert program(bo).post(f"{root}/messages", {"body": "x", "to": ["a@example.com"]}).status == 422


def test_passing_on_makes_a_message_of_its_own_kind(mail, program, boss, dee):
    body = {"to": ["bo@warehouse.example"], "body": "Can you look?"}
    answer = program(boss).post(f"{mail}/forwards", body)
    assert answer.status == 201
    assert (answer.json["kind"], answer.json["status"]) == ("forward", "queued")
    letter = Message.objects.get(kind="forward").letter
    assert (letter["subject"], len(letter["passes_on"])) == ("Fwd: Lamp", 1)
    assert program(boss).post(f"{mail}/forwards", body | {"message_id": "x"}).status == 404
    assert program(dee).post(f"{mail}/forwards", body).status == 404
    assert program(dee).get(f"{mail}/envelope").status == 404


def test_copies_are_changed_and_told_with_the_envelope(mail, program, boss):
    told = program(boss).get(f"{mail}/envelope").json
    assert (told["cc"], told["copies"]) == (["charles@example.com"], ["charles@example.com"])
    body = {"add": ["Lin Osei <lin@example.com>"], "remove": ["Charles@example.com"]}
    answer = program(boss).ask("PATCH", f"{mail}/copies", body)
    assert answer.status == 200
    assert (answer.json["cc"], answer.json["copies"]) == (["Lin Osei <lin@example.com>"],) * 2
    assert program(boss).ask("PATCH", f"{mail}/copies", {}).status == 422
    wrong = program(boss).ask("PATCH", f"{mail}/copies", {"add": ["nobody"]})
    assert (wrong.status, wrong.json["field"]) == (422, "add")


def test_the_agent_of_a_token_follows_and_ends_it(mail, program, boss, dee):
    assert program(boss).get(f"{mail}/followers").json == {"items": [], "next": None}
    told = program(boss).ask("PUT", f"{mail}/follow").json
    assert told == {"items": [{"id": str(boss.agent_id), "name": boss.name}], "next": None}
    assert program(boss).ask("PUT", f"{mail}/follow").json == told
    [one] = program(boss).get("conversations?view=followed").json["items"]
    assert f"conversations/{one['id']}" == mail
    assert program(boss).ask("DELETE", f"{mail}/follow").json["items"] == []
    for method, path in (("PUT", "follow"), ("DELETE", "follow"), ("GET", "followers")):
        assert program(dee).ask(method, f"{mail}/{path}").status == 404
