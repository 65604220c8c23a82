"""A mail server that brings what it takes to a Dovecot."""

from __future__ import annotations

from aiosmtpd.smtp import SMTP, Envelope, Session

from tests.channels.email.servers import Desk
from tests.mail.dovecot import Dovecot


class Delivering(Desk):
    """What is taken is delivered; into no folder, it stays on its way."""

    def __init__(self, behind: Dovecot) -> None:
        super().__init__()
        self.behind, self.folder = behind, "INBOX"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        answer = await super().handle_DATA(server, session, envelope)
        assert isinstance(envelope.content, bytes)
        if self.folder:
            self.behind.deliver(envelope.rcpt_tos[0], envelope.content, self.folder)
        return answer
