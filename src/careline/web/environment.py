"""The template environment of every page: what a template may say beside plain Jinja."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Any

import msgspec
from django.urls import NoReverseMatch, reverse
from django.utils.translation import get_language, gettext, ngettext, npgettext, pgettext
from jinja2 import StrictUndefined
from markupsafe import Markup, escape

from careline.web import assets, faces, kind_words, line, marks, rows, sayings, viewer
from careline.web.folding import Folding

# What htmx may do here: no code from text, no style of its own, nothing of a customer kept in the browser's storage;
# an answer that says "somebody was first" or "mend this field" is shown, any other failure leaves the page as it is.
# What was drawn hears at once: within htmx's own 20 ms before that, a choice or a push would be lost.
HTMX = msgspec.json.encode(
    {
        "includeIndicatorStyles": False,
        "allowEval": False,
        "allowScriptTags": False,
        "selfRequestsOnly": True,
        "historyCacheSize": 0,
        "refreshOnHistoryMiss": True,
        "scrollBehavior": "instant",
        "defaultSettleDelay": 0,
        "timeout": 10_000,
        "responseHandling": [
            {"code": "204", "swap": False},
            {"code": "[23]..", "swap": True},
            {"code": "409|422", "swap": True, "error": False},
            {"code": "...", "swap": False, "error": True},
        ],
    }
).decode()

# An address in running text ends before the punctuation that belongs to the sentence. Nothing is tried twice: the text
# comes from strangers.
LINK = re.compile(
    r"\bhttps?://[^\s<>\"']*[^\s<>\"'.,;:!?()\[\]{}’”»،؛؟。、]"
    r"|(?<![\w.+-])[\w.+-]++@[\w-]++(?:\.[\w-]++)++",
    re.IGNORECASE,
)
REL = "noopener noreferrer nofollow ugc"


def linkify(text: str) -> Markup:
    """Plain text with its web and mail addresses made into links; everything else is escaped."""
    if "@" not in text and "://" not in text:
        return escape(text)
    pieces, at = [], 0
    for found in LINK.finditer(text):
        end = found.end()
        while text[end : end + 1] == ")" and text.count("(", found.start(), end) > text.count(")", found.start(), end):
            end += 1
        address = escape(text[found.start() : end])
        target = address if "://" in address else f"mailto:{address}"
        pieces += [escape(text[at : found.start()]), f'<a href="{target}" rel="{REL}" target="_blank">{address}</a>']
        at = end
    return marks.trusted("".join([*pieces, escape(text[at:])]))


def size(count: int) -> str:
    """Bytes as a person says them: 218 kB, 3.4 MB."""
    amount = float(count)
    for unit in (gettext("bytes"), "kB", "MB"):
        if amount < 1000:
            return f"{amount:.0f} {unit}" if amount >= 10 or unit != "MB" else f"{amount:.1f} {unit}"
        amount /= 1000
    return f"{amount:.1f} GB"


def iso(moment: datetime) -> str:
    """A moment as `datetime=` wants it; the script sets it to the viewer's zone."""
    at = moment if moment.tzinfo is UTC else moment.astimezone(UTC)
    return f"{at.isoformat(timespec='seconds')[:19]}Z"


def when(moment: datetime | str, style: str = "list") -> Markup:
    """A moment for people: plain UTC here, set to the viewer's clock and language by js/time.js."""
    at = datetime.fromisoformat(moment) if isinstance(moment, str) else moment
    written = iso(at)
    # Not formatted by Markup: there is nothing in a moment to escape, and a thread has fifty of them.
    return marks.trusted(f'<time datetime="{written}" data-when="{style}">{written[:10]} {written[11:16]} UTC</time>')


def url(name: str, *args: Any, **kwargs: Any) -> str:
    return reverse(name, args=args or None, kwargs=kwargs or None)


def url_or_none(name: str, *args: Any) -> str | None:
    """For doors of rooms that may not be built in: the rail shows what exists."""
    try:
        return reverse(name, args=args or None)
    except NoReverseMatch:
        return None


def worded(text: str) -> Markup:
    """Words in the language now spoken. They are a format: names are put into it, two signs of per cent mean one."""
    return marks.trusted(gettext(text))


def said(text: str, **given: Any) -> Markup:
    """For the words that are not known when a template is compiled; there should be none."""
    return worded(text) % given


def environment(**options: Any) -> Folding:
    """For pages in the language now spoken."""
    options["undefined"] = StrictUndefined
    built = Folding(**options, trim_blocks=True, lstrip_blocks=True)  # the backend turns autoescape on
    built.language, built.say = get_language() or "en", worded
    built.constant = {
        "icon": marks.icon,
        "static": assets.static,
        "sheets": assets.sheets,
        "url": url,
        "url_or_none": url_or_none,
    }
    built.add_extension("jinja2.ext.i18n")
    built.install_gettext_callables(  # type: ignore[attr-defined]  # added by the extension
        gettext, ngettext, newstyle=True, pgettext=pgettext, npgettext=npgettext
    )

    built.globals.update(_=said, gettext=said)

    def part(name: str, **context: Any) -> Markup:
        """A part drawn in one piece: fifty rows handed up piece by piece through every page around them cost more than
        drawing them does."""
        return Markup(built.get_template(name).render(context))  # noqa: S704  # the template escapes what it draws

    built.filters.update(linkify=linkify, size=size, iso=iso)
    built.globals.update(
        static=assets.static,
        sheets=assets.sheets,
        url=url,
        url_or_none=url_or_none,
        viewer_of=viewer.of,
        htmx_config=HTMX,
        icon=marks.icon,
        scrap=marks.scrap,
        felt=marks.felt,
        felt_word=marks.felt_word,
        effort=marks.effort,
        effort_at_most=marks.effort_at_most,
        face=faces.face,
        initials=faces.initials,
        icon_of=sayings.channel_icon,
        kind_named=kind_words.named,
        step=line.Step,
        line_html=line.line_html,
        stretch=line.stretch,
        dot=line.dot,
        words=rows.words,
        when=when,
        part=part,
    )
    return built
