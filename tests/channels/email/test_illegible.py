"""Mail nobody could read: kept, shown, and told to those who manage inboxes once a day."""

from __future__ import annotations

import logging
from datetime import timedelta
from typing import Any

import pytest

from careline.accounts.models import Agent
from careline.channels import actions, alarms, illegible, inbound
from careline.channels.models import Illegible, Inbound
from careline.cli.doctor import flow
from careline.kit import clock
from careline.kit import mail as to_agents
from careline.kit.refusals import NotAllowed, NotVisible
from careline.service.conversations.models import Conversation, Message
from tests.channels.email.arriving import arrive, written

pytestmark = pytest.mark.django_db
SECRET = b"gibberish of private.person@example.com without any head"


@pytest.fixture
def mailbox(open_inbox):
    to_agents.outbox.clear()
    return open_inbox("email", address="help@shop.example")


def told() -> list[tuple[str, str]]:
    """Whom the alarm went to, and its subject."""
    to_agents.outbox.clear()
    alarms.tell_of_illegible()
    return [(one.to, one.subject) for one in to_agents.outbox]


def a_day_later() -> None:
    for row in Illegible.objects.all():
        row.at -= timedelta(hours=25)
        row.told_at = row.told_at and row.told_at - timedelta(hours=25)
        row.save()


def test_whoever_manages_inboxes_is_told_once_a_day_and_nobody_else(mailbox, boss, bo, hire):
    other = hire("Olga Owner", role="admin")
    Agent.objects.filter(pk=other.pk).update(language="id")
    arrive(mailbox.inbox_id, SECRET)
    first = dict(told())
    admins = set(Agent.objects.filter(role__permissions__contains=["inboxes.manage"]).values_list("email", flat=True))
    assert len(admins) > 1
    assert set(first) == admins
    assert "Our email: 1 message could not be read" in first.values()
    text = to_agents.outbox[0].text
    assert f"/settings/inboxes/{mailbox.inbox_id}" in text
    assert not any(
        word in one.text + one.subject for one in to_agents.outbox for word in ("private.person", "gibberish")
    )
    # What comes meanwhile waits for tomorrow, and is counted then.
    arrive(mailbox.inbox_id, b"second nonsense", b"third nonsense")
    assert told() == []
    a_day_later()
    assert {subject for to, subject in told() if to != other.email} == {"Our email: 2 messages could not be read"}
    assert told() == []


def test_an_inbox_does_not_keep_another_silent(mailbox, open_inbox, boss):
    arrive(mailbox.inbox_id, b"nonsense")
    assert len(told()) == 1
    second = open_inbox("email", address="second@shop.example")
    arrive(second.inbox_id, b"nonsense")
    assert len(told()) == 1


def test_what_is_read_alarms_nobody(mailbox, boss):
    arrive(mailbox.inbox_id, written())
    assert told() == []
    assert not Illegible.objects.exists()


def test_a_mail_server_that_is_away_delays_the_alarm(mailbox, boss, monkeypatch):
    arrive(mailbox.inbox_id, b"nonsense")

    def away(*_given: Any) -> None:
        raise to_agents.NotSent("the mail server answered 451")

    with monkeypatch.context() as patched:
        patched.setattr(to_agents, "send", away)
        assert told() == []
    assert Illegible.objects.get().told_at is None
    assert len(told()) == 1


def test_it_is_listed_with_the_reason_and_its_conversation(mailbox, boss):
    arrive(mailbox.inbox_id, SECRET)
    [one] = illegible.lately(boss, mailbox.inbox_id)
    assert one.words == "This does not begin like a mail: there are no headers."
    assert one.conversation == Conversation.objects.get().pk
    assert (one.delivery, one.told_at) == (Inbound.objects.get().pk, None)


def test_what_gets_stuck_is_told_too_and_told_again_when_it_fails_again(mailbox, boss, monkeypatch, caplog):
    def broken(*_given: Any) -> int:
        raise RuntimeError("private.person@example.com broke it")

    monkeypatch.setattr(inbound, "MOST_ATTEMPTS", 1)
    with monkeypatch.context() as patched, caplog.at_level(logging.ERROR):
        patched.setattr(inbound, "_intake", broken)
        inbound.keep(mailbox.inbox_id, "stuck", bytes(written()), {})
        inbound.take()
        [one] = illegible.lately(boss, mailbox.inbox_id)
        assert (one.conversation, one.words) == (None, "Something went wrong here: RuntimeError")
        assert len(told()) == 1
        actions.retry_inbound(one.delivery, actor=boss)
        assert illegible.lately(boss, mailbox.inbox_id) == []
        inbound.take()
        assert Illegible.objects.get().told_at is None
    actions.retry_inbound(one.delivery, actor=boss)
    while inbound.take():
        pass
    assert Message.objects.filter(kind="incoming").count() == 1
    assert not Illegible.objects.exists()


def test_who_may_not_manage_inboxes_sees_none_of_it(mailbox, boss, bo, dee):
    arrive(mailbox.inbox_id, b"nonsense")
    with pytest.raises((NotAllowed, NotVisible)):
        illegible.lately(bo, mailbox.inbox_id)
    with pytest.raises(NotVisible):
        illegible.lately(dee, mailbox.inbox_id)


def test_the_doctor_counts_those_of_a_day(mailbox, boss):
    arrive(mailbox.inbox_id, b"nonsense", b"more nonsense")
    [found] = flow.inbound()
    assert found.state == "note"
    assert found.says.startswith("Messages to Our email of the last day that could not be read: 2.")
    assert found.mend
    a_day_later()
    assert [one.state for one in flow.inbound()] == ["good"]


def test_they_go_after_two_weeks_and_the_mail_stays(mailbox, boss):
    arrive(mailbox.inbox_id, b"nonsense")
    assert illegible.purge() == 0
    Illegible.objects.update(at=clock.now() - timedelta(days=15))
    assert illegible.purge() == 1
    assert Inbound.objects.count() == 1
