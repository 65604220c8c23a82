"""A survey by mail: the first question in the mail itself, each answer a link; and how to get no more of them."""

from __future__ import annotations

from html import escape

import msgspec
from django.utils.translation import get_language_info
from django.utils.translation import gettext as _

from careline import contact
from careline.accounts import queries as accounts
from careline.channels import adapter, outbox
from careline.channels.letters import Letter, Mailing, Party
from careline.channels.models import Inbox, Outbox
from careline.contact import leaving
from careline.experience.surveys import asking, links
from careline.experience.surveys.delivery import wording
from careline.experience.surveys.delivery.wording import Wording
from careline.experience.surveys.models import Response
from careline.kit.refusals import Conflicting

# As the pages' themes are by daylight; mail programs that turn light to dark turn these, too.
COLORS = {"line": "#0a6568", "ink": "#243238", "sea": "#1d5b94", "plum": "#84346c"}
_CELL = "display:inline-block;min-width:20px;padding:11px 10px;margin:0 4px 8px 0;border:1px solid {color};"
_LINK = _CELL + "border-radius:8px;color:{color};text-decoration:none;text-align:center;font-weight:600"
_SOFT = "color:#5b6b70;font-size:13px"


class _Parts(msgspec.Struct, frozen=True):
    greeting: str
    asked: Wording
    color: str
    page: str
    leave: str
    house: str

    def at(self, value: str) -> str:
        return f"{self.page}?answer={value}"


def send(response: Response, inbox: Inbox, decision: contact.Decision) -> Outbox:
    question = asking.following(response.form, response.given, response.fields)
    if question is None:
        raise Conflicting(_("This survey was answered already."))
    fill = wording.recall(response)
    parts = _Parts(
        fill(response.form.intro), wording.asked(response, question), COLORS[response.form.theme],
        links.address("own", response.pk), leaving.link(decision.person_id, decision.purpose),
        accounts.organization().name,
    )  # fmt: skip
    address = outbox.reached(decision.person_id, adapter.of(inbox.kind).capabilities.reaches)
    with wording.house_language(fill.language):
        title = fill(response.form.title) or _("A question about us")
        return outbox.enqueue(
            decision, inbox_id=inbox.pk, person_id=decision.person_id, words=_text(parts), recipient=address,
            letter=Letter(to=(Party(address, fill.name),), subject=title, verbatim=True),
            mailing=Mailing(_html(parts, fill.language), parts.leave), conversation_id=response.conversation,
        )  # fmt: skip


def _text(parts: _Parts) -> str:
    asked = parts.asked.expects
    choices = "\n".join(f"{one.label}: {parts.at(one.value)}" for one in asked.choices if one.value)
    ends = " – ".join(one for one in (asked.low, asked.high) if one)
    return "\n\n".join(
        one for one in (parts.greeting, parts.asked.words, ends, choices or parts.page, _why(parts), parts.leave) if one
    )


def _html(parts: _Parts, language: str) -> str:
    """Simple enough for the oldest program; it holds nothing that has to be fetched."""
    asked = parts.asked.expects
    way = "rtl" if get_language_info(language)["bidi"] else "ltr"
    style = _LINK.format(color=parts.color)
    choices = "".join(
        f'<a href="{escape(parts.at(one.value))}" style="{style}">{escape(one.label)}</a>'
        for one in asked.choices if one.value
    )  # fmt: skip
    ends = " – ".join(escape(one) for one in (asked.low, asked.high) if one)
    page = f'<a href="{escape(parts.page)}" style="{style}">{escape(_("Answer on a page"))}</a>'
    lines = [
        *(_lines(parts.greeting, "margin:0 0 16px")), *_lines(parts.asked.words, "margin:0 0 12px;font-size:18px"),
        f'<p style="margin:0 0 4px">{choices or page}</p>', f'<p style="margin:0 0 24px;{_SOFT}">{ends}</p>',
        f'<p style="{_SOFT}">{escape(_why(parts))} '
        f'<a href="{escape(parts.leave)}" style="color:#5b6b70">{escape(_("Choose what we write to you for"))}</a></p>',
    ]  # fmt: skip
    return f'<div lang="{escape(language)}" dir="{way}">\n' + "\n".join(lines) + "\n</div>"


def _lines(words: str, style: str) -> list[str]:
    return [f'<p style="{style}">{escape(one)}</p>' for one in words.split("\n\n") if one.strip()]


def _why(parts: _Parts) -> str:
    return _("%(house)s asks you because you were in touch with us.") % {"house": parts.house}
