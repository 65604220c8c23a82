"""How stored bytes are handed to a browser: nothing in them runs, and their names lead nowhere."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from careline.files import queries
from careline.files.models import StoredFile


@pytest.fixture
def served() -> Callable[..., dict[str, str]]:
    def served(**given: Any) -> dict[str, str]:
        return queries.headers(StoredFile(**({"name": "a", "size": 1, "media_type": "text/plain"} | given)))

    return served


@pytest.mark.parametrize(
    ("kind", "served_as"),
    [
        ("image/png", "image/png"),
        ("application/pdf", "application/pdf"),
        ("text/plain", "text/plain; charset=utf-8"),
        ("image/svg+xml", "application/octet-stream"),
        ("text/html", "application/octet-stream"),
        ("application/xhtml+xml", "application/octet-stream"),
        ("application/javascript", "application/octet-stream"),
        ("text/csv", "application/octet-stream"),
        ("image/tiff", "application/octet-stream"),
    ],
)
def test_only_what_cannot_run_is_called_by_its_type(served: Any, kind: str, served_as: str) -> None:
    headers = served(media_type=kind)
    assert headers["Content-Type"] == served_as
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in headers["Content-Security-Policy"]
    assert headers["Content-Disposition"].startswith("attachment;")


def test_a_picture_is_shown_in_place(served: Any) -> None:
    assert served(media_type="image/png", inline=True)["Content-Disposition"].startswith("inline;")


@pytest.mark.parametrize(
    ("name", "plain", "whole"),
    [
        ("offer.pdf", "offer.pdf", "offer.pdf"),
        ("счёт №1.pdf", "____ _1.pdf", "счёт №1.pdf"),
        ("../../etc/passwd", "passwd", "passwd"),
        ("C:\\temp\\a.txt", "a.txt", "a.txt"),
        ('a"; filename="evil.exe', "a__ filename=_evil.exe", 'a"; filename="evil.exe'),
        ("a\r\nSet-Cookie: x=1", "aSet-Cookie: x=1", "aSet-Cookie: x=1"),
        ("\u202egpj.exe", "gpj.exe", "gpj.exe"),
        ("..", "file", "file"),
        ("", "file", "file"),
        ("   ", "file", "file"),
    ],
)
def test_a_download_has_a_name_that_leads_nowhere(name: str, plain: str, whole: str) -> None:
    said = queries.disposition(name, inline=False)
    assert f'filename="{plain}"' in said
    assert unquote(said.rpartition("UTF-8''")[2]) == whole


@given(st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=80))
def test_no_name_breaks_out_of_its_header(name: str) -> None:
    said = queries.disposition(name, inline=False)
    assert said.isascii()
    assert said.isprintable()
    assert said.count('"') == 2
    assert not {"/", "\\"} & set(unquote(said.rpartition("UTF-8''")[2]))
