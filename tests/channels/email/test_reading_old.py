"""Older ways of writing a mail that are still on their way: flowed lines, files written as letters, BinHex."""

from __future__ import annotations

import binascii
from collections.abc import Callable

import pytest

from careline.channels.email import uuencoded
from careline.channels.email.mail import Mail
from careline.channels.email.reading import read
from careline.channels.email.understanding import understood

HEAD = b"From: Ada <ada@example.com>\nTo: help@example.org\nSubject: Lamps\n"


def flowed(body: str, more: str = "") -> str:
    return read(HEAD + f"Content-Type: text/plain; charset=utf-8; format=flowed{more}\n\n{body}".encode()).text


def letters(content: bytes, name: str = "lamp.bin") -> bytes:
    lines = [binascii.b2a_uu(content[at : at + 45]) for at in range(0, len(content), 45)]
    return f"begin 644 {name}\n".encode() + b"".join(lines) + b"`\nend\n"


@pytest.mark.parametrize(
    ("written", "more", "meant"),
    [
        ("The lamp \nis broken.\n", "", "The lamp is broken.\n"),
        ("The lamp \nis broken.\n", "; delsp=no", "The lamp is broken.\n"),
        ("The la \nmp is broken.\n", "; DelSp=Yes", "The lamp is broken.\n"),
        ("One.\nTwo.\n", "", "One.\nTwo.\n"),
        (" From here on\n > no quote\n  two blanks\n", "", "From here on\n> no quote\n two blanks\n"),
        ("> You wrote \n> this.\n>\n> And that.\nYes.\n", "", "> You wrote this.\n>\n> And that.\nYes.\n"),
        (">> Long \n>> ago \n> then\nnow\n", "", ">> Long ago\n> then\nnow\n"),
        ("Ends with a blank \n\nand goes on.\n", "", "Ends with a blank\n\nand goes on.\n"),
        ("Yours \n-- \nAda\n", "", "Yours\n-- \nAda\n"),
        ("cut off \n", "", "cut off\n"),
        ("世界人 \n権宣言\n", "; delsp=yes", "世界人権宣言\n"),
    ],
)
def test_lines_broken_for_the_way_are_one_again(written: str, more: str, meant: str):
    assert flowed(written, more) == meant


def test_other_texts_keep_their_lines():
    for kind in ("text/plain", "text/plain; format=fixed"):
        assert read(HEAD + f"Content-Type: {kind}\n\nThe lamp \nis\n".encode()).text == "The lamp \nis\n"


def test_a_flowed_answer_is_trimmed_like_any():
    mail = understood(
        HEAD + b"Content-Type: text/plain; format=flowed\n\nIt works, \nthank you.\n\nOn 2 Mar 2026 at 10:00, Help \n"
        b"<help@example.org> wrote:\n> Did the new \n> one come?\n"
    )
    assert mail.reply.reply == "It works, thank you."


def test_files_written_into_the_text_are_files():
    picture = bytes(range(256)) * 3
    found = read(HEAD + b"\nHere it is:\n" + letters(picture, "the lamp.png") + b"Yours, Ada\n")
    assert found.text == "Here it is:\n\nYours, Ada\n"
    [one] = found.attachments
    assert (one.name, one.media_type, one.content) == ("the lamp.png", "image/png", picture)
    assert "written-opened" in found.remarks


@pytest.mark.parametrize("ends", [lambda raw: raw, lambda raw: raw.replace(b"\n", b"\r\n")])
def test_several_of_them_at_any_place(ends: Callable[[bytes], bytes]):
    based = b"begin-base64 644 b.txt\n" + binascii.b2a_base64(b"second") + b"====\n"
    body = letters(b"first", "a.txt") + b"between\n" + based + letters(b"third", "../c.txt").rstrip(b"\n")
    found = read(ends(HEAD + b"\n" + body))
    assert found.text.split() == ["between"]
    assert [(one.name, one.content) for one in found.attachments] == [
        ("a.txt", b"first"), ("b.txt", b"second"), ("c.txt", b"third"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    "body",
    [
        "Please\nbegin 644 steps to the left\nand then stop\nend\n",
        "begin 644 a.txt\n%9FER<W0\n",
        "begin 644 a.txt\nMTHE LAMP\nIS\nBROKEN AGAIN\n`\nend\n",
        "begin 644 a.txt\nbegin 644 b.txt\nend\n",
        "The end\nend\n",
    ],
)
def test_what_only_begins_like_one_stays_in_the_text(body: str):
    found = read(HEAD + b"\n" + body.encode())
    assert (found.text, found.attachments) == (body, ())


def test_looking_for_them_takes_no_longer_for_many_beginnings(steps: Callable[[Callable[[], object]], int]):
    def work(lines: int) -> int:
        raw = b"begin 644 x\nM\n" * lines + b"end\n"
        return steps(lambda: uuencoded.taken_out(raw))

    assert work(2_000) < 2.5 * work(1_000)


def test_a_part_encoded_so_is_named_by_its_first_line():
    found = read(
        HEAD + b"Content-Type: multipart/mixed; boundary=b\n\n--b\n\nHello\n--b\nContent-Type: image/png\n"
        b"Content-Transfer-Encoding: x-uuencode\n\n" + letters(b"picture", "ball.png") + b"--b--\n"
    )
    assert [(one.name, one.content) for one in found.attachments] == [("ball.png", b"picture")]


def test_binhex_is_kept_as_it_came_and_said_so():
    packed = b"(This file must be converted with BinHex 4.0)\n:$'*XG@9L:\n"
    found = read(
        HEAD + b"Content-Type: multipart/mixed; boundary=b\n\n--b\n\nHello\n--b\n"
        b'Content-Type: application/mac-binhex40; name="HasenundFrosche.txt"\nContent-Disposition: attachment\n\n'
        + packed + b"\n--b--\n"
    )  # fmt: skip
    assert [(one.name, one.content) for one in found.attachments] == [("HasenundFrosche.txt", packed)]
    assert "binhex-kept" in found.remarks


def literal(mail: Mail) -> tuple[str, list[tuple[str, str, int]]]:
    assert mail.literal is not None
    return mail.literal.text, [(one.name, one.media_type, one.size) for one in mail.literal.files]


def test_a_text_without_an_end_is_shown_and_to_the_letter_a_file():
    found = read(HEAD + b"Content-Type: multipart/mixed; boundary=b\n\n--b\n\nFirst\n--b\n\nSecond\n")
    assert (found.text, found.attachments) == ("First\nSecond\n", ())
    assert literal(found) == ("First", [("text-1.txt", "text/plain", 7)])


def test_words_right_behind_the_headers_are_shown_and_to_the_letter_none():
    found = read(HEAD + b"Hello there\nand here\n\nSecond\n")
    assert found.text == "Hello there\nand here\n\nSecond\n"
    assert literal(found) == ("Second\n", [])


def test_a_whole_mail_is_what_it_is_to_the_letter():
    body = b"Content-Type: multipart/mixed; boundary=b\n\n--b\n\nHello\n"
    assert read(HEAD + b"\nHello\n").literal is None
    assert read(HEAD + body + b"--b--\n").literal is None
    assert read(HEAD + body + b"--b\n").literal is None
