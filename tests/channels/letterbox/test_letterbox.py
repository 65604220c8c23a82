"""Mail servers knock: what is taken, what is refused and how, and how much one visitor may have."""

from __future__ import annotations

import logging
import smtplib
import socket
import ssl
import time
from pathlib import Path

import pytest

from careline.channels.letterbox import LARGEST, Limits
from careline.channels.letterbox.server import Certificate
from tests.channels.email.servers import certificate
from tests.channels.letterbox.posted import HELP, MAIL, SALES, Shelf, listening, visit


@pytest.fixture
def shelf():
    return Shelf()


@pytest.fixture
def ports(shelf):
    with listening(shelf.slot) as found:
        yield found


def test_a_mail_is_kept_as_it_came_with_its_envelope_above(shelf, ports):
    with visit(ports[0]) as client:
        client.sendmail("bounce+7@example.com", [HELP], MAIL)
    [(number, raw, above)] = shelf.kept
    assert (number, raw) == (1, MAIL)
    lines = above.decode().split("\r\n")
    assert lines[:2] == ["Return-Path: <bounce+7@example.com>", "Delivered-To: help@shop.example"]
    assert lines[2] == "Received: from mx.example.com ([127.0.0.1])"
    assert lines[3].startswith("\tby care.example with ESMTP; ")


def test_lines_that_begin_with_a_dot_come_through(shelf, ports):
    for body in (b".\r\n..\r\n...a\r\n", b".", b"", b"\r\n", b"\r\n.\r\n", b"\r\n.\r", b"\r\n\r\n..\r\n\r"):
        with visit(ports[0]) as client:
            client.sendmail("ada@example.com", [HELP], body)
        whole = body if body.endswith(b"\r\n") or not body else body + b"\r\n"
        # smtplib writes every line end whole.
        assert shelf.kept.pop()[1].rstrip(b"\r\n") == whole.rstrip(b"\r\n"), body


def test_the_end_of_a_mail_is_found_however_it_is_cut(shelf, ports):
    body = b"Subject: cut\r\n\r\n" + b"a" * 200 + b"\r\n..x\r\n"
    for step in (1, 2, 3, 4, 5, 7):
        with socket.create_connection(("127.0.0.1", ports[0]), 10) as line:
            line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            spoken = line.makefile("rb")
            for command in ("", "EHLO x", "MAIL FROM:<a@b.example>", f"RCPT TO:<{HELP}>", "DATA"):
                line.sendall(f"{command}\r\n".encode() if command else b"")
                while spoken.readline()[3:4] != b" ":
                    pass
            # What follows the end in the same piece is the next command.
            wire = body + b".\r\nQUIT\r\n"
            for at in range(0, len(wire), step):
                line.sendall(wire[at : at + step])
            assert [answer[:3] for answer in spoken] == [b"250", b"221"], step
        assert shelf.kept.pop()[1] == body.replace(b"\r\n..", b"\r\n.")


def test_a_mail_for_an_address_with_a_token_names_it(shelf, ports):
    with visit(ports[0]) as client:
        client.sendmail("", ["help+1042.k3nq@shop.example"], MAIL)
    [(number, _raw, above)] = shelf.kept
    assert number == 1
    assert above.startswith(b"Return-Path: <>\r\nDelivered-To: help+1042.k3nq@shop.example\r\n")


def test_it_relays_to_nobody(shelf, ports):
    with visit(ports[0]) as client:
        client.mail("ada@example.com")
        for address in (
            "ada@elsewhere.example",
            "nobody@shop.example",
            "help%elsewhere.example@shop.example",
            "@x:a@b.c",
        ):
            code, words = client.rcpt(address)
            assert code in {550, 553}, (address, code, words)
        assert client.docmd("DATA")[0] == 503
        assert client.docmd("AUTH PLAIN AGFkYQBwYXNz")[0] == 500
        assert client.docmd("VRFY help@shop.example")[0] == 500
    assert not shelf.kept


