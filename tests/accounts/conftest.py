"""What the tests of this room share."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from careline.kit import mail


@pytest.fixture
def role_ids(db: None) -> dict[str, int]:
    from careline.accounts.models import Role

    return dict(Role.objects.values_list("name", "pk"))


@pytest.fixture
def letters() -> Iterator[list[mail.Sent]]:
    """The mails of this test."""
    mail.outbox.clear()
    yield mail.outbox
    mail.outbox.clear()


@pytest.fixture
def argon2(settings) -> None:
    """As an installation keeps passwords; those of the cast are still known."""
    settings.PASSWORD_HASHERS = settings.PASSWORD_HASHERS[::-1]


def key_in(text: str) -> str:
    """The secret at the end of a mail's link."""
    [found] = re.findall(r"https?://\S+/(?:invitations|resets)/([\w-]+)", text)
    return found


@pytest.fixture
def link_key():
    return key_in
