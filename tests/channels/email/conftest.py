"""How much work something is, without a clock; the shared corpora; a real mail server with mailboxes to fetch from."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import pytest

from tests.channels.email.consents import Consents, giving_consent
from tests.mail.dovecot import PASSWORD, Dovecot, dovecot

if TYPE_CHECKING:
    from careline.channels.adapter import Endpoint
    from careline.channels.email import imap
    from careline.channels.fetching.worker import Worker
    from tests.channels.email.mailboxes import Remembered


@pytest.fixture
def steps() -> Callable[[Callable[[], object]], int]:
    """Lines of Python that ran: the same on every machine."""

    def counted(work: Callable[[], object]) -> int:
        count = 0

        def trace(frame: FrameType, event: str, given: Any) -> Any:
            nonlocal count
            count += event == "line"
            return trace

        before = sys.gettrace()
        sys.settrace(trace)
        try:
            work()
        finally:
            sys.settrace(before)
        return count

    return counted


@pytest.fixture
def corpora() -> Path:
    folder = os.environ.get("CARELINE_TEST_DATA")
    if not folder:
        pytest.skip("CARELINE_TEST_DATA names no folder with mails")
    return Path(folder)


@pytest.fixture(scope="module")
def consents() -> Iterator[Consents]:
    with giving_consent() as running:
        yield running


@pytest.fixture(scope="module")
def dove(consents: Consents) -> Iterator[Dovecot]:
    """A Dovecot that lets in by the password, and by the tokens that hold just now."""
    with dovecot(introspection=f"{consents.url}/introspect") as running:
        yield running


@pytest.fixture
def box(dove: Dovecot, settings: Any) -> imap.Mailbox:
    """A new, empty mailbox; all that is in it is taken."""
    from careline.channels.email import imap

    settings.CARELINE_ALLOW_PRIVATE_HTTP = True
    user = f"{uuid4().hex[:12]}@shop.example"
    dove.mailbox(user)
    return imap.Mailbox(
        host="127.0.0.1", port=dove.tls_port, user=user, password=PASSWORD, authority=dove.authority, existing=True
    )


@pytest.fixture
def satchel() -> Remembered:
    from tests.channels.email.mailboxes import Remembered

    return Remembered()


@pytest.fixture
def fetched(dove: Dovecot, consents: Consents, settings: Any, open_inbox: Any) -> Callable[..., Endpoint]:
    """Opens an inbox for a new mailbox there, with its own address and these settings."""
    settings.CARELINE_ALLOW_PRIVATE_HTTP = True
    settings.CARELINE_OAUTH_URLS = {"google": consents.url, "microsoft": consents.url}

    def made(**given: str) -> Endpoint:
        address = f"{uuid4().hex[:12]}@shop.example"
        dove.mailbox(address)
        usual = {
            "address": address, "imap_host": "127.0.0.1", "imap_port": str(dove.tls_port),
            "imap_password": PASSWORD, "authority": dove.authority, "imap_old": "on",
        }  # fmt: skip
        endpoint: Endpoint = open_inbox("email", **(usual | given))
        return endpoint

    return made


@pytest.fixture
def worker() -> Iterator[Worker]:
    from careline.channels.fetching.worker import Worker

    working = Worker()
    yield working
    working.end()
