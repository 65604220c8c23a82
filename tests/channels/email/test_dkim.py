"""Signatures are verified by a program that is no relative of ours."""

from __future__ import annotations

from datetime import UTC, datetime

import dkim as independent
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from careline.channels.email import dkim
from careline.channels.email.addresses import Address
from careline.channels.email.threads import Answering
from careline.channels.email.writing import Enclosed, written
from tests.channels.email.letters import HELP, letter

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
KEY = dkim.made("shop.example", NOW)


def genuine(raw: bytes) -> bool:
    name, value = dkim.record(KEY)

    def txt(asked: bytes, timeout: int = 5) -> bytes:
        assert asked.decode().rstrip(".") == name
        return value.encode()

    return bool(independent.verify(raw, dnsfunc=txt))


@settings(max_examples=15, deadline=None)
@given(st.text(max_size=80), st.text(max_size=500))
def test_whatever_is_written_is_signed_well(subject: str, text: str):
    answering = Answering("b@x.example", tuple(f"{number}@x.example" for number in range(20)))
    mail = letter(
        sender=Address(HELP.address, subject),
        subject=subject,
        text=text,
        answering=answering,
        attachments=(Enclosed(name="a.bin", media_type="a/b", content=text.encode("utf-8", "replace")),),
    )
    raw = dkim.signed(written(mail), KEY, NOW)
    assert genuine(raw)
    assert raw.endswith(written(mail))


@pytest.mark.parametrize("body", [b"", b"\r\n\r\n", b" \t\r\n", b"no end", b"a  b \r\n\r\n\r\n"])
def test_bodies_of_every_kind_are_signed_well(body: bytes):
    assert genuine(dkim.signed(b"From: a@shop.example\r\nSubject:  two  words\r\n\tfolded \r\n\r\n" + body, KEY, NOW))


def test_what_was_changed_is_found_out():
    raw = dkim.signed(written(letter()), KEY, NOW)
    assert genuine(raw)
    assert not genuine(raw.replace(b"on its way", b"on our way"))
    assert not genuine(raw.replace(b"Subject: Re: Lamp", b"Subject: Re: Lump"))
    # Nobody adds a second sender or subject to what we signed.
    for extra in (b"From: Eve <eve@example.net>\r\n", b"Subject: Win\r\n", b"Reply-To: eve@example.net\r\n"):
        assert not genuine(extra + raw)


def test_relays_may_fold_and_blank_as_they_like():
    raw = dkim.signed(written(letter()), KEY, NOW)
    assert genuine(raw.replace(b"Subject: Re: Lamp", b"Subject:  Re:\r\n  Lamp "))


def test_the_record_to_publish():
    name, value = dkim.record(KEY)
    assert name == "careline202603._domainkey.shop.example"
    assert value.startswith("v=DKIM1; k=rsa; p=MII")
    line = dkim.zone_line(KEY)
    pieces = line.split('"')[1::2]
    assert "".join(pieces) == value
    assert max(map(len, pieces)) <= 255


def test_a_domain_beyond_ascii_is_signed_under_its_registered_name():
    assert dkim.made("bücher.example", NOW).domain == "xn--bcher-kva.example"
