"""What was drawn is kept by its whole content, and forgotten when somebody's words are to be gone."""

from __future__ import annotations

import asyncio

import msgspec
import pytest
from django.db import connection

from careline.accounts.actor import SYSTEM
from careline.customers import actions
from careline.web import kept
from careline.web.live.hub import Hub


class Words(msgspec.Struct, frozen=True):
    said: str


@pytest.fixture
def drawings():
    drawn: list[str] = []

    def draw(words: Words, language: str) -> str:
        drawn.append(words.said)
        return f"<p lang={language}>{words.said}</p>"

    return kept.Kept(Words, draw), drawn


def test_the_same_content_is_drawn_once_a_language(drawings):
    words, drawn = drawings
    assert [words.html(Words("a"), language) for language in ("en", "en", "ar")] == [
        "<p lang=en>a</p>", "<p lang=en>a</p>", "<p lang=ar>a</p>",
    ]  # fmt: skip
    assert words.html(Words("b"), "en") == "<p lang=en>b</p>"
    assert drawn == ["a", "a", "b"]


def test_what_is_long_is_not_kept(drawings):
    words, drawn = drawings
    for _again in range(2):
        words.html(Words("x" * kept.LONGEST), "en")
    assert len(drawn) == 2


@pytest.mark.django_db(transaction=True)
def test_nothing_drawn_outlives_an_erasure(drawings, ada):
    words, drawn = drawings
    words.html(Words("Ada's"), "en")

    async def watched() -> None:
        hub = Hub()
        await hub.start()
        try:
            await asyncio.to_thread(erased)
        finally:
            await hub.stop()

    def erased() -> None:
        try:
            actions.erase(ada.pk, actor=SYSTEM)
        finally:
            connection.close()

    asyncio.run(watched())
    words.html(Words("Ada's"), "en")
    assert drawn == ["Ada's", "Ada's"]
