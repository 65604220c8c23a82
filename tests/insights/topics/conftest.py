"""A house where customers write about three things, and what a search for topics finds in it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from careline.channels.models import Inbox
    from careline.insights.models import Topic

SAID = {
    "card": [
        "My card was declined at the supermarket", "Why is my card payment being declined?",
        "The shop refused my card this morning", "Card declined again, what is wrong with it?",
        "My card does not work in any shop", "Payment with my card was refused twice",
    ],
    "parcel": [
        "Where is my parcel?", "The parcel I ordered has not arrived yet", "My parcel is late by a week",
        "The courier lost my parcel", "When will the parcel be delivered?", "No parcel came today, is it delayed?",
    ],
    "password": [
        "I forgot my password", "How can I reset the password of my account?", "The password reset mail never comes",
        "I cannot sign in, my password is wrong", "Please send me a new password", "Changing my password fails",
    ],
}  # fmt: skip


@pytest.fixture
def begins(inbox: Inbox) -> Callable[..., int]:
    """Somebody new writes; the number of the conversation."""
    from careline.accounts.actor import Actor
    from careline.kit import clock
    from careline.service.conversations import actions
    from careline.service.conversations.hot import words
    from careline.service.conversations.models import Conversation

    count = iter(range(1, 1000))

    def begins(body: str, *, at: Inbox = inbox, ago: timedelta = timedelta(hours=1)) -> int:
        number = next(count)
        said = actions.open_with(
            actor=Actor(kind="system", id=None, name="", inbox_ids=(at.pk,)), inbox_id=at.pk,
            person=words.who(name="Mara", email=f"someone{number}@example.com"), body=body, client_id=f"begun{number}",
        )  # fmt: skip
        opened: datetime = clock.now() - ago
        Conversation.objects.filter(pk=said.conversation_id).update(opened_at=opened)
        return said.conversation_id

    return begins


@pytest.fixture
def wrote(begins: Callable[..., int]) -> dict[str, list[int]]:
    """What customers wrote of lately, by what it is about."""
    return {about: [begins(body) for body in said] for about, said in SAID.items()}


@pytest.fixture
def searched() -> Callable[[], list[Topic]]:
    from careline.insights.models import Topic
    from careline.insights.topics import finding

    def searched() -> list[Topic]:
        finding.by_the_clock()
        return list(Topic.objects.order_by("pk"))

    return searched


@pytest.fixture
def answered_in_words() -> Callable[[str], int]:
    """Somebody answered a survey in their own words; the number of the answer."""
    from careline.experience.surveys.models import Response, Survey, Version
    from careline.kit import clock

    def answered(words: str) -> int:
        question = {"key": "why", "type": "text", "words": {"en": "Why?"}}
        form = {"languages": ["en"], "questions": [question]}
        survey = Survey.objects.create(code="after", name="After help", state="live", draft=form)
        version = Version.objects.create(survey=survey, number=1, content=form)
        now = clock.now()
        return Response.objects.create(
            survey=survey, version=version, state="complete", answers={"why": {"value": words}}, started_at=now,
            touched_at=now, completed_at=now,
        ).pk  # fmt: skip

    return answered
