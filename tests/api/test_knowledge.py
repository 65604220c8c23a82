"""Articles by program: written, published, found; who wrote meanwhile is not written over."""

from __future__ import annotations

import pytest

from careline.service.knowledge import meaning


@pytest.fixture
def writer(program, cy, monkeypatch):
    monkeypatch.setattr(meaning, "encoder", lambda language: None)
    return program(cy)


def test_an_article_is_written_published_found_and_put_away(writer):
    made = writer.ask("POST", "articles", body={"title": "Send it back", "language": "en", "body": "Within 30 days."})
    assert made.status == 201
    path = f"articles/{made.json['id']}"
    assert made.json["languages"][0]["url"] is None
    live = writer.ask("PUT", f"{path}/languages/en/publication")
    assert live.json["languages"][0]["url"].endswith("/help/en/articles/send-it-back")
    found = writer.ask("GET", "articles/search?q=30+days&language=en")
    assert (found.json["by"], found.json["items"][0]["article_id"]) == ("words", made.json["id"])
    assert writer.ask("PUT", f"{path}/archiving", body={}).json["archived_at"]
    assert writer.ask("GET", "articles/search?q=30+days").json["items"] == []


def test_an_old_revision_is_refused_and_kept_aside(writer):
    made = writer.ask("POST", "articles", body={"title": "Send it back", "language": "en"}).json
    path = f"articles/{made['id']}/languages/en"
    assert writer.ask("PUT", path, body={"title": "First", "revision": 1}).status == 200
    assert writer.ask("PUT", path, body={"title": "Second", "revision": 1}).status == 409
    kept = writer.ask("GET", f"{path}/versions").json["items"]
    assert [(one["title"], one["aside"]) for one in kept] == [
        ("Second", True),
        ("First", False),
        ("Send it back", False),
    ]


def test_what_cannot_be_is_refused_in_words(writer):
    for body in (
        {"title": "", "language": "en"},
        {"title": "T", "language": "xx"},
        {"title": "T" * 201, "language": "en"},
    ):
        assert writer.ask("POST", "articles", body=body).status == 422
    assert writer.ask("GET", "articles/search?q=a&limit=51").status == 422
    assert writer.ask("GET", "articles/search?language=en").json["field"] == "q"
