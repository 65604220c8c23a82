"""The mail with the link: simple enough for the oldest program, and nothing in it has to be fetched."""

from __future__ import annotations

from html import escape

from django.utils.translation import get_language, get_language_info
from django.utils.translation import gettext as _

from careline.channels.letters import Letter, Mailing, Party

_LINK = (
    "display:inline-block;padding:11px 18px;border-radius:8px;background:#0a6568;color:#ffffff;text-decoration:none;"
    "font-weight:600"
)
_SOFT = "color:#5b6b70;font-size:13px"


def written(house: str, link: str, to: Party, minutes: int) -> tuple[str, Letter, Mailing]:
    """Its words, its envelope and its HTML, in the language now spoken."""
    greeting = _("You asked to see your conversations with %(house)s.") % {"house": house}
    until = _("The link opens once, within %(minutes)s minutes.") % {"minutes": minutes}
    otherwise = _("If you did not ask for it, do nothing: nobody comes in without this mail.")
    words = f"{greeting}\n\n{link}\n\n{until} {otherwise}"
    opens = _("Open my conversations")
    language = get_language() or "en"
    way = "rtl" if get_language_info(language)["bidi"] else "ltr"
    html = (
        f'<div lang="{escape(language)}" dir="{way}">\n<p style="margin:0 0 16px">{escape(greeting)}</p>\n'
        f'<p style="margin:0 0 16px"><a href="{escape(link)}" style="{_LINK}">{escape(opens)}</a></p>\n'
        f'<p style="{_SOFT}">{escape(until)} {escape(otherwise)}</p>\n</div>'
    )
    letter = Letter(to=(to,), subject=_("Your link to %(house)s") % {"house": house}, verbatim=True)
    return words, letter, Mailing(html)
