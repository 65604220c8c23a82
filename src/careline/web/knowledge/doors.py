"""Articles in a list, languages that are missing, gaps, collections and how the help center looks."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from careline.kit.refusals import Refused
from careline.service.knowledge import actions, gaps, meaning, queries, shapes
from careline.service.knowledge.actions.arranging import THEMES, Looks
from careline.service.knowledge.queries import Narrowed
from careline.web import viewer
from careline.web.doors import AgentRequest, signed_in
from careline.web.help.frame import gone_to
from careline.web.knowledge import words
from careline.web.settings.pages import number

BOTH = require_http_methods(["GET", "HEAD", "POST"])
LISTED = 50


@require_safe
@signed_in
def articles(request: AgentRequest) -> HttpResponse:
    asked, actor = request.GET, request.actor
    state = asked.get("state", "all")
    wanted = Narrowed(
        state=state if state in queries.STATES else "all", audience=asked.get("audience", ""),
        q=asked.get("q", "")[:200], language=asked.get("language", ""),
        collection_id=_number(asked.get("collection", "")),
    )  # fmt: skip
    rows = queries.articles(actor, wanted, before=_number(asked.get("before", "")), limit=LISTED + 1)
    kept = {name: value for name in ("state", "audience", "q", "language", "collection") if (value := asked.get(name))}
    older = f"?{urlencode({**kept, 'before': rows[LISTED - 1].pk})}" if len(rows) > LISTED else ""
    context = {
        "rows": rows[:LISTED], "wanted": wanted, "states": words.states(), "older": older, "due": queries.due(actor),
        "collections": queries.collections(actor), "unread": _without_meaning(),
    }  # fmt: skip
    return words.page(request, "articles.html", context, tab="articles")


def _number(given: str) -> int | None:
    return int(given) if given.isascii() and given.isdecimal() and len(given) < 19 else None


def _without_meaning() -> list[str]:
    """Languages that are searched by their words alone."""
    return [one for one in shapes.languages() if not meaning.is_there(one)]


@require_safe
@signed_in
def missing(request: AgentRequest) -> HttpResponse:
    return words.page(
        request,
        "missing.html",
        {
            "rows": queries.missing(request.actor),
            "heads": [(viewer.named(one), "") for one in shapes.languages()],
        },
        tab="missing",
    )


@BOTH
@signed_in
def gaps_found(request: AgentRequest) -> HttpResponse:
    post, actor = request.POST, request.actor
    if request.method == "POST":
        actions.settle_asked(post.getlist("words"), actor=actor, language=post.get("language", ""))
        return gone_to("/knowledge/gaps")
    context = {"searches": gaps.searches(actor), "matters": gaps.matters(actor), "days": gaps.DAYS}
    return words.page(request, "gaps.html", context, tab="gaps")


@BOTH
@signed_in
def collections(request: AgentRequest) -> HttpResponse:
    actor, post = request.actor, request.POST
    actor.must("knowledge.view")
    spoken = shapes.languages()

    def keep() -> None:
        actions.keep_collection(
            {one: post.get(f"name.{one}", "") for one in spoken}, {one: post.get(f"about.{one}", "") for one in spoken},
            actor=actor, collection_id=_number(post.get("collection", "")), slug=post.get("slug", ""),
        )  # fmt: skip

    def up() -> None:
        ids, at = [one.pk for one in queries.collections(actor)], number(post.get("collection"))
        place = ids.index(at) if at in ids else 0
        ids[max(0, place - 1) : place + 1] = reversed(ids[max(0, place - 1) : place + 1])
        actions.order_collections(ids, actor=actor)

    def drop() -> None:
        actions.drop_collection(number(post.get("collection")), actor=actor)

    def draw(error: str = "", status: int = 200) -> HttpResponse:
        context = {"rows": queries.collections(actor), "error": error, "given": post if error else {}}
        return words.page(request, "collections.html", context, tab="collections", status=status)

    return _tried(request, {"keep": keep, "up": up, "drop": drop}, draw, "/knowledge/collections?done=1")


@BOTH
@signed_in
def centre(request: AgentRequest) -> HttpResponse:
    actor, post = request.actor, request.POST
    actor.must("knowledge.edit")

    def keep() -> None:
        looks = Looks(
            is_on="is_on" in post, portal="portal" in post, title=post.get("title", ""), theme=post.get("theme", ""),
            greeting=post.get("greeting", ""), back_url=post.get("back_url", ""), form_key=post.get("form_key", ""),
        )  # fmt: skip
        actions.keep_centre(looks, actor=actor)

    def draw(error: str = "", status: int = 200) -> HttpResponse:
        known = queries.centre()
        one: dict[str, Any] = {
            name: post.get(name, "") if error else getattr(known, name)
            for name in ("title", "greeting", "theme", "back_url", "form_key")
        }
        one |= {name: name in post if error else getattr(known, name) for name in ("is_on", "portal")}
        themes = dict(zip(THEMES, (_("teal"), _("ink"), _("sea"), _("plum")), strict=True))
        context = {"one": one, "error": error, "themes": list(themes.items())}
        return words.page(request, "centre.html", context, tab="centre", status=status)

    return _tried(request, {"keep": keep}, draw, "/knowledge/centre?done=1")


def _tried(
    request: AgentRequest, acts: dict[str, Callable[[], None]], draw: Callable[..., HttpResponse], back: str
) -> HttpResponse:
    """One of a page's forms, named by `what`; a refusal draws the page again with its sentence."""
    if request.method != "POST":
        return draw()
    act = acts.get(request.POST.get("what", ""))
    try:
        if act is None:
            raise Refused(_("There is nothing of that name to change."))
        act()
    except Refused as refusal:
        if refusal.status not in (409, 422):
            raise
        return draw(str(refusal), refusal.status)
    return gone_to(back)
