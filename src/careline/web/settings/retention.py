"""How long what is kept: a period a kind, what would go before it is set, and what was cleaned from the disk."""

from __future__ import annotations

from typing import Any

import msgspec
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from careline.kit.refusals import Refused
from careline.kit.retention import Going
from careline.privacy import actions, queries
from careline.web import cleansing
from careline.web.doors import AgentRequest, signed_in
from careline.web.settings.pages import attempt, show


class Row(msgspec.Struct, frozen=True):
    kind: str
    word: str
    about: str
    days: int | None
    least: int
    # What stands in the field: what was typed, while it is looked at.
    shown: str


class Preview(msgspec.Struct, frozen=True):
    """`going` is nothing when there is too much to be counted at once; `days` is nothing for no end."""

    kind: str
    days: int | None
    going: Going | None


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def retention(request: AgentRequest) -> HttpResponse:
    """`kind` and `days` in the address show what would go; a post of both sets the period."""
    actor, post = request.actor, request.POST
    actor.must("organization.manage")

    def draw(errors: dict[str, str], status: int = 200) -> HttpResponse:
        preview, wrong, asked = None, "", request.POST if errors else request.GET
        kind = asked.get("kind", "")
        if kind in words() and not errors:
            try:
                preview = _preview(request, kind)
            except Refused as refusal:
                wrong, status = str(refusal), refusal.status
        kept = {one.kind: one for one in queries.periods(actor)}
        context: dict[str, Any] = {
            "rows": [_row(kept[one], asked.get("days", "") if one == kind else None) for one in words()],
            "cleansings": [cleansing.drawn(one) for one in queries.cleansings(actor)],
            "preview": preview,
            "wrong_kind": kind if wrong or errors else "",
            "wrong": wrong or errors.get("any", ""),
            "errors": errors,
        }
        return show(request, "retention", "retention.html", context, status)

    if request.method != "POST":
        return draw({})
    acts = {"period": lambda: actions.set_period(post.get("kind", ""), _days(post.get("days", "")), actor=actor)}
    return attempt(request, acts, draw, back="/settings/retention")


def _row(one: queries.Kept, typed: str | None) -> Row:
    word, about = words()[one.kind]
    kept = "" if one.days is None else str(one.days)
    return Row(one.kind, word, about, one.days, one.least, kept if typed is None else typed[:10])


def _preview(request: AgentRequest, kind: str) -> Preview:
    days = _days(request.GET.get("days", ""))
    return Preview(kind, days, Going() if days is None else queries.preview(request.actor, kind, days))


def _days(written: str) -> int | None:
    written = written.strip()
    if not written:
        return None
    if not (written.isascii() and written.isdecimal()) or len(written) > 6:
        raise Refused(_("Give a number of days, or nothing to keep it without end."), field="days")
    return int(written)


def words() -> dict[str, tuple[str, str]]:
    """What each kind is called, and what going means for it."""
    counts = _("Counts of that time go with them.")
    return {
        "conversations": (
            _("Conversations at rest"),
            _("Resolved, spam or trash for so long: messages, notes and files go. The moments on the line stay."),
        ),
        "answers": (
            _("Answers to surveys"),
            _("Answers, words and files go, and links nobody used. The figures on the line stay."),
        ),
        "help": (
            _("What readers looked for and said"),
            _("Searches of the help center and words about articles go. How often articles helped stays counted."),
        ),
        "raw": (_("Deliveries as they came"), _("The raw bodies channels received, once they were taken in.")),
        "pages": (_("Page and screen views"), counts),
        "events": (_("Tracked events"), counts),
        "orders": (_("Orders and visits"), counts),
        "moments": (_("All other moments"), _("Of conversations, deliveries, answers and merges.") + " " + counts),
        "debugger": (_("Events in the debugger"), _("The last events of each source, as they came.")),
        "imports": (
            _("Imports"),
            _("Which file it was and what was refused of it. What it brought stays on the line."),
        ),
        "judgements": (
            _("What bots took messages for"),
            _("And whether agents said it was right; no word that was said."),
        ),
        "calls": (_("Questions to language models"), _("Digests, figures and verdicts; no word that was said.")),
        "audit": (_("Audit log"), _("At least thirty days always stay.")),
        "files": (_("Files and attachments"), _("The bytes go; the message says that there was a file.")),
        "sessions": (_("Sessions of agents"), _("Whoever was away for so long signs in again.")),
        "board": (_("Minutes of the live board"), _("How many waited where, and how many came.")),
        "keys": (_("Numbers of events"), _("Digests by which an event that is sent twice is known.")),
    }
