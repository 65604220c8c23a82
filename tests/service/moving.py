"""Conversations whose messages are moved, and what must fit in each."""

from __future__ import annotations

from datetime import timedelta

import pytest

from careline.channels import inbound
from careline.channels.models import Inbox, Membership
from careline.kit import signing
from careline.service.conversations import actions
from careline.service.conversations.models import Conversation, Message


@pytest.fixture
def mailbox(bo):
    box = Inbox.objects.create(
        kind="email",
        name="Support",
        key="support",
        secret=signing.seal(b"s" * 32),
        delivery="push",
        settings={"address": "support@shop.example", "reopen_days": 0},
    )
    Membership.objects.create(agent_id=bo.agent_id, inbox=box)
    return box


@pytest.fixture
def hand(bo, mailbox):
    """Bo, who works in the chat and in the mailbox."""
    return type(bo)("agent", bo.id, bo.name, bo.agent_id, bo.permissions, (*bo.inbox_ids, mailbox.pk))


@pytest.fixture
def talk(conversation, bo, nine):
    """Ada writes, is answered, writes of something else, the team notes it, and she adds to it."""
    for n, (verb, said) in enumerate(
        [
            (actions.reply, "It leaves today."),
            (actions.hear, "And my lamp is broken."),
            (actions.note, "A second matter."),
            (actions.hear, "It was the green lamp."),
        ]
    ):
        verb(conversation.pk, actor=bo, body=said, at=nine + timedelta(minutes=n + 1))
    conversation.refresh_from_db()
    return conversation


def mail(mailbox, *, key, sender="Ada <ada@example.com>", subject="Late", more="", body="Where is it?"):
    head = f"From: {sender}\r\nTo: support@shop.example\r\nSubject: {subject}\r\nMessage-ID: <{key}>\r\n{more}"
    raw = f"{head}\r\n{body}\r\n"
    inbound.keep(mailbox.pk, key, raw.encode(), {})
    inbound.take()
    return Message.objects.filter(external_id=key).first()


def said_in(number):
    """Everything that was said there, in its order; without the lines of what happened."""
    rows = Message.objects.filter(conversation=number).exclude(kind="system").order_by("seq")
    return [one.body for one in rows]


def numbers_fit(number):
    """Each number once, none above the last; what is shared is numbered in the same order."""
    row = Conversation.objects.get(pk=number)
    messages = list(Message.objects.filter(conversation=number).order_by("seq"))
    seqs = [one.seq for one in messages]
    shared = [one.shared_seq for one in messages if one.shared_seq is not None]
    assert len(set(seqs)) == len(seqs)
    assert max(seqs) <= row.last_seq
    assert shared == sorted(set(shared))
    assert max(shared, default=0) <= row.shared_seq
    return row


def message_of(number, body):
    return Message.objects.get(conversation=number, body=body)
