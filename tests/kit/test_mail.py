"""Mail to agents, on every way it can go; a real server takes the SMTP ones."""

from __future__ import annotations

import datetime
import email
import email.policy
import logging
import ssl
from collections.abc import Callable, Iterator
from email.message import EmailMessage
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from careline.kit import mail
from careline.kit.postgres.server import free_port
from careline.kit.refusals import Refused


class Postbox:
    def __init__(self) -> None:
        self.received: list[tuple[Envelope, bool, bool]] = []
        self.answer = "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        self.received.append((envelope, session.ssl is not None, bool(session.authenticated)))
        return self.answer

    def read(self) -> EmailMessage:
        [(envelope, _encrypted, _known)] = self.received
        assert isinstance(envelope.content, bytes)
        parsed = email.message_from_bytes(envelope.content, policy=email.policy.default)
        assert isinstance(parsed, EmailMessage)
        return parsed


@pytest.fixture
def postbox() -> Postbox:
    return Postbox()


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> ssl.SSLContext:
    """Of its own making, as a relay on the same machine has it."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    today = datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC)
    signed = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(today)
        .not_valid_after(today + datetime.timedelta(days=3650))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .sign(key, hashes.SHA256())
    )
    file = tmp_path_factory.mktemp("tls") / "both.pem"
    plain = serialization.NoEncryption()
    pem = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain)
    file.write_bytes(pem + signed.public_bytes(serialization.Encoding.PEM))
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(file)
    return context


@pytest.fixture
def server(postbox: Postbox) -> Iterator[Callable[..., int]]:
    running: list[Controller] = []

    def server(**options: Any) -> int:
        port = free_port()
        controller = Controller(postbox, hostname="127.0.0.1", port=port, **options)
        controller.start()
        running.append(controller)
        return port

    yield server
    for controller in running:
        controller.stop()


def knows(server: SMTP, session: Session, envelope: Envelope, mechanism: str, given: Any) -> AuthResult:
    good = isinstance(given, LoginPassword) and given.login == b"desk" and given.password == b"p@ss/word"
    return AuthResult(success=good)


def test_a_mail_arrives_as_it_was_written(settings: Any, server: Callable[..., int], postbox: Postbox) -> None:
    settings.EMAIL_URL = f"smtp://127.0.0.1:{server()}"
    settings.CARELINE_BASE_URL = "https://care.example.com"
    mail.send("bo@harbor.example", "Willkommen, Bö 👋", "Zeile eins.\n.\nZeile dré.\n" + "x" * 2000)
    message = postbox.read()
    assert message["Subject"] == "Willkommen, Bö 👋"
    assert message["To"] == "bo@harbor.example"
    assert message["From"] == "careline@care.example.com"
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["Message-ID"].endswith("@care.example.com>")
    assert message["Date"]
    assert message.get_content().splitlines() == ["Zeile eins.", ".", "Zeile dré.", "x" * 2000]
    assert postbox.received[0][0].rcpt_tos == ["bo@harbor.example"]
    assert postbox.received[0][1] is False


def test_the_line_is_encrypted_where_the_server_offers_it_and_the_password_goes_only_then(
    settings: Any, server: Callable[..., int], postbox: Postbox, certificate: ssl.SSLContext
) -> None:
    port = server(tls_context=certificate, authenticator=knows, auth_required=True)
    settings.EMAIL_URL = f"smtp://desk:p%40ss%2Fword@127.0.0.1:{port}?from=desk@harbor.example"
    mail.send("bo@harbor.example", "Subject", "Text")
    assert postbox.received[0][1:] == (True, True)
    assert postbox.read()["From"] == "desk@harbor.example"


def test_smtps_is_encrypted_from_the_first_byte(
    settings: Any, server: Callable[..., int], postbox: Postbox, certificate: ssl.SSLContext
) -> None:
    settings.EMAIL_URL = f"smtps://127.0.0.1:{server(ssl_context=certificate)}"
    mail.send("bo@harbor.example", "Subject", "Text")
    assert postbox.read()["Subject"] == "Subject"


def test_encryption_that_was_asked_for_and_is_not_offered_stops_the_mail(
    settings: Any, server: Callable[..., int], postbox: Postbox
) -> None:
    settings.EMAIL_URL = f"smtp://127.0.0.1:{server()}?tls=1"
    with pytest.raises(mail.NotSent):
        mail.send("bo@harbor.example", "Subject", "Text")
    assert postbox.received == []


def test_a_password_never_travels_in_the_clear_to_another_machine(
    settings: Any, server: Callable[..., int], postbox: Postbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    port = server(authenticator=knows, auth_require_tls=False)
    settings.EMAIL_URL = f"smtp://desk:p%40ss%2Fword@127.0.0.1:{port}"
    with monkeypatch.context() as elsewhere:
        elsewhere.setattr(mail, "_is_this_machine", lambda _host: False)
        with pytest.raises(mail.NotSent, match=r"no encryption.*tls=0"):
            mail.send("bo@harbor.example", "Subject", "Text")
        assert postbox.received == []
        settings.EMAIL_URL += "?tls=0"
        mail.send("bo@harbor.example", "Subject", "Text")
    assert postbox.received[0][1:] == (False, True)


def test_a_certificate_of_a_stranger_is_not_trusted_away_from_this_machine() -> None:
    assert mail._tls("mail.example.com").verify_mode is ssl.CERT_REQUIRED
    assert mail._tls("mail.example.com").check_hostname
    assert mail._tls("10.0.0.1").verify_mode is ssl.CERT_REQUIRED


@pytest.mark.parametrize("answer", ["550 no such user bo@harbor.example", "451 later"])
def test_a_refusal_is_told_without_saying_whose_mail_it_was(
    settings: Any, server: Callable[..., int], postbox: Postbox, answer: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    postbox.answer = answer
    settings.EMAIL_URL = f"smtp://127.0.0.1:{server()}"
    with pytest.raises(mail.NotSent, match=f"answered {answer[:3]}") as told:
        mail.send("bo@harbor.example", "Subject", "Text")
    assert "bo@" not in str(told.value)
    assert "bo@" not in "".join(record.getMessage() for record in caplog.records if "careline" in record.name)


def test_a_server_that_is_away_is_told(settings: Any) -> None:
    settings.EMAIL_URL = "smtp://127.0.0.1:1"
    with pytest.raises(mail.NotSent, match="could not be sent: ConnectionRefusedError"):
        mail.send("bo@harbor.example", "Subject", "Text")


def test_a_folder_gets_one_whole_file_a_mail_under_a_safe_name(settings: Any, tmp_path: Path) -> None:
    folder = tmp_path / "mails out"
    settings.EMAIL_URL = f"file://{folder}".replace(" ", "%20")
    for n in range(3):
        mail.send("bo@harbor.example", f"Number {n}", "Text é")
    files = sorted(folder.iterdir())
    assert len(files) == 3
    assert all(file.suffix == ".eml" and file.stat().st_mode & 0o777 == 0o600 for file in files)
    subjects = [email.message_from_bytes(f.read_bytes(), policy=email.policy.default)["Subject"] for f in files]
    assert subjects == ["Number 0", "Number 1", "Number 2"]


def test_the_console_shows_the_mail(settings: Any, capsys: pytest.CaptureFixture[str]) -> None:
    settings.EMAIL_URL = "console://"
    mail.send("bo@harbor.example", "Welcome", "Follow https://care.example.com/x\n")
    shown = capsys.readouterr()
    assert shown.out == ""
    assert shown.err == "To: bo@harbor.example\nSubject: Welcome\n\nFollow https://care.example.com/x\n\n"


def test_memory_keeps_what_was_sent(settings: Any) -> None:
    settings.EMAIL_URL = "memory://"
    mail.outbox.clear()
    mail.send("bo@harbor.example", "Welcome\r\nBcc: all@example.com", "Text")
    assert mail.outbox == [mail.Sent("bo@harbor.example", "Welcome Bcc: all@example.com", "Text")]


@pytest.mark.parametrize(
    "to", ["bo", "bo@harbor.example\nBcc: cy@harbor.example", "bo@harbor.example, cy@harbor.example"]
)
def test_what_is_no_address_gets_no_mail(settings: Any, to: str) -> None:
    settings.EMAIL_URL = "memory://"
    mail.outbox.clear()
    with pytest.raises(Refused):
        mail.send(to, "Subject", "Text")
    assert mail.outbox == []
