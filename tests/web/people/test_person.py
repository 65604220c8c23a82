"""One customer's page."""

from __future__ import annotations

import re

from careline.service.conversations import actions
from careline.service.conversations.models import Conversation


def names_of_talks(html: str, conversation: Conversation) -> list[str]:
    found = re.findall(rf'<a href="/desk/{conversation.pk}">(.*?)</a>', html, re.DOTALL)
    return [" ".join(re.sub(r"<[^>]+>", " ", one).split()) for one in found if "#" in one]


def test_a_conversation_is_never_named_by_an_internal_note(conversation, bo, browser_of):
    browser, page = browser_of(bo), f"/customers/{conversation.person_id}"
    assert names_of_talks(browser.get(page).content.decode(), conversation) == [f"#{conversation.pk} My order is late."]
    actions.note(conversation.pk, actor=bo, body="Careful, a known liar.")
    assert names_of_talks(browser.get(page).content.decode(), conversation) == [f"#{conversation.pk} Conversation"]
    Conversation.objects.filter(pk=conversation.pk).update(subject="Late order")
    assert names_of_talks(browser.get(page).content.decode(), conversation) == [f"#{conversation.pk} Late order"]
