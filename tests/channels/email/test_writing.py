"""What leaves is what was meant: every text, name and subject arrives, and nothing else gets into the headers."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from careline.channels.adapter import DeliveryFailed
from careline.channels.email import reading
from careline.channels.email.addresses import Address
from careline.channels.email.threads import Answering
from careline.channels.email.writing import Automatic, Enclosed, envelope, headers, needs_utf8, parts, written
from tests.channels.email.letters import ADA, HELP, body, letter, parsed

QUICK = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
HUMAN = ["Date", "From", "To", "Subject", "Message-ID", "MIME-Version", "Content-Type"]
CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")


def test_a_plain_answer_is_a_text_and_the_same_in_html():
    raw = written(letter())
    assert parsed(raw).get_content_type() == "multipart/alternative"
    assert body(raw, "plain") == "Hello Ada,\n\nit is on its way.\n"
    assert "<p " in body(raw, "html")
    assert parsed(raw)["From"] == "Lamp Shop <help@shop.example>"
    assert parsed(raw)["Date"] == "Mon, 02 Mar 2026 09:30:00 +0000"


def test_the_same_letter_gives_the_same_bytes():
    assert written(letter()) == written(letter())


@QUICK
@given(name=st.text(max_size=120), subject=st.text(max_size=300), text=st.text(max_size=400))
def test_whatever_was_written_arrives(name: str, subject: str, text: str):
    raw = written(
        letter(sender=Address(HELP.address, name), to=(Address(ADA.address, name),), subject=subject, text=text)
    )
    seen, ours = parsed(raw), reading.read(raw)
    assert str(seen["Subject"] or "") == headers.one_line(subject)
    assert ours.subject == headers.one_line(subject)
    assert [one.addr_spec for one in seen["To"].addresses] == [ADA.address]
    # Python's parser takes every kind of blank for a blank, and puts one between the words a long name is written in.
    assert ["".join(one.display_name.split()) for one in seen["To"].addresses] == [
        "".join(headers.one_line(name).split())
    ]
    assert ours.author is not None
    assert ours.author.address == HELP.address
    said = parts.tidy(text).strip("\n")
    assert ours.text.rstrip("\n") == said
    assert body(raw, "plain").rstrip("\n") == said


@QUICK
@given(
    st.text(st.characters(codec=None, categories=None), max_size=200),
    st.sampled_from(["\r\n", "\n", "\r", "\0", "\x0b", "\x85", "\u2028"]),
)
def test_nobody_writes_a_second_header(words: str, ending: str):
    evil = f"{words}{ending}Bcc: eve@example.net{ending}{ending}body"
    raw = written(
        letter(
            sender=Address(HELP.address, evil),
            to=(Address(ADA.address, evil),),
            cc=(Address("bo@example.com", evil),),
            subject=evil,
            answering=Answering(evil, (evil, "a@b.example")),
            attachments=(Enclosed(name=evil, media_type=evil, content=b"x", content_id=evil),),
        )
    )
    assert [name for name in parsed(raw) if name not in {"Cc", "In-Reply-To", "References"}] == HUMAN
    head = raw.partition(b"\r\n\r\n")[0]
    assert b"\n" not in head.replace(b"\r\n", b"")
    assert b"\r" not in head.replace(b"\r\n", b"")
    assert b"eve@example.net" not in "".join(str(one) for one in envelope(letter(subject=evil))[1]).encode()


@QUICK
@given(st.text(max_size=300), st.text(max_size=3000))
def test_no_line_is_longer_than_mail_allows_and_all_is_seven_bits(subject: str, text: str):
    raw = written(
        letter(
            subject=subject, text=text, attachments=(Enclosed(name=subject, media_type="a/b", content=b"\xff" * 99),)
        )
    )
    assert raw.isascii()
    assert max(map(len, raw.split(b"\r\n"))) <= 998
    assert max(len(line) for line in raw.partition(b"\r\n\r\n")[0].split(b"\r\n")) <= 78
    assert b"\n" not in raw.replace(b"\r\n", b"")


def test_the_hidden_ones_get_it_and_nobody_sees_them():
    sent = letter(cc=(Address("bo@example.com"),), bcc=(Address("cy@example.com", "Cy"),))
    assert envelope(sent) == (HELP.address, (ADA.address, "bo@example.com", "cy@example.com"))
    assert b"cy@example.com" not in written(sent).lower()
    assert b"bcc" not in written(sent).lower()


def test_a_letter_to_hidden_ones_alone_names_nobody():
    raw = written(letter(to=(), bcc=(ADA,)))
    assert parsed(raw)["To"] == "undisclosed-recipients:;"


def test_a_domain_beyond_ascii_goes_as_its_registered_name():
    sent = letter(to=(Address("ada@müller-straße.example"),))
    assert envelope(sent)[1] == ("ada@xn--mller-strae-ufb7x.example",) or envelope(sent)[1][0].startswith("ada@xn--")
    assert not needs_utf8(sent)
    assert written(sent).isascii()


def test_only_an_address_beyond_ascii_needs_a_server_of_its_kind():
    assert not needs_utf8(letter(to=(Address("ada@example.com", "عائشة"),), subject="سلام", text="سلام"))
    assert needs_utf8(letter(to=(Address("عائشة@example.com"),)))


@pytest.mark.parametrize(
    "address",
    ["ada", "@example.com", "a b@example.com", "ada@exa mple.com", "ada@example..com", "ada@",
     "a,b@example.com", "<ada@example.com>", "ada@example.com\r\nRCPT TO:<eve@example.net>", "\ud800@example.com",
     "a" * 65 + "@example.com"],
)  # fmt: skip
def test_what_is_no_address_is_refused_in_words(address: str):
    with pytest.raises(DeliveryFailed, match="no address") as failed:
        written(letter(to=(Address(address),)))
    assert failed.value.permanent


def test_files_keep_their_names_and_their_bytes():
    names = ["Rechnung März.pdf", "فاتورة.pdf", "a" * 150 + ".txt", 'quo"te.txt', "../../etc/passwd", "请求书.docx"]
    files = tuple(Enclosed(name=name, media_type="application/pdf", content=bytes(range(256))) for name in names)
    raw = written(letter(attachments=files))
    ours = reading.read(raw)
    assert parsed(raw).get_content_type() == "multipart/mixed"
    found = list(parsed(raw).iter_attachments())
    assert [one.get_filename() for one in found] == [one.name for one in ours.attachments]
    assert [one.get_filename() for one in found][:4] == names[:4]
    assert found[4].get_filename() == ".._.._etc_passwd"
    assert {one.get_content() for one in found} == {bytes(range(256))}
    assert {one.content for one in ours.attachments} == {bytes(range(256))}


def test_a_picture_stands_in_the_text():
    picture = Enclosed(name="lamp.png", media_type="image/png", content=b"png", content_id="lamp1@shop.example")
    raw = written(letter(attachments=(picture,)))
    assert [part.get_content_type() for part in parsed(raw).walk()] == [
        "multipart/alternative",
        "text/plain",
        "multipart/related",
        "text/html",
        "image/png",
    ]
    assert 'src="cid:lamp1@shop.example"' in body(raw, "html")
    [read] = reading.read(raw).attachments
    assert (read.content_id, read.inline) == ("lamp1@shop.example", True)


def test_a_mail_is_enclosed_as_one():
    original = b"From: ada@example.com\r\nSubject: Lamp\r\n\r\nIt broke.\r\n"
    mail = Enclosed(name="original.eml", media_type="message/rfc822", content=original)
    [inside] = reading.read(written(letter(attachments=(mail,)))).nested
    assert (inside.subject, inside.text.strip()) == ("Lamp", "It broke.")
    # One with letters beyond ASCII would have to be encoded, which its kind forbids; it travels as a file.
    other = Enclosed(name="original.eml", media_type="message/rfc822", content="Subject: Lämp\r\n\r\n".encode())
    [kept] = reading.read(written(letter(attachments=(other,)))).attachments
    assert kept.content == other.content


def test_a_human_answer_says_nothing_of_machines():
    assert parsed(written(letter())).keys() == HUMAN


def test_a_machine_says_that_it_is_one():
    from careline.channels.email import automatic

    answer = parsed(written(letter(automatic=Automatic(kind="replied"))))
    assert (answer["Auto-Submitted"], answer["X-Auto-Response-Suppress"]) == ("auto-replied", "All")
    assert answer["Precedence"] is None
    survey = written(
        letter(
            automatic=Automatic(bulk=True, unsubscribe="https://shop.example/u/1", unsubscribe_mail="u@shop.example")
        )
    )
    assert parsed(survey)["Auto-Submitted"] == "auto-generated"
    assert parsed(survey)["Precedence"] == "bulk"
    assert parsed(survey)["List-Unsubscribe"] == "<https://shop.example/u/1>, <mailto:u@shop.example>"
    assert parsed(survey)["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    found = automatic.automatic(reading.read(survey), loops={str(parsed(survey)["X-Loop"])})
    assert found is not None
    assert found.kind == "loop"


def test_long_ids_are_never_encoded():
    """Which Python's own package does; the answer then stands alone in the customer's mailbox."""
    long = f"{'a' * 180}@mail.example"
    raw = written(letter(answering=Answering(long, ("first@mail.example", long))))
    assert f"In-Reply-To: <{long}>\r\n".encode() in raw
    assert reading.read(raw).in_reply_to == (long,)
    assert reading.read(raw).references == (long, "first@mail.example")


def test_a_text_of_an_old_store_is_not_changed_on_its_way():
    raw = written(letter(text="From here it is near.\n\nFrom there too."))
    assert b"\nFrom " not in raw
    assert body(raw, "plain") == "From here it is near.\n\nFrom there too.\n"


def test_the_moment_stands_in_utc():
    raw = written(letter(written_at=datetime(2026, 12, 31, 23, 59, tzinfo=UTC)))
    assert b"Date: Thu, 31 Dec 2026 23:59:00 +0000\r\n" in raw
