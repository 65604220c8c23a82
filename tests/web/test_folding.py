"""What is the same for everybody is in the compiled page already; what is not is asked for each time."""

from __future__ import annotations

import pytest
from django.template import engines
from django.utils import translation
from markupsafe import Markup

from careline.web import environment
from careline.web.folding import Pages


@pytest.fixture
def pages() -> Pages:
    return engines["jinja2"]  # type: ignore[return-value]


def drawn(pages: Pages, text: str, language: str = "en", **context: object) -> str:
    with translation.override(language):
        return str(pages.from_string(text).render(context))


def compiled(pages: Pages, text: str, language: str) -> str:
    with translation.override(language):
        return pages.now().env.compile(text, raw=True)


def test_each_language_has_its_own_words_in_the_compiled_page(pages):
    for language in ("en", "id", "ar"):
        with translation.override(language):
            word = environment.said("Resolve")
        assert drawn(pages, "{{ _('Resolve') }}", language) == word
        text = compiled(pages, "<b>{{ _('Resolve') }}</b>", language)
        assert repr(str(f"<b>{word}</b>"))[1:-1] in text
        assert "_gettext" not in text
        assert "'_'" not in text


def test_names_are_put_in_while_it_is_drawn_and_escaped(pages):
    text = "{{ _('The line of %(name)s', name=name) }}"
    assert drawn(pages, text, name="<b>") == "The line of &lt;b&gt;"
    assert drawn(pages, text, "id", name="Ada") != drawn(pages, text, name="Ada")


def test_two_signs_of_per_cent_mean_one(pages):
    assert drawn(pages, "{{ _('100%% sure') }} {{ _('%(n)s%% sure', n=3) }}") == "100% sure 3% sure"


def test_words_that_are_data_stay_calls(pages):
    assert drawn(pages, "{{ _(word) }}", word="Resolve") == "Resolve"
    assert drawn(pages, "{{ icon(shape, 's') }}", shape="check") == drawn(pages, "{{ icon('check', 's') }}")


def test_marks_and_addresses_are_the_same_folded_or_not(pages):
    for text in (
        "icon('check', 's')",
        "static('mark.svg')",
        "sheets('rows', 'desk')",
        "url('desk')",
        "url_or_none('no')",
    ):
        name, _bracket, rest = text.partition("(")
        asked = f"{{% set ask = {name} %}}{{{{ ask({rest} }}}}"
        assert drawn(pages, f"{{{{ {text} }}}}") == drawn(pages, asked)


def test_what_is_folded_is_escaped_no_less(pages):
    assert drawn(pages, "{{ _('<b>') }}") == Markup("<b>")  # our own words, as before
    assert drawn(pages, "{{ _('%(a)s', a='<b>') }}") == "&lt;b&gt;"
