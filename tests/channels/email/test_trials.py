"""A mailbox is tried against real servers: what works is said, and what does not is named with what to do about it."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest

from careline.channels import adapter, inbound
from careline.channels.email.trials import steps
from careline.channels.models import Inbound
from careline.service.conversations.models import Conversation
from tests.channels.email.letters import parsed
from tests.channels.email.servers import PASSWORD, certificate, serving
from tests.mail.delivering import Delivering
from tests.mail.dovecot import Dovecot, dovecot


@pytest.fixture(scope="module")
def behind() -> Iterator[Dovecot]:
    with dovecot() as running:
        yield running


@pytest.fixture
def desk(behind: Dovecot) -> Delivering:
    return Delivering(behind)


@pytest.fixture
def tried(behind, desk, settings, monkeypatch):
    """`tried(settings…)` tries a new mailbox and tells what became of each step."""
    settings.CARELINE_ALLOW_PRIVATE_HTTP = True
    monkeypatch.setattr(steps, "PATIENCE", 1.0)
    monkeypatch.setattr(steps, "NAP", 0.05)
    address = f"{uuid4().hex[:12]}@shop.example"
    behind.mailbox(address)

    def tried(credentials: Any = None, name: str = "127.0.0.1", **given: Any) -> dict[str, adapter.Check]:
        with serving(desk, tls="tls", name=name) as port:
            told = {
                "address": address, "imap_host": "127.0.0.1", "imap_port": behind.tls_port, "smtp_host": "127.0.0.1",
                "smtp_port": port, "authority": certificate(name)[0], **given,
            }  # fmt: skip
            inbox = adapter.Endpoint(
                1, "key", "Our mail", "secret", told,
                credentials={"imap_password": PASSWORD} if credentials is None else credentials,
            )  # fmt: skip
            return {one.name: one for one in adapter.of("email").checks(inbox)}

    tried.address = address  # type: ignore[attr-defined]
    return tried


def states(found: dict[str, adapter.Check]) -> list[str]:
    return [found[name].state for name in ("sending", "receiving", "round")]


def test_a_mailbox_that_works_is_said_to(tried, desk):
    found = tried()
    assert states(found) == ["good", "good", "good"]
    assert "lets this mailbox in" in found["sending"].words
    assert "INBOX at 127.0.0.1 can be read; mails in it: 0." in found["receiving"].words
    assert "The mail was back after 1 seconds." in found["round"].words
    [envelope] = desk.taken
    assert envelope.rcpt_tos == [tried.address]
    assert parsed(envelope.content)["Auto-Submitted"] == "auto-generated"


@pytest.mark.django_db(transaction=True)
def test_the_mail_of_a_trial_never_becomes_a_conversation(tried, desk, open_inbox):
    tried()
    inbox = open_inbox("email", address=tried.address)
    other = open_inbox("email", address="other@shop.example")
    for one in (inbox, other):
        inbound.keep(one.inbox_id, "trial", desk.taken[0].content, {})
    while inbound.take():
        pass
    assert not Conversation.objects.exists()
    assert set(Inbound.objects.values_list("state", flat=True)) == {"taken"}


def test_a_mail_that_does_not_come_back_in_time_is_still_on_its_way(tried, desk):
    desk.folder = ""
    found = tried()
    assert states(found) == ["good", "good", "late"]
    assert "still on its way" in found["round"].words


def test_a_mail_put_among_the_spam_is_found_there(tried, desk):
    desk.folder = "Junk"
    found = tried()
    assert states(found) == ["good", "good", "late"]
    assert "was put into the folder Junk" in found["round"].words


def test_a_wrong_password_is_named_for_both_servers(tried):
    found = tried({"imap_password": "wrong"})
    assert states(found) == ["wrong", "wrong", "skipped"]
    assert "did not accept the name and password" in found["sending"].words
    assert "did not accept the name and password" in found["receiving"].words
    assert "Type the password again." in found["receiving"].advice
    assert "wrong" not in found["receiving"].words + found["sending"].words


def test_one_server_may_work_while_the_other_does_not(tried):
    found = tried({"imap_password": PASSWORD, "smtp_password": "wrong"})
    assert states(found) == ["wrong", "good", "skipped"]


def test_what_is_missing_is_said(tried):
    assert states(tried(smtp_host="")) == ["wrong", "good", "skipped"]
    assert states(tried(imap_host="")) == ["good", "skipped", "skipped"]


def test_a_folder_that_is_not_there_is_told_with_those_that_are(tried):
    found = tried(imap_folder="Inbax")
    assert "There is no folder Inbax in this mailbox; there are INBOX." in found["receiving"].words


def test_a_certificate_for_another_name_is_told_with_the_names_it_is_for(tried):
    found = tried(name="mail.shop.example")["sending"]
    assert "is for another name" in found.words
    assert found.advice == "Use the name the certificate is for: mail.shop.example."


def test_a_certificate_nobody_knows_is_told(tried):
    found = tried(authority="")
    assert "nobody we trust" in found["sending"].words
    assert "“Own certificate authority”" in found["receiving"].advice


def test_a_port_where_nobody_is_and_one_that_speaks_otherwise(tried, behind):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        closed = taken.getsockname()[1]
    found = tried(smtp_port=closed, imap_port=behind.port)
    assert "Nobody answers at 127.0.0.1" in found["sending"].words
    assert f"Is port {closed} right? Usual are port 465 with TLS, or port 587 with STARTTLS." in found["sending"].advice
    assert "port 993 with TLS, or port 143 with STARTTLS" in found["receiving"].advice


def test_a_server_nobody_knows_is_told(tried, monkeypatch):
    known = socket.getaddrinfo

    def asked(host: str, *given: Any, **more: Any) -> Any:
        if host.endswith("shop.example"):
            raise socket.gaierror(-2, "Name or service not known")
        return known(host, *given, **more)

    monkeypatch.setattr(socket, "getaddrinfo", asked)
    found = tried(imap_host="imapp.shop.example", smtp_host="smtpp.shop.example")
    assert "imapp.shop.example is not known" in found["receiving"].words
    assert "imap.shop.example, smtp.shop.example and mail.shop.example" in found["sending"].advice


def test_a_server_without_encryption_is_told(tried):
    with dovecot(ssl="no") as bare:
        found = tried(imap_port=bare.port, imap_security="starttls")["receiving"]
    assert "offers no encryption" in found.words
    assert "the password would be readable" in found.advice


def test_the_house_s_own_network_is_told_of(tried, settings):
    settings.CARELINE_ALLOW_PRIVATE_HTTP = False
    found = tried()
    assert "leads into the private network" in found["receiving"].words
    assert "CARELINE_ALLOW_PRIVATE_HTTP=1" in found["sending"].advice


def test_a_silent_server_is_told_as_a_blocked_port(tried, monkeypatch):
    known = socket.create_connection

    def dialed(place: tuple[str, int], *given: Any, **more: Any) -> Any:
        if place[1] in {4650, 9930}:
            raise TimeoutError("timed out")
        return known(place, *given, **more)

    monkeypatch.setattr(socket, "create_connection", dialed)
    found = tried(imap_port=9930, smtp_port=4650)
    assert states(found) == ["wrong", "wrong", "skipped"]
    assert "firewall" in found["sending"].advice
    assert "firewall" in found["receiving"].advice


@pytest.mark.parametrize(
    ("host", "advice", "page"),
    [
        ("imap.gmail.com", "an app password", "https://myaccount.google.com/apppasswords"),
        ("outlook.office365.com", "let Careline in at Microsoft 365 itself", ""),
        ("imap.gmx.net", "IMAP is off at GMX until you switch it on", "https://www.gmx.net/mail/"),
    ],
)
def test_a_provider_with_habits_of_its_own_is_told_of(host, advice, page):
    from imapclient.exceptions import LoginError

    from careline.channels.email.imap import failures
    from careline.channels.email.trials.advising import advised

    try:
        raise failures.signing_in(LoginError("no"), host, by_token=False) from LoginError("no")
    except Exception as error:
        inbox = adapter.Endpoint(1, "k", "n", "s", {"address": "a@b.example", "imap_host": host, "imap_port": 993})
        sentence, link = advised(error, "imap", inbox)
    assert advice in sentence
    assert link == page
