"""What is done with a mail that was brought: whose it is, and that it lies safe before the answer is given."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Sequence
from email.utils import format_datetime
from typing import IO

import msgspec
from django.db import Error, close_old_connections

from careline.kit import clock
from careline.kit.refusals import Refused

LARGEST = 40 * 1024 * 1024
# A mail that passed more servers than this goes around in a circle (RFC 5321, section 6.3).
MOST_SERVERS = 100
HEAD = 1024 * 1024
KEPT = "250 2.0.0 Kept."
LATER = "451 4.3.0 This mail cannot be kept now; please bring it again later."
LOOPS = "554 5.4.6 This mail has passed too many servers; it goes around in a circle."
_RECEIVED = re.compile(rb"^received:", re.IGNORECASE | re.MULTILINE)
_UNPRINTED = re.compile(r"[^\x21-\x7e]")
_log = logging.getLogger(__name__)


class Recipient(msgspec.Struct, frozen=True):
    """An address of ours: the mailbox it leads to, and the address as it was asked for."""

    inbox_id: int
    kind: str
    address: str


class Brought(msgspec.Struct, frozen=True):
    """The envelope of a mail, and who brought it."""

    sender: str
    recipients: tuple[Recipient, ...]
    helo: str
    peer: str
    protocol: str


# Whose address it is; None for a stranger's.
Find = Callable[[str], Recipient | None]
# Keeps the mail for a mailbox, once: its number, the channel, the mail as it was brought, the lines put above it.
Keep = Callable[[int, str, bytes, bytes], object]


class Slot:
    """Works in threads: it waits for the database."""

    def __init__(self, find: Find, keep: Keep, *, host: str) -> None:
        self._find, self._keep, self.host = find, keep, host

    def find(self, address: str) -> Recipient | None:
        close_old_connections()
        return self._find(address)

    def take(self, brought: Brought, spool: IO[bytes]) -> dict[str, str]:
        """The answer for each recipient's address. A mailbox named twice gets the mail once."""
        close_old_connections()
        raw = _as_written(spool)
        if len(_RECEIVED.findall(raw[:HEAD].partition(b"\r\n\r\n")[0])) > MOST_SERVERS:
            return {one.address: LOOPS for one in brought.recipients}
        return {
            one.address: answer
            for mine in _by_mailbox(brought.recipients)
            for answer in [self._kept(mine, brought, raw)]
            for one in mine
        }

    def _kept(self, mine: Sequence[Recipient], brought: Brought, raw: bytes) -> str:
        try:
            self._keep(mine[0].inbox_id, mine[0].kind, raw, self._above(mine, brought))
        except Refused as refusal:
            _log.warning("A mail was refused: %s.", type(refusal).__name__)
            return LATER
        except Error:
            _log.warning("The database is not there; a mail has to come again.")
            return LATER
        except Exception:
            _log.exception("A mail could not be kept; it has to come again.")
            return LATER
        return KEPT

    def _above(self, mine: Sequence[Recipient], brought: Brought) -> bytes:
        """What whoever delivers for good writes above a mail (RFC 5321, section 4.4): the envelope would be lost."""
        lines = [f"Return-Path: <{brought.sender}>"]
        lines += [f"Delivered-To: {address}" for address in dict.fromkeys(one.address for one in mine)]
        helo = _UNPRINTED.sub("?", brought.helo)[:255]
        lines.append(f"Received: from {helo} ([{brought.peer}])")
        lines.append(f"\tby {self.host} with {brought.protocol}; {format_datetime(clock.now())}")
        return "".join(f"{line}\r\n" for line in lines).encode("utf-8", "surrogateescape")


def _as_written(spool: IO[bytes]) -> bytes:
    """Without the dots that keep a line with a dot alone from ending it (RFC 5321, section 4.5.2)."""
    spool.seek(0)
    raw = spool.read()
    return raw[raw.startswith(b".") :].replace(b"\r\n.", b"\r\n")


def _by_mailbox(recipients: Sequence[Recipient]) -> list[list[Recipient]]:
    found: dict[int, list[Recipient]] = {}
    for one in recipients:
        found.setdefault(one.inbox_id, []).append(one)
    return list(found.values())
