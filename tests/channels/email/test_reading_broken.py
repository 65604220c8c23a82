"""Broken and hostile bytes become a mail all the same, or say why they are none."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from careline.channels.email import addresses, encoded, parameters
from careline.channels.email.reading import read
from careline.channels.email.understanding import understood


@pytest.mark.parametrize(
    ("raw", "text", "remark"),
    [
        (b"From: a@b.c\r\rHello\rthere\r", "Hello\nthere\n", ""),
        (b"From: a@b.c\nContent-Type: multipart/mixed; boundary=x\n\n--y\n\nHello\n--y--\n", "Hello", "no-boundary"),
        (b"From: a@b.c\nContent-Type: multipart/mixed\n\n--y\n\nHello\n--y--\n", "Hello", "no-boundary"),
        (b"From: a@b.c\nContent-Type: multipart/mixed; boundary=x\n\nHello\n", "Hello\n", "no-boundary"),
        (b"From: a@b.c\nContent-Type: multipart/mixed; boundary=xyz\n\n--xyz\n\nHello", "Hello", "boundary-missing"),
        (b"From: a@b.c\nContent-Type: multipart/mixed; boundary=x\n\n--xy\n\nHello", "Hello", "boundary-missing"),
        (b"From: a@b.c\nContent-Type: multipart/mixed; boundary=x\n\n--x\n\nHello--x--\n", "Hello", "boundary-missing"),
        (b"From: a@b.c\nnonsense here\nSubject: x\n\nHello", "Hello", "strange-head"),
        (b"From a@b.c Mon Mar 2 10:00:00 2026\nFrom: a@b.c\n\nHello", "Hello", ""),
        (b"From: a@b.c\nContent-Transfer-Encoding: base64\n\nSGVsbG8", "Hello", ""),
        (b"From: a@b.c\nContent-Type: text/plain charset=utf-8\n\nHello", "Hello", ""),
    ],
)
def test_what_is_broken_is_read_all_the_same(raw: bytes, text: str, remark: str):
    found = read(raw)
    assert found.text == text
    assert not remark or remark in found.remarks


def test_a_nested_part_without_an_end_does_not_swallow_what_follows():
    found = read(
        b"From: a@b.c\nContent-Type: multipart/mixed; boundary=outer\n\n--outer\nContent-Type: multipart/alternative; "
        b"boundary=inner\n\n--inner\n\nHello\n--outer\nContent-Disposition: attachment; "
        b"filename=a.txt\n\nfile\n--outer--\n"
    )
    assert (found.text, [one.content for one in found.attachments]) == ("Hello", [b"file"])


def test_further_mails_of_the_same_file_lie_within_the_first():
    one = (
        b"From a@b.c Mon Mar 2 10:00:00 2026\nFrom: a@b.c\nSubject: %b\n"
        b"Content-Type: multipart/mixed; boundary=%b\n\n--%b\n\nHello\n\nFrom here on\n--%b--\n"
    )
    found = read(b"\n".join(one % (name, name, name, name) for name in (b"first", b"second", b"third")))
    assert (found.subject, found.text) == ("first", "Hello\n\nFrom here on")
    assert [(inner.subject, inner.text) for inner in found.nested] == [
        ("second", "Hello\n\nFrom here on"), ("third", "Hello\n\nFrom here on"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("raw", "why"), [(b"", "empty"), (b"\r\n \r\n", "empty"), (b"just words\nand more\n", "no-head")]
)
def test_what_is_no_mail_says_so(raw: bytes, why: str):
    found = read(raw)
    assert found.unread == why
    assert found.key.startswith("sha256:")


def test_ten_thousand_headers_and_deep_nesting_are_read_within_bounds():
    many = read(b"".join(b"X-%d: y\n" % number for number in range(10_000)) + b"From: a@b.c\n\nHello")
    assert many.author is not None
    assert (many.author.address, many.text, len(many.headers)) == ("a@b.c", "Hello", 500)
    deep = b"".join(b"--b%d\nContent-Type: multipart/mixed; boundary=b%d\n\n" % (n, n + 1) for n in range(5_000))
    found = read(b"From: a@b.c\nContent-Type: multipart/mixed; boundary=b0\n\n" + deep)
    assert "too-deep" in found.remarks
    assert read(b"From: a@b.c\nContent-Type: message/rfc822\n\n" * 5_000).unread == ""
    wide = read(b"From: a@b.c\nContent-Type: multipart/mixed; boundary=b\n" + b"\n--b\n\nx" * 5_000)
    assert "too-many-parts" in wide.remarks


def test_what_comes_back_can_be_stored():
    raw = b"From: =?utf-8?Q?a=00b?= <a@b.c>\nSubject: x\0y\nContent-Type: text/html\n\n<p>a\0b&#0;&#xd800;c"
    found = read(raw)
    for text in (
        found.subject,
        found.text,
        found.html,
        found.authors[0].name,
        *(value for _name, value in found.headers),
    ):
        assert "\0" not in text
        text.encode()


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=2_000))
def test_any_bytes_are_read(raw: bytes):
    understood(raw)


HEADERS = ("From", "To", "Subject", "Date", "Message-ID", "References", "Content-Type", "Content-Disposition",
           "Content-Transfer-Encoding", "Return-Path", "Auto-Submitted", "X-Failed-Recipients")  # fmt: skip
WORDS = st.sampled_from([
    "multipart/mixed; boundary=b", "multipart/report; report-type=delivery-status; boundary=b", "message/rfc822",
    "text/html",
    "message/delivery-status", "base64", "quoted-printable", "x-uuencode", "attachment; filename*0*=utf-8''%zz",
    "a@b.c",
    "=?utf-8?B?////?=", "=?utf-7?Q?+AAA-?=", '"<(:;', "text/plain; charset=utf-16", "application/ms-tnef",
    "mailer-daemon@x.y",
])  # fmt: skip
LINES = st.sampled_from([
    "--b", "--b--", "", "> On 1 Jan 2020, a@b.c wrote:", "From: x@y.z", "Final-Recipient: rfc822; a@b.c",
    "Status: 5.1.1",
    "550 5.1.1 <a@b.c> User unknown", "-- ", "<div class=gmail_quote>", "<!--", "</div>", "begin 644 x",
    "-----Original Message-----",
])  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(
    st.lists(st.tuples(st.sampled_from(HEADERS), WORDS | st.text(max_size=40)), max_size=8),
    st.lists(LINES | st.text(max_size=40) | st.tuples(st.sampled_from(HEADERS), WORDS).map(": ".join), max_size=30),
)
def test_any_arrangement_of_parts_is_read(head: list[tuple[str, str]], body: list[str]):
    raw = "\n".join([*(f"{name}: {value}" for name, value in head), "", *body]).encode("utf-8", "replace")
    found = understood(raw)
    assert found.mail.unread != "failed"
    assert not any(remark.endswith("-failed") for remark in found.mail.remarks)


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=300))
def test_any_text_is_taken_for_addresses_and_parameters(text: str):
    addresses.read(text)
    parameters.read(text)
    encoded.line(text)
