"""Handing a mail over, on a connection that is kept for the next one."""

from __future__ import annotations

import smtplib
import socket
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import suppress

import msgspec

from careline.channels.adapter import DeliveryFailed, Missed
from careline.channels.email.sending import failures
from careline.channels.email.sending.pace import Pace
from careline.channels.email.sending.server import Server, opened, shut
from careline.kit.sentences import Words, joined
from careline.kit.sentences import lasting as _

# A server closes what is quiet for minutes; well before that we do.
IDLE_SECONDS = 30.0
MOST_ON_ONE = 100
MOST_IDLE = 2
# All of one mail, however slowly the server speaks; less than the outbox leaves a message to one attempt.
WHOLE_SECONDS = 90.0
# After a wrong password: providers lock mailboxes that keep on trying.
REFUSED_SECONDS = 60.0
# A mailbox that is at its limit waits this long by itself; beyond it the outbox comes back.
LONGEST_WAIT = 10.0


class Sent(msgspec.Struct, frozen=True):
    # What the server said on taking it; often the number it queued it under.
    answer: str
    # Of several recipients those who did not get it. When it is not for good, it can be sent to that one again.
    refused: tuple[Missed, ...] = ()


class _Line(msgspec.Struct):
    connection: smtplib.SMTP
    used: float
    many: int = 0


