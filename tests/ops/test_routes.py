"""Addresses lose what they carry before anybody counts or notes them."""

from __future__ import annotations

import pytest
from django.urls import resolve

from careline.web.ops import routes


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("/api/v1/conversations/1001/messages", "/api/v1/conversations/*/messages"),
        ("/api/v1/customers/7/touchpoints", "/api/v1/customers/*/touchpoints"),
        ("/ws/visitor/5f3kq", "/ws/visitor/*"),
        ("/livez", "/livez"),
        ("/", "/"),
        ("/ada@example.net", "/*"),
        ("/static/css/desk.css", "/static/*/*"),
    ],
)
def test_only_words_of_the_program_are_kept(path: str, name: str, monkeypatch: pytest.MonkeyPatch):
    resolve("/api/v1/inboxes")
    monkeypatch.setattr(routes, "_named", {})
    assert routes.name_of(path) == name


def test_strangers_cannot_make_names_without_end(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(routes, "_named", {})
    words = sorted(routes.words())
    names = {routes.name_of(f"/{first}/{second}") for first in words for second in words}
    assert len(names) <= routes.MOST + 1
    assert routes.OTHERS in names
    assert routes.name_of("/" + "/".join("a" * 5000)).count("/") <= routes.LONGEST + 1
