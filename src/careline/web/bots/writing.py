"""The editor: a flow as a picture, a form a step and a text; kept, published, and what it was before."""

from __future__ import annotations

import difflib
from datetime import datetime
from typing import Any

import msgspec
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from careline.accounts import queries as accounts
from careline.kit.refusals import Refused
from careline.service.bots import actions, queries, sketching
from careline.service.bots.core import shapes
from careline.service.bots.core.text import Fault
from careline.service.intents import queries as intents
from careline.web import viewer
from careline.web.bots import editing, form, playing, voicing, words
from careline.web.bots.editing import Work
from careline.web.doors import AgentRequest, signed_in
from careline.web.people.drawn import language_words
from careline.web.settings.pages import number

_HEAD = ("name", "start", "intents", "knows")
BOTH = require_http_methods(["GET", "HEAD", "POST"])


def spoken() -> list[tuple[str, str]]:
    """The house's languages."""
    reader = get_language() or "en"
    return [(one, language_words(one, reader)) for one in accounts.organization().languages or ["en"]]


def reading(languages: list[tuple[str, str]]) -> str:
    """The language flows are shown in: the reader's, where the house speaks it."""
    own = get_language() or "en"
    return own if own in dict(languages) else languages[0][0]


@BOTH
@signed_in
def flow(request: AgentRequest, bot_id: int) -> HttpResponse:
    """`step` in the address is the one in the form; what one does is named by `what`, a change to the form by `do`."""
    actor, post = request.actor, request.POST
    bot = queries.one(actor, bot_id)
    sketch = sketching.sketch_of(actor, bot_id)
    language = spoken()[0][0]
    error, status, theirs = "", 200, ""
    if request.method == "POST":
        work, begun = editing.sent(post.dict(), language), since(post.get("begun_from", ""), bot)
        try:
            if done := _done(request, bot, work, begun):
                return done
            sketching.sketch(bot_id, work.text, actor=actor, begun_from=begun)
        except sketching.Clashed as clash:
            sketching.sketch(bot_id, work.text, actor=actor, begun_from=bot.changed_at)
            error, status, theirs, begun = str(clash), clash.status, bot.text, bot.changed_at
        except Refused as refusal:
            if refusal.status not in (409, 422):
                raise
            error, status = str(refusal), refusal.status
    else:
        work = editing.opened(sketch.text if sketch else bot.text, request.GET.get("step", ""))
        begun = sketch.begun_from if sketch else bot.changed_at
    bot.refresh_from_db()
    context = context_of(request, bot, work, begun) | tried(request, bot, work) | {
        "error": error, "compared": compared(bot.text, work.text) if theirs else [], "part": "flow",
        "is_stale": begun != bot.changed_at and not theirs,
    }  # fmt: skip
    return words.page(request, "bots/flow.html", context, tab="bots", status=status)


def _done(request: AgentRequest, bot: Any, work: Work, begun: datetime) -> HttpResponse | None:
    actor, what, bot_id = request.actor, request.POST.get("what", ""), bot.pk
    if what == "discard":
        sketching.discard(bot_id, actor=actor)
    elif what in ("keep", "publish"):
        sketching.sketch(bot_id, work.text, actor=actor, begun_from=begun)
        sketching.keep(bot_id, work.text, actor=actor, begun_from=begun)
        if what == "publish":
            actions.publish(bot_id, actor=actor)
    elif what == "drop":
        actions.drop(bot_id, actor=actor)
        return redirect("/bots?done=drop")
    elif what:
        raise Refused(_("There is nothing of that name to change."))
    else:
        return None
    return redirect(f"/bots/{bot_id}?done={what}" + (f"&step={work.step}" if work.chosen is not None else ""))


def since(given: str, bot: Any) -> datetime:
    try:
        return datetime.fromisoformat(given)
    except ValueError:
        kept: datetime = bot.changed_at
        return kept


