"""Trying a flow out, and keeping what was tried as a rehearsal; rehearsals in a list."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from careline.kit.refusals import Refused
from careline.service.bots import actions, queries, remembering, sketching
from careline.web.bots import editing, playing, words, writing
from careline.web.doors import AgentRequest, signed_in
from careline.web.settings.pages import number


@require_POST
@signed_in
def talk(request: AgentRequest, bot_id: int) -> HttpResponse:
    """The panel after one more turn; with the picture, on which the way it took is lit."""
    actor, post = request.actor, request.POST
    bot = queries.one(actor, bot_id)
    sketch = sketching.sketch_of(actor, bot_id)
    kept = sketch.text if sketch else bot.text
    work = editing.opened(post.get("text", kept).replace("\r\n", "\n"), post.get("s.step", ""))
    begun = sketch.begun_from if sketch else bot.changed_at
    error, told, played = "", "", playing.Played()
    try:
        played = playing.read(post.get("played", ""))
        if post.get("act") == "rehearse":
            _rehearsed(request, bot, work.text, begun, played)
            told, begun = _("Kept as a rehearsal."), queries.one(actor, bot_id).changed_at
        else:
            played = playing.further(played, post.dict())
    except Refused as refusal:
        if refusal.status not in (409, 422):
            raise
        error = str(refusal)
    bot.refresh_from_db()
    context = writing.context_of(request, bot, work, begun) | writing.tried(request, bot, work, played)
    if context["talk"]:
        context["lit"] = context["talk"].taken
    shared = context | {"error": error, "told": told}
    if request.headers.get("HX-Request"):
        return render(request, "bots/_tried.html", shared)
    return words.page(
        request, "bots/flow.html", shared | {"compared": [], "is_stale": False, "part": "flow"}, tab="bots"
    )


def _rehearsed(request: AgentRequest, bot: Any, text: str, begun: Any, played: playing.Played) -> None:
    actor = request.actor
    sketching.keep(bot.pk, text, actor=actor, begun_from=begun)
    actions.rehearse(
        bot.pk, request.POST.get("name", ""), played.events, actor=actor, values=played.values, verified=played.verified
    )


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def rehearsals(request: AgentRequest, bot_id: int) -> HttpResponse:
    """How each goes with the draft as it is kept, and a talk that was had as the next of them."""
    actor, post = request.actor, request.POST
    bot = queries.one(actor, bot_id)
    error, status = "", 200
    if request.method == "POST":
        try:
            return _done(request, bot_id)
        except Refused as refusal:
            if refusal.status not in (404, 409, 422):
                raise
            error, status = str(refusal), refusal.status if refusal.status != 404 else 422
    standing = queries.standing_of(bot)
    flow = queries.flow_of(bot.text)
    rows = []
    for one in bot.rehearsals.order_by("name", "pk"):
        differs = standing.rehearsals[one.name]
        turns = one.recording.turns
        said = playing.talk(flow, playing.of_recording(one.recording), writing.reading(writing.spoken()))
        where = [line.words for line in said.turns[differs.turn - 1].lines] if differs else []
        rows.append((one, len(turns), differs, where))
    context = {
        "bot": bot, "rows": rows, "standing": standing, "error": error, "part": "rehearsals", "wants": words.wants(),
        "given": post.get("conversation", ""), "runs": remembering.runs(actor, bot_id),
    }  # fmt: skip
    return words.page(request, "bots/rehearsals.html", context, tab="bots", status=status)


def _done(request: AgentRequest, bot_id: int) -> HttpResponse:
    actor, post, what = request.actor, request.POST, request.POST.get("what", "")
    if what == "forget":
        actions.forget(bot_id, post.get("name", ""), actor=actor)
    elif what == "again":
        actions.rehearse_again(bot_id, post.get("name", ""), actor=actor)
    elif what == "from":
        made = remembering.remembered(actor, bot_id, number(post.get("conversation", "").strip().lstrip("#")))
        played = playing.written(playing.Played(made))
        return redirect(f"/bots/{bot_id}?{urlencode({'talk': played})}#try")
    else:
        raise Refused(_("There is nothing of that name to change."))
    return redirect(f"/bots/{bot_id}/rehearsals?done={what}")
