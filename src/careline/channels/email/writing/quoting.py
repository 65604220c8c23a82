"""What is carried along below an answer or a comment: the message before it, as programs fold it away."""

from __future__ import annotations

from datetime import datetime

import nh3
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from careline.channels.email import markup
from careline.channels.email.addresses import Address
from careline.channels.email.writing import headers, typed
from careline.channels.email.writing.letter import Forwarded, Quoted

# Of a history as long as a book the newest pages are enough.
LONGEST_TEXT = 50_000
LONGEST_HTML = 200_000
_SCHEMES = {"http", "https", "mailto", "tel", "cid"}
_ATTRIBUTES = {
    **{name: set(allowed) for name, allowed in nh3.ALLOWED_ATTRIBUTES.items()},
    "*": {"dir", "lang", "style", "align", "width", "height", "valign"},
    "font": {"color", "face", "size"},
    "table": {"border", "cellpadding", "cellspacing", "bgcolor"},
    "td": {"colspan", "rowspan", "bgcolor"},
    "blockquote": {"type", "class"},
}
_STYLES = {
    "color", "background-color", "font-family", "font-size", "font-style", "font-weight", "text-align",
    "text-decoration", "line-height", "margin", "padding", "border", "border-left", "width", "max-width",
}  # fmt: skip
_QUOTE = 'class="gmail_quote" type="cite" style="margin:0 0 0 .8ex;border-left:1px solid #ccc;padding-left:1ex"'


def quoted_text(quoted: Quoted) -> str:
    lines = _cut(quoted.text or markup.words(quoted.html)).split("\n")
    return "\n".join([_wrote(quoted), *(f">{' ' if line and line[0] != '>' else ''}{line}" for line in lines)])


def quoted_html(quoted: Quoted, shown: frozenset[str], mark: str = "") -> str:
    """Classes and attributes by which Gmail, Outlook and Apple Mail know a quote and fold it.

    The mark stands within: outside, lists of mails would show it after a short answer.
    """
    inside = _inside(quoted.html, quoted.text, shown)
    line = typed.line_html(_wrote(quoted))
    return (
        f'<div class="gmail_quote"><div class="gmail_attr" dir="{typed.direction(line)}">{line}<br></div>{mark}'
        f"<blockquote {_QUOTE}>{inside}</blockquote></div>"
    )


def forwarded_text(forwarded: Forwarded) -> str:
    said = "\n".join(f"{label}: {value}" for label, value in _head(forwarded))
    return f"{_title()}\n{said}\n\n{_cut(forwarded.text or markup.words(forwarded.html))}"


def forwarded_html(forwarded: Forwarded, shown: frozenset[str]) -> str:
    said = "<br>".join(f"{typed.line_html(label)}: {typed.line_html(value)}" for label, value in _head(forwarded))
    inside = _inside(forwarded.html, forwarded.text, shown)
    return f'<div class="gmail_quote"><div class="gmail_attr">{_title()}<br>{said}<br></div><br>{inside}</div>'


def _title() -> str:
    words = _("Forwarded message")
    return f"---------- {words} ----------"


def _head(forwarded: Forwarded) -> list[tuple[str, str]]:
    people = [
        (pgettext("mail", "From"), (forwarded.author,)),
        (pgettext("mail", "To"), forwarded.to),
        (_("Cc"), forwarded.cc),
    ]
    found = [(label, ", ".join(_person(one) for one in many)) for label, many in people if many]
    if forwarded.sent_at is not None:
        found.insert(1, (_("Date"), _moment(forwarded.sent_at)))
    found.append((_("Subject"), headers.one_line(forwarded.subject)))
    return found


def _wrote(quoted: Quoted) -> str:
    who = _person(quoted.author)
    if quoted.sent_at is None:
        return _("%(who)s wrote:") % {"who": who}
    return _("On %(when)s, %(who)s wrote:") % {"when": _moment(quoted.sent_at), "who": who}


def _moment(when: datetime) -> str:
    """In the zone it was written in, for that is how the other one remembers it."""
    return f"{date_format(when, 'DATE_FORMAT')} {when:%H:%M}"


def _person(one: Address) -> str:
    name = headers.one_line(one.name)
    return f"{name} <{headers.one_line(one.address)}>" if name else headers.one_line(one.address)


def _inside(html: str, text: str, shown: frozenset[str]) -> str:
    if not html.strip() or len(html) > LONGEST_HTML:
        lines = _cut(text or markup.words(html[: 2 * LONGEST_HTML])).split("\n")
        return "<br>\n".join(typed.line_html(line) for line in lines)

    def kept(tag: str, name: str, value: str) -> str | None:
        if tag == "img" and name == "src" and value.startswith("cid:"):
            return value if value[4:] in shown else None  # a picture that does not travel with it
        return value

    return nh3.clean(
        html,
        tags=nh3.ALLOWED_TAGS | {"font"},
        attributes=_ATTRIBUTES,
        url_schemes=_SCHEMES,
        filter_style_properties=_STYLES,
        attribute_filter=kept,
        link_rel=None,
        clean_content_tags={"script", "style", "title", "template", "noscript", "svg", "math"},
    )


def _cut(text: str) -> str:
    text = text.replace("\r\n", "\n").strip("\n")
    return text if len(text) <= LONGEST_TEXT else text[:LONGEST_TEXT].rsplit("\n", 1)[0] + "\n…"
