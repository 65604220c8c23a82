"""Surveys as the house has them: written, published, answered by the cast."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from careline.accounts.actor import Actor
    from careline.experience.surveys.models import Response, Survey
    from careline.experience.surveys.shapes import Form


@pytest.fixture
def publish(boss: Actor) -> Callable[..., Survey]:
    """A survey open for answers, as the questions say: `publish(Question(…), …)`."""
    from careline.experience.surveys import actions
    from careline.experience.surveys.shapes import Form

    def publish(*questions: Any, name: str = "After help", **more: Any) -> Survey:
        form: Form = Form(languages=more.pop("languages", ["en"]), title={"en": name}, questions=[*questions], **more)
        survey = actions.create(name, form, actor=boss)
        actions.publish(survey.pk, actor=boss)
        survey.refresh_from_db()
        return survey

    return publish


@pytest.fixture
def say(db: None) -> Callable[..., Response]:
    """Somebody answers one question at a link: `say(link, "csat", 2, "Slow")`."""
    from careline.accounts.actor import Actor
    from careline.experience.surveys import actions

    respondent = Actor(kind="customer", id=None, name="")

    def say(link: Any, key: str, value: Any, words: str = "", **more: Any) -> Response:
        return actions.answer(link, key, value, words, actor=respondent, **more)

    return say
