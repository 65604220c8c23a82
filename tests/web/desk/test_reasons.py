"""Why an answer did not arrive: whole sentences, each reader's own."""

from __future__ import annotations

from typing import get_args

import pytest
from django.utils import translation

from careline.accounts.models import Agent
from careline.channels.email.bounces import bounce
from careline.channels.email.returned import reason
from careline.kit.sentences import joined, lasting
from careline.service.conversations import actions
from careline.service.conversations.actions.delivery import mark_delivery
from careline.service.conversations.models import Message
from tests.web.desk.mailing import arrive, mail
from tests.web.desk.test_letters import mailbox, reader, thread

__all__ = ["mailbox", "reader", "thread"]

pytestmark = pytest.mark.django_db(transaction=True)


def test_why_an_answer_failed_is_read_in_ones_own_language(mailbox, thread, reader):
    message = arrive(mailbox, mail())
    said = actions.reply(message.conversation_id, actor=reader, body="Here.")
    Message.objects.filter(pk=said.message_id).update(letter={"subject": "Re: Lamp"})
    why = joined(lasting("Nobody there has this name."), "(550 5.1.1 no such user)")
    mark_delivery(said.message_id, status="failed", reason=why)
    english = thread(message)
    assert "<p>This was not delivered. <bdi>Nobody there has this name. (550 5.1.1 no such user)</bdi></p>" in english
    Agent.objects.filter(pk=reader.agent_id).update(language="id")
    own = thread(message).partition('class="letter-failed"')[2].partition("<bdi>")[2].partition("</bdi>")[0]
    assert own.endswith(" (550 5.1.1 no such user)")
    assert "Nobody" not in own
    # It stands behind a full stop.
    assert own[0].isupper()


def test_the_reasons_of_bounces_begin_as_sentences_in_every_language():
    for code in get_args(bounce.Reason):
        for language in ("en", "id", "ar"):
            with translation.override(language):
                words = str(reason(bounce.Bounce(address="a@example.com", reason=code, action="failed")))
            assert words[0].isupper() or language == "ar", (code, words)
            assert words[-1] in ".", (code, words)
