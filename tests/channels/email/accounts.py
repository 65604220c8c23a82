"""An account as it may lie at a server."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from tests.mail.dovecot import Dovecot

MOVED = datetime(2026, 1, 1, 9, 0, tzinfo=UTC)
FAR = "Postfach & K\u00f6ln/\u041f\u0438\u0441\u044c\u043c\u0430"
# The same as it lies on the disk: a level is parted by a dot, letters beyond ASCII in the UTF-7 of IMAP.
FAR_ON_DISK = "Postfach &- K&APY-ln.&BB8EOARBBEwEPAQw-"


def day(n: int) -> datetime:
    return datetime(2019, 5, 6, 9, 0, tzinfo=UTC) + timedelta(days=n)


def mail(key: str, n: int, *, sender: str = "Ada <ada@example.com>", to: str = "help@shop.example", answers: str = "",
         more: str = "") -> bytes:  # fmt: skip
    head = f"From: {sender}\r\nTo: {to}\r\nSubject: {key}\r\nMessage-ID: <{key}@example.com>\r\n"
    head += f"Date: {day(n):%a, %d %b %Y %H:%M:%S +0000}\r\n"
    if answers:
        head += f"In-Reply-To: <{answers}@example.com>\r\nReferences: <{answers}@example.com>\r\n"
    return f"{head}{more}\r\nThis is {key}.\r\n".encode()


def filled(server: Dovecot, user: str) -> None:
    """A thread over two folders of an account that was moved here: the server knows the day of the move alone."""
    server.deliver(user, mail("third", 3, answers="second"), at=MOVED)
    server.deliver(user, mail("first", 1), at=MOVED)
    server.deliver(user, mail("second", 2, sender=user, to="ada@example.com", answers="first"), "Sent", at=MOVED)
    server.deliver(user, mail("first", 1), "Sent.Labelled", at=MOVED)
    server.deliver(user, mail("far", 4), FAR_ON_DISK, at=MOVED)
    for folder in ("Trash", "Trash.Old", "INBOX.spam", "Drafts"):
        server.deliver(user, mail(f"in {folder}", 5), folder, at=MOVED)
