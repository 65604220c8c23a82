"""Raw bytes become a mail: headers, bodies, files, and everything mailers get wrong."""

from __future__ import annotations

import base64
import struct
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage

import pytest

from careline.channels.email import charsets, encoded
from careline.channels.email.mail import Mail
from careline.channels.email.reading import read

HEAD = "From: Ada Lovelace <ada@example.com>\nTo: help@example.org\nSubject: Hello\n"


def mail(body: str = "Hello\n", head: str = HEAD, kind: str = "") -> Mail:
    typed = f"Content-Type: {kind}\n" if kind else ""
    return read(f"{head}{typed}\n{body}".encode())


def test_everybody_a_mail_names_is_named():
    found = read(
        b"Return-Path: <bounce@example.com>\r\nDelivered-To: a@example.org\r\nX-Original-To: b@example.org\r\n"
        b"Envelope-To: c@example.org\r\nFrom: Ada <ada@example.com>, bo@example.com\r\nSender: list@example.com\r\n"
        b'Reply-To: answers@example.com\r\nTo: Support: d@example.org, "Lovelace, Ada" <e@example.org>;\r\n'
        b"Cc: f@example.org (the other one)\r\nBcc: D@example.org\r\nX-Original-From: Eve "
        b"<eve@example.net>\r\n\r\nHi\r\n"
    )
    assert [(one.name, one.address) for one in found.authors] == [("Ada", "ada@example.com"), ("", "bo@example.com")]
    assert found.sender is not None
    assert found.sender.address == "list@example.com"
    assert [one.address for one in found.reply_to] == ["answers@example.com"]
    assert [(one.group, one.name, one.address) for one in found.to] == [
        ("Support", "", "d@example.org"), ("Support", "Lovelace, Ada", "e@example.org")
    ]  # fmt: skip
    assert [(one.name, one.address) for one in found.cc] == [("the other one", "f@example.org")]
    assert found.delivered_to == ("a@example.org", "b@example.org", "c@example.org")
    assert found.return_path == "bounce@example.com"
    assert found.original_author is not None
    assert found.original_author.address == "eve@example.net"
    assert [one.address for one in found.recipients] == [
        "d@example.org", "e@example.org", "f@example.org", "a@example.org", "b@example.org", "c@example.org"
    ]  # fmt: skip


def test_what_a_mail_answers_is_told_newest_first():
    found = mail(
        head=HEAD + "Message-ID: <3@x>\nIn-Reply-To: Your message of Monday <2@x>\nReferences: <0@x>\n <1@x>\n\t<2@x>\n"
    )
    assert (found.message_id, found.key) == ("3@x", "3@x")
    assert found.references == ("2@x", "1@x", "0@x")
    assert found.answered == ("2@x", "1@x", "0@x")


def test_ids_made_for_each_recipient_are_one():
    found = mail(head=HEAD + "References: <JIRA.100.1600000000000.17.1600000001000@Atlassian.JIRA>\n")
    assert found.references == ("JIRA.100.1600000000000@Atlassian.JIRA",)


def test_a_mail_without_an_id_has_the_key_of_its_contents():
    one, same = mail("Hello\n"), read(f"{HEAD}\nHello\n".replace("\n", "\r\n").encode())
    assert one.key.startswith("sha256:")
    assert one.key == same.key
    assert one.key != mail("Hello you\n").key
    assert "no-message-id" in one.remarks


@pytest.mark.parametrize(
    ("given", "at"),
    [
        ("Mon, 2 Mar 2026 10:00:00 +0700", datetime(2026, 3, 2, 3, tzinfo=UTC)),
        ("2 Mar 26 10:00 EST (Eastern)", datetime(2026, 3, 2, 15, tzinfo=UTC)),
        ("2026-03-02T10:00:00Z", datetime(2026, 3, 2, 10, tzinfo=UTC)),
        ("Mon, 2 Mar 2026 10:00:00", datetime(2026, 3, 2, 10, tzinfo=UTC)),
        ("yesterday", None),
        ("Mon, 99 Mar 2026 10:00:00 +9999999", None),
    ],
)
def test_dates_keep_their_zone(given: str, at: datetime | None):
    found = mail(head=HEAD + f"Date: {given}\n")
    assert found.sent_at == at
    if "+0700" in given:
        assert found.sent_at is not None
        assert found.sent_at.utcoffset() == timedelta(hours=7)


