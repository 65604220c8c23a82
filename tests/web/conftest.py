"""A browser of somebody of the cast, signed in."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from django.test import Client

    from careline.accounts.actor import Actor


@pytest.fixture
def browser_of(db: None) -> Callable[[Actor], Client]:
    from django.conf import settings
    from django.test import Client

    from careline.accounts import sessions
    from careline.accounts.models import Agent

    def browser_of(actor: Actor) -> Client:
        browser = Client()
        browser.cookies[settings.SESSION_COOKIE_NAME] = sessions.open_session(Agent.objects.get(pk=actor.agent_id))
        return browser

    return browser_of