class Post:
    """One for the process, used from any thread: a connection serves one mail at a time."""

    def __init__(
        self,
        pace: Pace | None = None,
        *,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._pace = pace or Pace()
        self._clock, self._sleep = clock, sleep
        self._idle: dict[Server, list[_Line]] = {}
        self._refused: dict[Server, tuple[float, Words]] = {}
        self._lock = threading.Lock()

    def send(self, server: Server, sender: str, recipients: Sequence[str], raw: bytes, *, utf8: bool = False) -> Sent:
        """Raises DeliveryFailed when nobody got it."""
        if not recipients:
            raise DeliveryFailed(_("This mail has no recipient."), permanent=True)
        self._at_pace(server, sender)
        line = self._kept(server)
        if line is not None:
            try:
                return self._handed(server, line, sender, recipients, raw, utf8)
            except _Gone:  # it was closed since the last mail, before this one was begun
                pass
        fresh = self._new(server)
        try:
            return self._handed(server, fresh, sender, recipients, raw, utf8)
        except _Gone as gone:
            raise failures.lost(server.host, gone.error) from gone.error

    def test(self, server: Server) -> str:
        """Sign in and leave again: for the settings screen."""
        shut(self._new(server).connection)
        return str(_("%(host)s lets this mailbox in.") % {"host": server.host})

    def close(self) -> None:
        with self._lock:
            lines = [line for many in self._idle.values() for line in many]
            self._idle.clear()
        for line in lines:
            shut(line.connection)

    def _at_pace(self, server: Server, sender: str) -> None:
        waited = 0.0
        while (needed := self._pace.wait(sender.casefold(), self._clock(), server.per_minute or None)) > 0:
            waited += needed
            if waited > LONGEST_WAIT:
                raise DeliveryFailed(_("This mailbox has sent as much as it may for now; the mail waits for its turn."))
            self._sleep(needed)

    def _new(self, server: Server) -> _Line:
        until, reason = self._refused.get(server, (0.0, ""))
        if self._clock() < until:
            raise DeliveryFailed(reason)
        try:
            return _Line(opened(server), self._clock())
        except DeliveryFailed as failed:
            if isinstance(failed.__cause__, smtplib.SMTPAuthenticationError):
                self._refused = {server: (self._clock() + REFUSED_SECONDS, failed.said), **_few(self._refused)}
            raise

    def _kept(self, server: Server) -> _Line | None:
        stale: list[_Line] = []
        with self._lock:
            now = self._clock()
            for known in list(self._idle):
                fresh = [line for line in self._idle[known] if now - line.used < IDLE_SECONDS]
                stale += [line for line in self._idle[known] if line not in fresh]
                if fresh:
                    self._idle[known] = fresh
                else:
                    del self._idle[known]
            waiting = self._idle.get(server)
            found = waiting.pop() if waiting else None
        for line in stale:
            shut(line.connection)
        return found

    def _keep(self, server: Server, line: _Line) -> None:
        line.used, line.many = self._clock(), line.many + 1
        with self._lock:
            waiting = self._idle.setdefault(server, [])
            if line.many < MOST_ON_ONE and len(waiting) < MOST_IDLE:
                waiting.append(line)
                return
        shut(line.connection)

    def _handed(
        self, server: Server, line: _Line, sender: str, recipients: Sequence[str], raw: bytes, utf8: bool
    ) -> Sent:
        connection = line.connection
        # A server that says a letter a minute would otherwise be listened to for ever.
        alarm = threading.Timer(WHOLE_SECONDS, _cut, [connection])
        alarm.daemon = True
        alarm.start()
        try:
            sent = _spoken(connection, sender, recipients, raw, utf8)
        except DeliveryFailed:
            # Whatever was begun is taken back, and the connection is good for the next mail.
            self._after_refusal(server, line)
            raise
        except (OSError, smtplib.SMTPException, AttributeError) as error:
            shut(connection)
            if isinstance(error, _Gone):
                raise
            raise failures.lost(server.host, error) from error
        except BaseException:
            shut(connection)
            raise
        finally:
            alarm.cancel()
        self._keep(server, line)
        return sent

    def _after_refusal(self, server: Server, line: _Line) -> None:
        try:
            if line.connection.rset()[0] == 250:
                self._keep(server, line)
                return
        except (OSError, smtplib.SMTPException):
            pass
        shut(line.connection)


def _cut(connection: smtplib.SMTP) -> None:
    """From another thread: to close a socket would not wake the one that waits for it."""
    with suppress(OSError, AttributeError):
        if connection.sock is not None:
            connection.sock.shutdown(socket.SHUT_RDWR)


class _Gone(smtplib.SMTPException):
    """The other side had hung up before this mail was begun: nothing of it was said."""

    def __init__(self, error: Exception) -> None:
        super().__init__(str(error))
        self.error = error


def _spoken(connection: smtplib.SMTP, sender: str, recipients: Sequence[str], raw: bytes, utf8: bool) -> Sent:
    options = _options(connection, raw, utf8)
    try:
        code, said = connection.mail(sender, options)
    except (OSError, smtplib.SMTPServerDisconnected) as error:
        raise _Gone(error) from error
    if code == 421:  # too long quiet, or too many mails: a farewell
        raise _Gone(smtplib.SMTPResponseException(code, said))
    if code != 250:
        raise failures.answered(code, said, about=sender)
    refused: list[Missed] = []
    for address in recipients:
        code, said = connection.rcpt(address)
        if code == 421:
            raise failures.answered(code, said)
        if code not in {250, 251}:
            refused.append(failures.refused(address, code, said))
    if len(refused) == len(recipients):
        reasons = {str(one.reason): one.reason for one in refused[:3]}
        permanent = all(one.permanent for one in refused)
        raise DeliveryFailed(joined(*reasons.values()), permanent=permanent, missed=refused)
    try:
        code, said = connection.data(raw)
    except smtplib.SMTPDataError as error:
        raise failures.answered(error.smtp_code, error.smtp_error) from error
    if code != 250:
        raise failures.answered(code, said)
    return Sent(failures.told(said), tuple(refused))


def _options(connection: smtplib.SMTP, raw: bytes, utf8: bool) -> list[str]:
    limit = connection.esmtp_features.get("size", "")
    if limit.isdigit() and 0 < int(limit) < len(raw):
        raise failures.too_large(len(raw), int(limit))
    options = [f"SIZE={len(raw)}"] if "size" in connection.esmtp_features else []
    if utf8:
        if not connection.has_extn("smtputf8"):
            raise DeliveryFailed(
                _("The mail server cannot send to addresses with letters beyond the English ones."), permanent=True
            )
        options += ["SMTPUTF8", "BODY=8BITMIME"]
    return options


def _few(refused: dict[Server, tuple[float, Words]]) -> dict[Server, tuple[float, Words]]:
    return dict(list(refused.items())[:200])