@pytest.mark.parametrize(
    ("written", "read_as"),
    [
        ("=?utf-8?Q?Gr=C3=BC=C3=9Fe?=", "Grüße"),
        ("=?iso-8859-1?q?Gr=FC?= =?iso-8859-1?q?=DFe?=", "Grüße"),
        ("=?UTF-8?B?w7w=?= x", "ü x"),
        ("=?utf-8?Q?=E2=98?= =?utf-8?Q?=83?=", "☃"),
        ("=?iso-2022-jp?B?GyRCTT1CLBsoQg==?=", "予測"),
        ("=?utf-8*en?Q?a_b?=", "a b"),
        ("=?utf-8?Q?open at the end", "open at the end"),
        ("=?nonsense?Q?caf=C3=A9?=", "café"),
        ("no =?broken word", "no =?broken word"),
    ],
)
def test_encoded_words(written: str, read_as: str):
    assert encoded.line(written) == read_as


@pytest.mark.parametrize(
    ("raw", "label", "text"),
    [
        ("Grüße".encode(), "us-ascii", "Grüße"),
        ("Grüße".encode("cp1252"), "utf-8", "Grüße"),
        ("Grüße".encode("utf-16"), "", "Grüße"),
        ("Grüße".encode("utf-16-le"), "utf-16le", "Grüße"),
        (b"Hi Mom -+Jjo--!", "unicode-1-1-utf-7", "Hi Mom -☺-!"),
        ("你好".encode("gb18030"), "gb2312", "你好"),
        ("こんにちは".encode("iso-2022-jp"), "us-ascii", "こんにちは"),
        ("日本".encode("cp932"), "Shift_JIS", "日本"),
        ("“quoted”".encode("cp1252"), "iso-8859-1", "“quoted”"),
        (b"abc", "punycode", "abc"),
        (b"a\0b", "utf-8", "ab"),
    ],
)
def test_charsets_and_wrong_labels(raw: bytes, label: str, text: str):
    assert charsets.words(raw, label) == text


@pytest.mark.parametrize(
    ("disposition", "name"),
    [
        ('attachment; filename="plain.pdf"', "plain.pdf"),
        ("attachment; filename=not quoted.pdf", "not quoted.pdf"),
        ("attachment; filename*=UTF-8''na%C3%AFve%20file.txt", "naïve file.txt"),
        ("attachment; filename*0*=utf-8''a%C3%A4; filename*1=b; filename*2*=%20c.txt", "aäb c.txt"),
        ('attachment; filename*1="b.txt"; filename*0="a"', "ab.txt"),
        ('attachment; filename="=?utf-8?Q?=C3=A4.txt?="', "ä.txt"),
        ("attachment; filename==?utf-8?B?w6QudHh0?=", "ä.txt"),
        (r'attachment; filename="C:\temp\a.doc"', "a.doc"),
        ('attachment; filename="../../etc/passwd"', "passwd"),
        ('attachment; filename="gpj\u202eexe.txt"', "gpjexe.txt"),
    ],
)
def test_names_of_files(disposition: str, name: str):
    raw = f"{HEAD}Content-Type: application/octet-stream\nContent-Disposition: {disposition}\n\nx".encode()
    [file] = read(raw).attachments
    assert file.name == name


def made(**parts: str) -> EmailMessage:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "ada@example.com", "help@example.org", "Hello"
    message.set_content(parts["text"])
    if "html" in parts:
        message.add_alternative(parts["html"], subtype="html")
    return message


def test_text_and_html_are_chosen_of_alternatives():
    message = made(text="Hello\n", html="<p>Hello <img src=cid:logo></p>\n")
    message.get_payload()[1].add_related(b"png", "image", "png", cid="<logo>", filename="logo.png")
    message.add_attachment(b"%PDF", maintype="application", subtype="pdf", filename="bill.pdf")
    found = read(message.as_bytes())
    assert (found.text, found.html.strip(), found.made_of_html) == ("Hello\n", "<p>Hello <img src=cid:logo></p>", False)
    assert [(one.name, one.media_type, one.inline, one.content) for one in found.attachments] == [
        ("logo.png", "image/png", True, b"png"), ("bill.pdf", "application/pdf", False, b"%PDF")
    ]  # fmt: skip


