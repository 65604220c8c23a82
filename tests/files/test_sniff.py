"""What bytes are is judged by the bytes; what would run when opened is refused."""

from __future__ import annotations

import pytest

from careline.files import sniff

PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 20
BMP = b"BM" + (30).to_bytes(4, "little") + b"\0" * 24
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@pytest.mark.parametrize(
    ("content", "claimed", "found"),
    [
        (PNG, "image/png", "image/png"),
        (PNG, "text/html", "image/png"),
        (PNG, "", "image/png"),
        (b"\xff\xd8\xff\xe0", "image/png", "image/jpeg"),
        (b"GIF89a<script>alert(1)</script>", "text/html", "image/gif"),
        (b"RIFF\0\0\0\0WEBPVP8 ", "", "image/webp"),
        (b"RIFF\0\0\0\0WAVEfmt ", "", "audio/wav"),
        (b"\0\0\0\x1cftypavif", "", "image/avif"),
        (b"\0\0\0\x1cftypisom", "audio/mp4", "audio/mp4"),
        (BMP, "", "image/bmp"),
        (b"BMW drives well", "image/bmp", sniff.UNKNOWN),
        (b"BMW drives well", "", "text/plain"),
        (b"%PDF-1.7", "", "application/pdf"),
        (b"PK\x03\x04....", WORD, WORD),
        (b"PK\x03\x04....", "image/png", "application/zip"),
        (b"OggS", "video/ogg", "video/ogg"),
        (b"<script>alert(1)</script>", "image/png", sniff.UNKNOWN),
        (b"<svg onload=alert(1)>", "image/svg+xml", "image/svg+xml"),
        (b"<html>", "text/html; charset=utf-8", "text/html"),
        (b"a,b\n1,2", "Text/CSV", "text/csv"),
        ("grüß dich".encode(), "", "text/plain"),
        (b"\xff\xfe\x00binary", "", sniff.UNKNOWN),
        (b"text with \0", "", sniff.UNKNOWN),
        (b"x", "not a type", "text/plain"),
        (b"x", "text/html\r\nX-Evil: 1", "text/plain"),
        (b"x", "a/" + "b" * 200, "text/plain"),
    ],
)
def test_bytes_speak_louder_than_claims(content: bytes, claimed: str, found: str) -> None:
    assert sniff.media_type(content, claimed) == found


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (b"MZ\x90\0\x03" + b"\0" * 60, "holiday.png"),
        (b"\x7fELF\x02\x01", "x"),
        (b"#!/bin/sh\nrm -rf /", "notes.txt"),
        (b"\xcf\xfa\xed\xfe", "x"),
        (b"\xca\xfe\xba\xbe", "x"),
        (b"dex\n035", "x"),
        (b"L\0\0\0\x01\x14\x02\0", "x"),
        (b"anything", "setup.exe"),
        (b"anything", "SETUP.EXE"),
        (b"anything", "invoice.pdf.scr"),
        (b"anything", "invoice.exe. . "),
        (b"anything", "invoice.exe\u202e"),
        (b"anything", "a.b.JS"),
        (b"PK\x03\x04", "library.jar"),
    ],
)
def test_what_runs_when_opened_is_a_program(content: bytes, name: str) -> None:
    assert sniff.is_program(content, name)


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (b"MZ is how Mariza signs her mails", "letter.txt"),
        (b"# heading", "readme.md"),
        (PNG, "exe.png"),
        (b"x", "exe"),
        (b"x", "john@example.com"),
        (b"x", ""),
        (b"x", "."),
        (b"PK\x03\x04", "offer.docx"),
    ],
)
def test_what_does_not_run_is_none(content: bytes, name: str) -> None:
    assert not sniff.is_program(content, name)
