"""The agent's text as HTML, the signature, the history below it, and a mail passed on."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.utils import translation
from hypothesis import given, settings
from hypothesis import strategies as st

from careline.channels.email import markup, reading, threads, trimming
from careline.channels.email.addresses import Address
from careline.channels.email.trimming import rich
from careline.channels.email.writing import Enclosed, Forwarded, Quoted, parts, typed, written
from tests.channels.email.letters import ADA, body, letter

ASKED = Quoted(
    author=ADA,
    sent_at=datetime(2026, 3, 1, 8, 5, tzinfo=UTC),
    text="Where is it?\n\n> older\n",
    html="<p onclick='x()'>Where <b>is</b> it?<script>alert(1)</script><img src='cid:gone'></p>",
)


@pytest.mark.parametrize(
    ("text", "inside"),
    [
        ("a < b & c", "a &lt; b &amp; c"),
        ("one\ntwo", "one<br>\ntwo"),
        ("- one\n- two", "<li>one</li><li>two</li>"),
        ("* one\n  more\n* two", "<li>one<br>more</li><li>two</li>"),
        ("2. two\n3. three", '<ol start="2" '),
        ("see https://shop.example/a?b=1&c=2.", '<a href="https://shop.example/a?b=1&amp;c=2">'),
        ("(https://shop.example/a_(b))", '<a href="https://shop.example/a_(b)">'),
        ("www.shop.example", '<a href="http://www.shop.example">'),
        ("to help@shop.example!", '<a href="mailto:help@shop.example">help@shop.example</a>!'),
        ('<a href="javascript:x">', "&lt;a href="),
        ("    code", "&nbsp;&nbsp;&nbsp;&nbsp;code"),
    ],
)
def test_what_is_typed_is_what_is_seen(text: str, inside: str):
    assert inside in typed.as_html(text)


def test_no_link_leads_into_a_script():
    for text in ("javascript:alert(1)", "data:text/html,x", 'https://a"onmouseover="x', "vbscript:x@y.example"):
        drawn = typed.as_html(text)
        assert 'href="javascript' not in drawn
        assert " onmouseover=" not in drawn
        assert 'href="data' not in drawn


def test_what_is_written_from_right_to_left_stands_so():
    drawn = typed.as_html("مرحبا\n\nHello")
    assert '<p dir="rtl" style="margin:0 0 1em;text-align:right">' in drawn
    assert '<p dir="ltr" style="margin:0 0 1em">' in drawn
    assert '<body><div dir="rtl"' in body(written(letter(text="مرحبا")), "html")


@settings(max_examples=40, deadline=None)
@given(st.text(max_size=300))
def test_the_html_says_what_the_text_says(text: str):
    """All words arrive and no tag does; blanks, bullets and numbers of lists are drawn otherwise."""
    said = parts.tidy(text).replace("\xa0", " ").replace("\u200c", "")
    letters = [one for one in "".join(said.split()) if one.isalpha()]
    seen = [one for one in "".join(markup.words(typed.as_html(said)).split()) if one.isalpha()]
    assert seen == letters


def test_the_signature_stands_below_both():
    raw = written(letter(signature="Bo\nLamp Shop https://shop.example"))
    assert body(raw, "plain").endswith("\n\n-- \nBo\nLamp Shop https://shop.example\n")
    assert 'class="signature"' in body(raw, "html")
    assert trimming.plain(reading.read(raw).text).signature


def test_the_history_stands_below_and_is_folded_by_those_who_read_it():
    raw = written(letter(quoted=ASKED, marker=threads.marker(1042)))
    text, html = body(raw, "plain"), body(raw, "html")
    assert text.endswith("On March 1, 2026 08:05, Ada Lovelace <ada@example.com> wrote:\n> Where is it?\n>\n>> older\n")
    assert '<blockquote class="gmail_quote" type="cite"' in html
    assert "Where <b>is</b> it?" in html
    assert not {word for word in ("onclick", "script", "alert", "cid:gone") if word in html}
    assert list(threads.conversations_of_marker(html)) == [1042]
    # The mark is for machines: the text has none, and in the page it belongs to the history.
    assert "tl:" not in text
    assert "tl:" not in rich.trimmed(html).reply
    assert html.index('class="gmail_quote"') < html.index("tl:1042") < html.index("<blockquote")
    assert list(threads.conversations_of_marker(body(written(letter(marker=threads.marker(7))), "html"))) == [7]


@pytest.mark.parametrize("language", ["en", "id", "ar"])
def test_the_reading_half_knows_our_history(language: str):
    with translation.override(language):
        raw = written(letter(quoted=ASKED, signature="Bo"))
    mail = reading.read(raw)
    assert trimming.plain(mail.text).reply.strip() == "Hello Ada,\n\nit is on its way."
    assert "Where" not in rich.trimmed(mail.html).reply


def test_a_picture_of_the_history_stays_where_it_was():
    picture = Enclosed(name="a.png", media_type="image/png", content=b"png", content_id="gone")
    html = body(written(letter(quoted=ASKED, attachments=(picture,))), "html")
    assert html.count("cid:gone") == 1


def test_a_history_as_long_as_a_book_is_cut():
    long = Quoted(author=ADA, text="word\n" * 100_000, html="<p>word</p>" * 100_000)
    assert len(written(letter(quoted=long))) < 1_000_000


def test_a_mail_is_passed_on_with_its_headers_below_the_comment():
    passed = Forwarded(
        author=ADA,
        to=(Address("help@shop.example"),),
        subject="Lamp\r\nBcc: eve@example.net",
        sent_at=ASKED.sent_at,
        text="Where is it?",
        html="<p>Where is it?</p>",
    )
    raw = written(letter(subject="Fwd: Lamp", text="Please look.", forwarded=(passed,)))
    assert body(raw, "plain") == (
        "Please look.\n\n---------- Forwarded message ----------\nFrom: Ada Lovelace <ada@example.com>\n"
        "Date: March 1, 2026 08:05\nTo: help@shop.example\nSubject: Lamp Bcc: eve@example.net\n\nWhere is it?\n"
    )
    assert "Ada Lovelace &lt;" in body(raw, "html")
    # Whoever gets a mail passed on finds its author.
    found = trimming.plain(reading.read(raw).text).forwarded
    assert found is not None
    assert found.address == ADA.address