def context_of(request: AgentRequest, bot: Any, work: Work, begun: datetime) -> dict[str, Any]:
    """What the editor's parts need."""
    languages = spoken()
    names = {one.pk: one.name for one in accounts.agents(request.actor)}
    mirrored = viewer.of(request).direction == "rtl"
    raw = work.raw or {}
    chosen = work.chosen
    extra = {code for said in voicing.tables(chosen) for code in said if code not in dict(languages)}
    return {
        "bot": bot, "work": work, "begun_from": begun.isoformat(), "languages": languages,
        "extra": sorted(extra), "step": chosen, "was": msgspec.json.encode(chosen or _head(raw)).decode(),
        "picture": editing.drawn(work, reading(languages), mirrored=mirrored), "mirrored": mirrored,
        "names": list(raw.get("steps", {})), "head": _head(raw), "standing": standing_of(bot, work),
        "is_kept": work.text == bot.text, "others": [
            (names.get(one.agent_id, "–"), one.at) for one in sketching.others(request.actor, bot.pk)
        ],
        "known_intents": [(one.code, one.name) for one in intents.listed(request.actor)], "checks": words.checks(),
        "hows": words.hows(), "shown": form.shown, "pairs": form.pairs, "address": f"/bots/{bot.pk}", "lit": set(),
        "kinds": words.kinds(), "shapes": words.SHAPES, "way_word": words.way, "most_options": shapes.MOST_OPTIONS,
        "way_names": words.ways(), "drawn_missed": _drawn_missed, "heard": voicing.heard(work.raw),
    }  # fmt: skip


def _drawn_missed(drawn: Any, standing: queries.Standing) -> bool:
    """Whether any way of the picture is one that no rehearsal goes through; those to a person are not drawn."""
    missed = set(standing.coverage.missed)
    return any((one.step, one.way) in missed for one in drawn.lines)


def _head(raw: dict[str, Any]) -> dict[str, Any]:
    return {"name": "", "start": "", "intents": [], "knows": []} | {key: raw[key] for key in _HEAD if key in raw}


def standing_of(bot: Any, work: Work) -> queries.Standing | None:
    """How what is written stands to its rehearsals; None where it reads as no flow."""
    return None if work.raw is None or work.faults else queries.standing_of(bot, queries.flow_of(work.text))


def tried(request: AgentRequest, bot: Any, work: Work, played: playing.Played | None = None) -> dict[str, Any]:
    """What the panel to try it out needs."""
    if work.raw is None or work.faults:
        return {"talk": None, "knows": [], "rehearsal": ""}
    if played is None:
        kept = queries.rehearsal(bot, request.GET.get("play", ""))
        played = playing.of_recording(kept) if kept else playing.read(request.GET.get("talk", ""))
    read = queries.flow_of(work.text)
    return {
        "talk": playing.talk(read, played, reading(spoken())), "knows": read.knows, "played": played,
        "rehearsal": request.POST.get("name", request.GET.get("play", "")),
    }  # fmt: skip


@require_POST
@signed_in
def draft(request: AgentRequest, bot_id: int) -> HttpResponse:
    """The parts of the editor as they now stand; what is not kept yet is kept aside for whoever writes it."""
    bot, post = queries.one(request.actor, bot_id), request.POST
    work, begun = editing.sent(post.dict(), spoken()[0][0]), since(post.get("begun_from", ""), bot)
    try:
        sketching.sketch(bot_id, work.text, actor=request.actor, begun_from=begun)
    except Refused as refusal:
        work.faults.insert(0, Fault(0, "", str(refusal).rstrip(".")))
    by = request.headers.get("HX-Trigger", "")
    context = context_of(request, bot, work, begun) | {
        "by_text": by == "flow-text", "is_plain": by == "flow-fields" and not work.is_turned, "oob": True,
    }  # fmt: skip
    return render(request, "bots/_draft.html", context)


@BOTH
@signed_in
def versions(request: AgentRequest, bot_id: int) -> HttpResponse:
    """What was published, and one of them beside the draft."""
    actor, post = request.actor, request.POST
    bot, rows = queries.one(actor, bot_id), list(queries.versions(actor, bot_id))
    if request.method == "POST":
        old = queries.version(actor, bot_id, number(post.get("version")))
        sketching.sketch(bot_id, old.text, actor=actor, begun_from=bot.changed_at)
        return redirect(f"/bots/{bot_id}?done=again")
    asked = request.GET.get("version", "")
    shown = queries.version(actor, bot_id, number(asked)) if asked else None
    context = {
        "bot": bot, "rows": rows, "shown": shown, "names": {one.pk: one.name for one in accounts.agents(actor)},
        "compared": compared(shown.text, bot.text) if shown else [], "part": "versions",
    }  # fmt: skip
    return words.page(request, "bots/versions.html", context, tab="bots")


def compared(old: str, new: str) -> list[tuple[str, str]]:
    """Lines that went, came or stayed near them."""
    signs = {"-": "gone", "+": "new"}
    return [
        (signs.get(line[:1], ""), line[1:])
        for line in difflib.unified_diff(old.splitlines(), new.splitlines(), lineterm="", n=2)
        if not line.startswith(("---", "+++", "@@"))
    ]
