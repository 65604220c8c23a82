"""A real Postfix brings mail by LMTP, and comes again while the house is not itself."""

from __future__ import annotations

import time

from tests.channels.letterbox.posted import HELP, MAIL, SALES, Shelf, listening
from tests.mail import postfix

# Of a loaded machine; nothing tells when a mail server has come.
PATIENCE = 120.0


def until(shelf: Shelf, count: int, server: postfix.Postfix) -> None:
    deadline = time.monotonic() + PATIENCE
    while len(shelf.kept) < count and time.monotonic() < deadline:
        time.sleep(0.05)
    assert len(shelf.kept) == count, server.log[-3000:]


def test_postfix_brings_mail_comes_again_after_trouble_and_reports_what_nobody_takes():
    shelf = Shelf()
    with (
        listening(shelf.slot) as (_smtp, lmtp),
        postfix.serving({"shop.example": f"lmtp:inet:127.0.0.1:{lmtp}"}) as server,
    ):
        server.send("ada@example.com", [HELP], MAIL)
        until(shelf, 1, server)
        number, raw, above = shelf.kept[0]
        assert number == 1
        assert b"\r\nSubject: Tea\r\n" in raw
        assert raw.endswith(b"\r\n\r\nHello\r\n")
        assert above.startswith(b"Return-Path: <ada@example.com>\r\nDelivered-To: help@shop.example\r\n")
        # One of two mailboxes cannot be reached: it alone gets the mail again.
        shelf.is_down_for = {2}
        server.send("ada@example.com", [HELP, SALES], MAIL)
        server.until_logged("status=deferred")
        shelf.is_down_for = set()
        until(shelf, 3, server)
        assert [number for number, _raw, _above in shelf.kept] == [1, 1, 2]
        # The report about a mail of ours that nobody took comes from nobody, and to whom it was sent by.
        server.send(SALES, ["nobody@shop.example"], MAIL)
        until(shelf, 4, server)
        number, raw, above = shelf.kept[3]
        assert number == 2
        assert above.startswith(b"Return-Path: <>\r\nDelivered-To: sales@shop.example\r\n")
        assert b"report-type=delivery-status" in raw
        assert b"Final-Recipient: rfc822; nobody@shop.example" in raw
