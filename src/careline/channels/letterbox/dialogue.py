"""One mail server's visit, by SMTP or LMTP. Nothing of it is logged: it is all addresses."""

from __future__ import annotations

import asyncio
import ssl
from collections import defaultdict
from collections.abc import AsyncIterator
from tempfile import SpooledTemporaryFile
from typing import IO, Protocol

import msgspec
from aiosmtpd.lmtp import LMTP
from aiosmtpd.smtp import SMTP, Envelope, Session
from typing_extensions import override

from careline.channels.letterbox.slot import KEPT, LARGEST, LATER, Brought, Recipient

IN_MEMORY = 1024 * 1024
# More than is kept is read, so that the answer reaches whoever sends it; not without an end.
MOST_READ = 2 * LARGEST
_END = b"\r\n.\r\n"
_TOO_LARGE = "552 5.3.4 This mail is larger than the 40 MB that are taken."
_NOBODY = "550 5.1.1 There is no such mailbox here."
_UNUSED = ("AUTH", "HELP", "VRFY", "EXPN")


class Limits(msgspec.Struct, frozen=True, kw_only=True):
    """What one visitor may take of a house that serves all of them."""

    connections: int = 100
    # From one address; a server that brings all mail by LMTP may have them all.
    per_peer: int = 20
    recipients: int = 100
    # Addresses nobody has: whoever goes on asking is guessing.
    strangers: int = 20
    # Seconds of silence, between commands and within a mail; and for one mail in all.
    silence: float = 120.0
    whole: float = 900.0


class Door(Protocol):
    """What a visit needs of the server it belongs to."""

    limits: Limits

    def enters(self, peer: str, *, is_lmtp: bool) -> bool: ...

    def leaves(self, peer: str) -> None: ...

    async def find(self, address: str) -> Recipient | None:
        """Raises what the database raises."""

    async def take(self, brought: Brought, spool: IO[bytes]) -> dict[str, str]: ...


