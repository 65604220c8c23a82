"""The row of the list: drawn fifty at a time, so it is cheap; drawn from strangers' words, so it is safe."""

from __future__ import annotations

from collections import Counter

import pytest
from django.template import engines
from django.utils import translation

from careline.web import rows
from tests.web import samples

HOSTILE = "<script>alert(1)</script>\"'><img src=x onerror=alert(2)>"
LIST = (
    "{% from 'parts/_conversation.html' import conversation %}{% set w = words() %}"
    "{% for row in rows %}{{ conversation(row, w, chosen|default(none)) }}{% endfor %}"
)


def listed(found, **more):
    return engines["jinja2"].from_string(LIST).render({"rows": found, **more})


@pytest.mark.parametrize("field", ["person_name", "initials", "preview", "subject", "assignee_name", "channel"])
def test_strangers_words_stay_words(field):
    row = samples.rows()[0]
    setattr(row, field, HOSTILE)
    html = listed([row])
    assert "<script" not in html
    assert "<img" not in html
    assert "\"'>" not in html


def test_a_list_asks_for_its_words_once(monkeypatch):
    made, asked = engines["jinja2"].from_string(LIST), Counter()
    made.render({"rows": samples.rows(count=8)})
    for name in ("get_language", "gettext", "ngettext"):
        real = getattr(translation, name)
        monkeypatch.setattr(translation, name, lambda *a, real=real, name=name: asked.update([name]) or real(*a))
        for module in ("rows", "marks"):
            monkeypatch.setattr(f"careline.web.{module}.{name}", getattr(translation, name), raising=False)
    made.render({"rows": samples.rows(count=50)})
    assert asked["gettext"] == 0
    assert asked["get_language"] == 1


def test_the_open_row_is_marked_only_where_it_is_asked_for():
    found = samples.rows()
    assert listed(found).count("aria-current") == 0
    assert listed(found, chosen=found[1].id).count('aria-current="true"') == 1


def test_a_row_says_what_it_is_in_words_too():
    html = listed(samples.rows())
    for words in ("Unread", "Urgent", "Snoozed", "Waiting on customer", "Assigned to Ines Calder", "(no name)", "Us: "):
        assert words in html


def test_a_deadline_is_told_by_shape_and_word_and_stands_in_its_place():
    html = listed(samples.rows(count=50))
    for state in ("promise", "promise soon", "promise late"):
        assert f'<span class="{state}" title="First reply">' in html
    assert '<path class="rest"' in html
    assert 'data-left="* left" data-late="* late"' in html
    assert 'data-due="2026-03-02T17:00:00Z" data-pledge="broken"' in html


def test_drawings_of_the_line_are_kept_within_bounds():
    words = rows.words()
    for k in range(5000):
        words.scrap([k % 5 - 2, k // 5 % 5 - 2, k // 25 % 5 - 2, k // 125 % 5 - 2, k // 625 % 5 - 2, k // 3125 - 2])
    assert len(words.scraps) <= 4097
