"""Mails of Gmail, Outlook and Apple Mail through the whole house: taken in, answered, sent by SMTP, answered again.

The headers by which those programs thread are held to the golden files beside them; ids of ours are brought to one.
"""

from __future__ import annotations

import re
from email import message_from_string
from pathlib import Path
from typing import Any

import pytest

from careline.channels import outbox
from careline.channels.email import threads
from careline.service.conversations import actions
from careline.service.conversations.models import Conversation, Message
from tests.channels.email.arriving import arrive
from tests.channels.email.letters import parsed
from tests.channels.email.servers import PASSWORD, Desk, serving

pytestmark = pytest.mark.django_db(transaction=True)
SAMPLES = Path(__file__).parent / "programs"
OURS = re.compile(r"tl\.[0-9a-f-]{36}\.(?:[a-z2-7]{10}|@MAC@)@")
THREADING = ("From", "To", "Subject", "In-Reply-To", "References")


@pytest.fixture
def desk(settings: Any):
    settings.CARELINE_ALLOW_PRIVATE_HTTP = True
    desk = Desk()
    with serving(desk) as port:
        desk.port = port  # type: ignore[attr-defined]
        yield desk


@pytest.fixture
def box(desk: Any, open_inbox: Any) -> Any:
    return open_inbox(
        "email", address="help@shop.example", sender="Lamp Shop", smtp_host="127.0.0.1", smtp_port=str(desk.port),
        smtp_security="none", smtp_user="help@shop.example", smtp_password=PASSWORD,
    )  # fmt: skip


def headers(mail: Any) -> dict[str, str]:
    return {name: OURS.sub("tl.ours@", " ".join(str(mail[name] or "").split())) for name in THREADING}


def golden(program: str, number: int) -> dict[str, str]:
    return headers(message_from_string((SAMPLES / f"{program}-{number}.answer").read_text(encoding="utf-8")))


def sample(program: str, number: int, ours: str = "", talk: int = 0) -> bytes:
    raw = (SAMPLES / f"{program}-{number}.eml").read_text(encoding="utf-8")
    signed = {"@OURS@": ours, "@REPLY@": "help@shop.example", "@MARKER@": threads.marker(talk) if talk else ""}
    for sign, value in signed.items():
        raw = raw.replace(sign, value)
    return raw.replace("\n", "\r\n").encode()


@pytest.mark.parametrize("program", ["gmail", "outlook", "apple"])
def test_from_the_customers_program_to_the_bytes_of_our_answer_and_back(program, box, desk, boss):
    arrive(box.inbox_id, sample(program, 1))
    talk = Conversation.objects.get()
    answers = []
    for number in (1, 2):
        actions.reply(talk.pk, actor=boss, body="Hello Ada,\n\nit is on its way.")
        while outbox.deliver():
            pass
        answers.append(parsed(desk.taken[-1].content))
        assert headers(answers[-1]) == golden(program, number)
        if number == 1:
            arrive(box.inbox_id, sample(program, 2, answers[0]["Message-ID"].strip("<>"), talk.pk))
    assert Conversation.objects.count() == 1
    said = Message.objects.filter(conversation=talk.pk).order_by("seq").values_list("kind", flat=True)
    assert list(said) == ["incoming", "reply", "incoming", "reply"]
    assert Message.objects.filter(kind="incoming").order_by("seq")[1].body.strip() == "Thank you!"
    # What is answered stands below it, folded the way each program knows.
    assert "gmail_quote" in answers[1].get_body(("html",)).get_content()
    assert "Thank you!" in answers[1].get_body(("plain",)).get_content()