class Dialogue(SMTP):
    """By SMTP: one answer for the whole mail. It relays to nobody: only the mailboxes here are recipients."""

    # Of what is read in one piece: commands are shorter, and a mail is read in pieces, whatever its lines.
    line_length_limit = 64 * 1024
    is_lmtp = False

    def __init__(self, door: Door, loop: asyncio.AbstractEventLoop, host: str, tls: ssl.SSLContext | None) -> None:
        super().__init__(
            _Words(self),
            data_size_limit=LARGEST,
            enable_SMTPUTF8=True,
            hostname=host,
            ident="Careline",
            tls_context=tls,
            timeout=door.limits.silence,
            command_call_limit={"*": 2000},
            loop=loop,
        )
        # Nobody signs in here, and nothing is told about who is there.
        for name in _UNUSED:
            self._smtp_methods.pop(name, None)
        # Of this visit alone: the library keeps one for all of them, and begins it anew with each.
        self.command_size_limits = defaultdict(lambda: 2048)
        self.door = door
        self.recipients: list[Recipient] = []
        self.strangers = 0
        self.is_taking = self.is_over = False

    @override
    async def _handle_client(self) -> None:
        peer = self.peer
        if not self.door.enters(peer, is_lmtp=self.is_lmtp):
            await self.push("421 4.7.0 Too many connections; please come again later.")
            self.end()
            return
        try:
            await super()._handle_client()
        finally:
            self.door.leaves(peer)

    @override
    def _set_post_data_state(self) -> None:
        super()._set_post_data_state()  # type: ignore[no-untyped-call]
        self.recipients = []

    @property
    def peer(self) -> str:
        told = self.session.peer if self.session is not None else None
        return str(told[0]) if told else "unknown"

    @override
    def connection_lost(self, error: Exception | None) -> None:
        self.is_over = True
        super().connection_lost(error)

    def end(self) -> None:
        if self.transport is not None:
            self.transport.close()

    @override
    async def smtp_RCPT(self, arg: str | None) -> None:
        await super().smtp_RCPT(arg)
        if self.strangers >= self.door.limits.strangers:
            await self.push("421 4.7.0 Too many addresses nobody has.")
            self.end()

    @override
    async def smtp_DATA(self, arg: str) -> None:
        if await self.check_helo_needed():
            return
        if not self.recipients:
            await self.push("503 5.5.1 First tell for whom: RCPT TO:<address>.")
            return
        if arg:
            await self.push("501 5.5.4 DATA stands alone.")
            return
        await self.push("354 End with a dot on a line of its own.")
        with SpooledTemporaryFile(max_size=IN_MEMORY) as spool:
            size = await self._read(spool)
            if size > MOST_READ:
                await self.push("421 4.3.2 That was far too much.")
                self.end()
                return
            answers = {} if size > LARGEST else await self._taken(spool)
        told = [answers.get(one.address, _TOO_LARGE) for one in self.recipients]
        self._set_post_data_state()
        await self._tell(told)

    async def _taken(self, spool: IO[bytes]) -> dict[str, str]:
        self.is_taking = True
        try:
            return await self.door.take(self._brought(), spool)
        finally:
            self.is_taking = False

    async def _tell(self, answers: list[str]) -> None:
        """One for all: should one mailbox have it and another not, it comes again, and the first knows it already."""
        await self.push(next((answer for answer in answers if answer != KEPT), KEPT))

    def _brought(self) -> Brought:
        assert self.session is not None
        assert self.envelope is not None
        sender = self.envelope.mail_from or ""
        utf8, tls = ("UTF8" if self.envelope.smtp_utf8 else ""), ("S" if self.session.ssl is not None else "")
        protocol = f"{utf8}LMTP{tls}" if self.is_lmtp else f"{utf8 or 'E'}SMTP{tls}"
        return Brought(
            sender="" if sender == "<>" else sender,
            recipients=tuple(self.recipients),
            helo=str(self.session.host_name or ""),
            peer=self.peer,
            protocol=protocol,
        )

    async def _read(self, spool: IO[bytes]) -> int:
        """The mail up to its end, in pieces; gives back its size, of which no more is written down than is kept."""
        size = 0
        ends = self.loop.time() + self.door.limits.whole
        async for piece in self._pieces():
            size += len(piece)
            if size <= LARGEST:
                spool.write(piece)
            if size > MOST_READ:
                break
            self._reset_timeout(max(0.01, min(self.door.limits.silence, ends - self.loop.time())))
        return size

    async def _pieces(self) -> AsyncIterator[bytes]:
        # The line before the first one is that of the command, so an end may begin in the middle of the mark.
        fitting, head = 2, b""
        while 0 < fitting < len(_END):
            letter = await self._reader.readexactly(1)
            head += letter
            fitting = fitting + 1 if letter[0] == _END[fitting] else int(letter == b"\r")
        if fitting == len(_END):
            yield head[: -len(_END) + 2]
            return
        yield head
        while True:
            try:
                piece = await self._reader.readuntil(_END)
            except asyncio.LimitOverrunError as overrun:
                yield await self._reader.read(overrun.consumed)
            else:
                # The end of the last line is the mail's own.
                yield piece[: -len(_END) + 2]
                return


class LmtpDialogue(Dialogue, LMTP):
    """By LMTP: an answer for each recipient, and each mailbox is tried again by itself."""

    is_lmtp = True

    @override
    async def _tell(self, answers: list[str]) -> None:
        for answer in answers:
            await self.push(answer)


class _Words:
    """What the library asks for: the answers to commands."""

    def __init__(self, visit: Dialogue) -> None:
        self._visit = visit

    async def handle_EHLO(  # noqa: N802 - the library's name
        self, server: SMTP, session: Session, envelope: Envelope, host: str, offered: list[str]
    ) -> list[str]:
        session.host_name = host
        kept = [line for line in offered if line[4:].split(" ")[0] not in _UNUSED]
        return [*(f"250-{line[4:]}" for line in kept[:-1]), f"250 {kept[-1][4:]}"]

    async def handle_RCPT(  # noqa: N802 - the library's name
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        visit = self._visit
        if len(visit.recipients) >= visit.door.limits.recipients:
            return "452 4.5.3 Too many recipients; bring the rest by another mail."
        try:
            found = await visit.door.find(address)
        except Exception:
            return LATER
        if found is None:
            visit.strangers += not visit.is_lmtp
            return _NOBODY
        visit.recipients.append(found)
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 Known."

    async def handle_exception(self, error: Exception) -> str:
        # What went wrong may quote the command, and with it an address.
        return "451 4.3.0 Something went wrong here; please come again later."
