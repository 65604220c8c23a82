"""What templates may say beside plain Jinja: links in strangers' words, sizes, moments, and htmx on a short lead."""

from __future__ import annotations

import json
import time
from datetime import UTC, datetime, timedelta, timezone

import pytest
from django.template import engines
from django.test import override_settings
from django.utils import translation
from jinja2 import UndefinedError

from careline.web import assets, environment, viewer
from careline.web.environment import linkify
from tests.web.gallery import FAULTS, SCREENS, draw

REL = 'rel="noopener noreferrer nofollow ugc" target="_blank"'


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("plain words", "plain words"),
        ("<b>&\"'", "&lt;b&gt;&amp;&#34;&#39;"),
        ("See https://a.example/x?y=1&z=2.", f'See <a href="https://a.example/x?y=1&amp;z=2" {REL}>https://a.example/x?y=1&amp;z=2</a>.'),
        ("(http://a.example/b_(c))", f'(<a href="http://a.example/b_(c)" {REL}>http://a.example/b_(c)</a>)'),
        ("to ines@shop.example, please", f'to <a href="mailto:ines@shop.example" {REL}>ines@shop.example</a>, please'),
        ("http://a.example/<script>", f'<a href="http://a.example/" {REL}>http://a.example/</a>&lt;script&gt;'),
        ('https://a.example/"onclick="x', f'<a href="https://a.example/" {REL}>https://a.example/</a>&#34;onclick=&#34;x'),
        ("javascript://a.example/%0aalert(1)", "javascript://a.example/%0aalert(1)"),
        ("at @home and ://", "at @home and ://"),
        ("زوروا https://a.example/س، شكرًا", f'زوروا <a href="https://a.example/س" {REL}>https://a.example/س</a>، شكرًا'),
    ],
)  # fmt: skip
def test_addresses_in_words_become_links_and_nothing_else_does(text, html):
    assert linkify(text) == html


@pytest.mark.parametrize("text", ["a." * 50_000 + "@", "http://" + "." * 100_000, "a@" * 50_000, "http://(" * 12_000])
def test_strangers_cannot_make_the_search_for_links_slow(text):
    began = time.process_time()
    linkify(text)
    assert time.process_time() - began < 1


@pytest.mark.parametrize(
    ("count", "words"),
    [(0, "0 bytes"), (999, "999 bytes"), (217_600, "218 kB"), (3_400_000, "3.4 MB"), (25_000_000, "25 MB")],
)  # fmt: skip
def test_sizes_are_said_as_people_say_them(count, words):
    assert environment.size(count) == words


def test_words_are_kept_in_each_language_apart_and_names_in_them_are_escaped():
    text = '{{ _("Since") }}|{{ _("The line of %(name)s", name=name) }}|{{ _("100%% sure") }}'
    drawn = {}
    for language in ("en", "ar", "en"):
        with translation.override(language):
            drawn[language] = engines["jinja2"].from_string(text).render({"name": "<b>"})
    assert drawn["en"] == "Since|The line of &lt;b&gt;|100% sure"
    assert drawn["ar"].startswith("منذ|")
    assert "&lt;b&gt;" in drawn["ar"]


def test_a_moment_stands_in_utc_whatever_zone_it_came_in():
    at = datetime(2026, 5, 22, 16, 2, 3, 999, tzinfo=timezone(timedelta(hours=2)))
    assert environment.iso(at) == environment.iso(at.astimezone(UTC)) == "2026-05-22T14:02:03Z"
    assert environment.when(at, "clock") == (
        '<time datetime="2026-05-22T14:02:03Z" data-when="clock">2026-05-22 14:02 UTC</time>'
    )
    assert environment.when("2026-05-22T14:02:03Z", "clock") == environment.when(at, "clock")


def test_htmx_keeps_nothing_runs_no_text_and_shows_what_can_be_mended():
    lead = json.loads(environment.HTMX)
    assert lead["allowEval"] is lead["allowScriptTags"] is lead["includeIndicatorStyles"] is False
    assert lead["historyCacheSize"] == 0
    swapped = {rule["code"] for rule in lead["responseHandling"] if rule["swap"]}
    assert swapped == {"[23]..", "409|422"}


def test_addresses_of_files_carry_the_mark_of_their_content_in_the_path():
    assert assets.static("css/base.css") == f"/static/{assets.mark()}/css/base.css"
    assert str(assets.sheets("desk")).count("<link") == len(assets.SHEETS) + 1


def test_a_page_without_a_viewer_is_shown_to_a_guest():
    assert viewer.of(None).theme == "system"
    assert viewer.Viewer(language="ar").direction == "rtl"


def test_a_name_a_template_was_not_given_is_a_fault_and_not_a_gap():
    from django.template import engines

    with pytest.raises(UndefinedError):
        engines["jinja2"].from_string("{{ nobody.name }}").render({})


@pytest.mark.parametrize("screen", SCREENS + FAULTS)
@override_settings(ROOT_URLCONF="tests.web.doors")
def test_no_screen_needs_a_looser_policy(screen):
    html = draw(screen)
    assert " style=" not in html
    assert "<style" not in html
    assert " onclick=" not in html
    assert html.count("<script") == html.count("<script src=")
    assert html.count("<h1") == 1