def test_a_mailbox_named_twice_gets_a_mail_once_and_two_mailboxes_one_each(shelf, ports):
    with visit(ports[0]) as client:
        client.sendmail("ada@example.com", [HELP, "help+x@shop.example", SALES], MAIL)
    assert [number for number, _raw, _above in shelf.kept] == [1, 2]
    assert shelf.kept[0][2].count(b"Delivered-To:") == 2


def test_what_is_too_large_is_refused_before_it_is_sent_or_after(shelf, ports):
    with visit(ports[0]) as client:
        assert client.esmtp_features["size"] == str(LARGEST)
        assert client.mail("ada@example.com", [f"SIZE={LARGEST + 1}"])[0] == 552
        client.mail("ada@example.com")
        client.rcpt(HELP)
        code, words = client.data(b"x: y\r\n\r\n" + b"a" * 998 + b"\r\n" * 1 + b"b" * LARGEST)
        assert (code, words[:5]) == (552, b"5.3.4")
        # The visit goes on.
        client.sendmail("ada@example.com", [HELP], MAIL)
    assert len(shelf.kept) == 1


def test_forty_megabytes_in_one_line_are_taken(shelf, ports):
    head = b"Subject: large\r\n\r\n"
    body = head + b"a" * (LARGEST - len(head) - 2) + b"\r\n"
    with visit(ports[0]) as client:
        client.sendmail("ada@example.com", [HELP], body)
    assert shelf.kept[0][1] == body


def test_without_the_database_it_comes_again_later(shelf, ports):
    with visit(ports[0]) as client:
        shelf.is_down = True
        client.mail("ada@example.com")
        assert client.rcpt(HELP)[0] == 451
        shelf.is_down = False
        assert client.rcpt(HELP)[0] == 250
        shelf.is_down = True
        code, words = client.data(MAIL)
        assert code == 451
        assert b"ada" not in words
        shelf.is_down = False
        client.sendmail("ada@example.com", [HELP], MAIL)
    assert len(shelf.kept) == 1


def test_lmtp_answers_for_each_recipient(shelf, ports):
    shelf.is_down_for = {2}
    with socket.create_connection(("127.0.0.1", ports[1]), 10) as line:
        spoken = line.makefile("rb")
        assert spoken.readline().startswith(b"220 ")
        line.sendall(b"EHLO mx.example.com\r\n")
        assert spoken.readline().startswith(b"500 ")
        line.sendall(b"LHLO mx.example.com\r\n")
        while not spoken.readline().startswith(b"250 "):
            pass
        for command in (
            "MAIL FROM:<>",
            f"RCPT TO:<{HELP}>",
            "RCPT TO:<who@shop.example>",
            f"RCPT TO:<{SALES}>",
            "DATA",
        ):
            line.sendall(f"{command}\r\n".encode())
            assert spoken.readline()[:3] == (b"550" if "who" in command else b"354" if command == "DATA" else b"250")
        line.sendall(MAIL + b".\r\n")
        assert spoken.readline().startswith(b"250 ")
        assert spoken.readline().startswith(b"451 ")
    assert [number for number, _raw, _above in shelf.kept] == [1]
    assert b"with LMTP; " in shelf.kept[0][2]


def test_a_mail_that_goes_around_in_a_circle_is_refused(shelf, ports):
    with visit(ports[0]) as client, pytest.raises(smtplib.SMTPDataError) as refused:
        client.sendmail("ada@example.com", [HELP], b"Received: from a by b; now\r\n" * 101 + MAIL)
    assert refused.value.smtp_code == 554
    assert not shelf.kept


def test_whoever_guesses_addresses_is_shown_out(shelf):
    with listening(shelf.slot, limits=Limits(strangers=3)) as (port, _lmtp), visit(port) as client:
        client.mail("ada@example.com")
        assert [client.rcpt(f"{n}@shop.example")[0] for n in range(3)] == [550] * 3
        assert client.getreply()[0] == 421
        with pytest.raises(smtplib.SMTPServerDisconnected):
            client.noop()


