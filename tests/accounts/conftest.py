"""What the tests of this room share."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from careline.kit import mail
from tests.cast import password_hash


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


@pytest.fixture(autouse=True)
def cheap_passwords(settings) -> None:
    """Argon2 is slow by design, and these tests hash many; `test_passwords_are_kept_by_argon2` is the exception."""
    password_hash()  # the cast's is kept for the whole run, so it is made by the real one first
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher", *settings.PASSWORD_HASHERS]


def key_in(text: str) -> str:
    """The secret at the end of a mail's link."""
    [found] = re.findall(r"https?://\S+/(?:invitations|resets)/([\w-]+)", text)
    return found


@pytest.fixture
def link_key():
    return key_in