def test_a_mail_of_html_alone_gets_a_text():
    found = mail("<style>p{}</style><p>Hello&nbsp;<b>you</b></p><ul><li>one<li>two</ul>", kind="text/html")
    assert (found.text, found.made_of_html) == ("Hello you\n\n- one\n- two", True)


def test_a_message_within_a_message_is_read_and_kept():
    message = made(text="See below\n")
    message.add_attachment(made(text="Inside\n"))
    found = read(message.as_bytes())
    assert found.text == "See below\n"
    assert [(inner.subject, inner.text) for inner in found.nested] == [("Hello", "Inside\n")]
    assert [one.media_type for one in found.attachments] == ["message/rfc822"]


def test_an_invitation_is_recognized():
    calendar = (
        "BEGIN:VCALENDAR\r\nMETHOD:REQUEST\r\nBEGIN:VEVENT\r\nUID:1@x\r\nSUMMARY:Tea\\, with\r\n  Ada\r\n"
        "DTSTART;TZID=Asia/Jakarta:20260302T100000\r\nDTEND;TZID=Asia/Jakarta:20260302T110000\r\n"
        "ORGANIZER:mailto:ada@example.com\r\nATTENDEE;PARTSTAT=ACCEPTED:mailto:bo@example.com\r\nEND:VEVENT\r\nEND:VCALENDAR"
    )
    [event] = mail(calendar, kind="text/calendar; method=REQUEST").invitations
    assert (event.method, event.summary, event.starts, event.zone) == (
        "request",
        "Tea, with Ada",
        "20260302T100000",
        "Asia/Jakarta",
    )
    assert (event.organizer, event.answer) == ("ada@example.com", "accepted")


@pytest.mark.parametrize(
    ("kind", "body", "found"),
    [
        ('multipart/signed; protocol="application/pkcs7-signature"; boundary=b', "--b\n\nHi\n--b--\n", "smime-signed"),
        ('multipart/signed; protocol="application/pgp-signature"; boundary=b', "--b\n\nHi\n--b--\n", "pgp-signed"),
        (
            'multipart/encrypted; protocol="application/pgp-encrypted"; boundary=b',
            "--b\n\nHi\n--b--\n",
            "pgp-encrypted",
        ),
        ("application/pkcs7-mime; smime-type=enveloped-data", "x", "smime-encrypted"),
        ("text/plain", "-----BEGIN PGP MESSAGE-----\nx\n-----END PGP MESSAGE-----\n", "pgp-encrypted"),
    ],
)
def test_protection_is_said(kind: str, body: str, found: str):
    told = mail(body, kind=kind)
    assert told.protection == (found,)
    assert found in told.remarks


def test_winmail_is_opened():
    def attribute(level: int, tag: int, value: bytes) -> bytes:
        return struct.pack("<BII", level, tag, len(value)) + value + struct.pack("<H", sum(value) & 0xFFFF)

    properties = (
        struct.pack("<I", 1)
        + struct.pack("<HH", 0x001F, 0x3707)
        + struct.pack("<II", 1, 18)
        + "ein ä.txt".encode("utf-16-le")
        + b"\0\0"
    )
    raw = struct.pack("<IH", 0x223E9F78, 1) + attribute(1, 0x0002800C, b"Hello from Outlook\0")
    raw += attribute(2, 0x00069002, b"\0" * 14) + attribute(2, 0x00018010, b"EIN~1.TXT\0")
    raw += attribute(2, 0x0006800F, b"contents") + attribute(2, 0x00069005, properties)
    kind = "application/ms-tnef; name=winmail.dat\nContent-Transfer-Encoding: base64"
    found = mail(base64.encodebytes(raw).decode(), kind=kind)
    assert found.text == "Hello from Outlook"
    inside, around = found.attachments
    assert (inside.name, inside.content, around.name) == ("ein ä.txt", b"contents", "winmail.dat")
    assert "winmail-kept" in mail("bm8=", kind=kind).remarks