def test_one_visitor_cannot_take_every_connection(shelf):
    with listening(shelf.slot, limits=Limits(per_peer=2, connections=3)) as (smtp, lmtp):
        with visit(smtp), visit(smtp):
            with pytest.raises(smtplib.SMTPConnectError) as refused, visit(smtp):
                pass
            assert refused.value.smtp_code == 421
            # A server that brings everything by LMTP comes from one address alone; all of them together are bounded.
            with socket.create_connection(("127.0.0.1", lmtp), 10) as third:
                assert third.recv(100).startswith(b"220")
                with socket.create_connection(("127.0.0.1", lmtp), 10) as fourth:
                    assert fourth.recv(100).startswith(b"421")
        deadline = time.monotonic() + 60
        while True:  # who left makes room
            try:
                with visit(smtp) as client:
                    assert client.noop()[0] == 250
                    break
            except smtplib.SMTPException:
                assert time.monotonic() < deadline
                time.sleep(0.02)


def test_who_falls_silent_is_left(shelf):
    with listening(shelf.slot, limits=Limits(silence=2.0)) as (port, _lmtp), visit(port) as client:
        client.mail("ada@example.com")
        client.rcpt(HELP)
        client.putcmd("data")
        assert client.getreply()[0] == 354
        client.send(b"Subject: slow\r\n")
        assert client.sock is not None
        client.sock.settimeout(60)
        assert client.sock.recv(100) == b""
    assert not shelf.kept


def test_a_mail_that_trickles_in_has_an_end(shelf):
    with listening(shelf.slot, limits=Limits(silence=30, whole=1.5)) as (port, _lmtp), visit(port) as client:
        client.mail("ada@example.com")
        client.rcpt(HELP)
        client.putcmd("data")
        client.getreply()
        assert client.sock is not None
        client.sock.settimeout(0.02)
        with pytest.raises(OSError):
            for _n in range(200):
                client.sock.sendall(b"a" * 70_000 + b"\r\n")
                try:
                    assert client.sock.recv(100), "the door was closed"
                except TimeoutError:
                    continue
                except AssertionError as closed:
                    raise ConnectionResetError from closed


def test_starttls_is_offered_with_a_certificate_and_a_renewed_one_is_seen(shelf, tmp_path: Path):
    files = tmp_path / "cert.pem", tmp_path / "key.pem"
    for path, text in zip(files, certificate("127.0.0.1"), strict=True):
        path.write_text(text)
    with listening(shelf.slot, certificate=Certificate(*files)) as (port, _lmtp):
        with visit(port) as client:
            client.starttls(context=ssl.create_default_context(cadata=files[0].read_text()))
            client.ehlo("mx.example.com")
            assert not client.has_extn("auth")
            assert not client.has_extn("starttls")
            client.sendmail("ada@example.com", [HELP], MAIL)
        assert b" with ESMTPS; " in shelf.kept[0][2]
        for path, text in zip(files, certificate("localhost"), strict=True):
            path.write_text(text)
            path.touch()
        with visit(port) as client, pytest.raises(ssl.SSLCertVerificationError):
            client.starttls(context=ssl.create_default_context(cadata=certificate("127.0.0.1")[0]))


def test_without_a_certificate_nothing_is_offered(ports):
    with visit(ports[0]) as client:
        assert not client.has_extn("starttls")
        assert sorted(client.esmtp_features) == ["8bitmime", "size", "smtputf8"]


def test_no_address_reaches_the_logs(shelf, ports, caplog):
    caplog.set_level(logging.DEBUG)
    with visit(ports[0]) as client:
        client.sendmail("ada@example.com", [HELP], MAIL)
        client.docmd("WHO ada@example.com")
        shelf.is_down = True
        client.mail("ada@example.com")
        client.rcpt(HELP)
    assert "ada" not in caplog.text
    assert "shop.example" not in caplog.text


def test_letters_beyond_ascii_are_taken(shelf, ports):
    with visit(ports[0]) as client:
        client.mail("adä@exämple.com", ["SMTPUTF8"])
        assert client.rcpt("help+ü@shop.example")[0] in {250, 550, 553}
        client.rcpt(HELP)
        client.data(MAIL)
    assert shelf.kept[0][2].decode().startswith("Return-Path: <adä@exämple.com>")
    assert b"with UTF8SMTP; " in shelf.kept[0][2]
