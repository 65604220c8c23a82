"""Inboxes: a list, and for each its settings as its channel names them, its members, its secret and what got stuck."""

from __future__ import annotations

from collections import Counter
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from careline.accounts import queries as accounts
from careline.channels import actions, adapter, deliveries, history, illegible, queries, satchel, signatures
from careline.web.doors import AgentRequest, signed_in
from careline.web.settings import choices, connecting
from careline.web.settings.pages import attempt, number, show

BOTH = require_http_methods(["GET", "HEAD", "POST"])


@BOTH
@signed_in
def inboxes(request: AgentRequest) -> HttpResponse:
    actor, post = request.actor, request.POST
    actor.must("inboxes.manage")

    def draw(errors: dict[str, str], status: int = 200) -> HttpResponse:
        kinds = [(kind, channel.label()) for kind, channel in sorted(adapter.adapters().items(), reverse=True)]
        known = {
            "inboxes": [(inbox, dict(kinds).get(inbox.kind, inbox.kind)) for inbox in queries.visible_to(actor)],
            "kinds": kinds,
            "languages": choices.languages(),
            "errors": errors,
        }
        return show(request, "inboxes", "inboxes.html", known, status)

    def create() -> HttpResponse:
        kind = post.get("kind", "")
        if adapter.of(kind).capabilities.begins_with:
            wished = urlencode({name: post.get(name, "") for name in ("name", "language")})
            return redirect(f"/settings/inboxes/new/{kind}?{wished}")
        made = actions.create_inbox(
            actor=actor, kind=kind, name=post.get("name", ""), language=post.get("language", "en")
        )
        return redirect(f"/settings/inboxes/{made.pk}")

    return (
        draw({}) if request.method != "POST" else attempt(request, {"create": create}, draw, back="/settings/inboxes")
    )


def _signing(request: AgentRequest, inbox_id: int) -> HttpResponse:
    """How mails would end with what is being written."""
    written = {"signature": request.POST.get("field.signature", "")}
    below = signatures.of_inbox(request.actor, inbox_id, written)
    return render(request, "settings/_signatures.html", {"below": below})


@BOTH
@signed_in
def inbox(request: AgentRequest, inbox_id: int) -> HttpResponse:
    actor, post = request.actor, request.POST
    found = queries.by_id(actor, inbox_id)
    actor.must("inboxes.manage")
    channel = adapter.of(found.kind)

    def draw(errors: dict[str, str], status: int = 200, tested: str = "") -> HttpResponse:
        members = list(queries.members(actor, inbox_id))
        known: dict[str, Any] = {
            "inbox": queries.by_id(actor, inbox_id),
            "label": channel.label(),
            "sections": connecting.grouped(channel),
            "values": found.settings,
            "below": signatures.of_inbox(actor, inbox_id),
            "kept": queries.kept(actor, inbox_id),
            "connects": channel.capabilities.connects,
            "visits": [(one, _left(one.skipped)) for one in queries.lately(actor, inbox_id)],
            "fetches": queries.is_fetched_from(actor, inbox_id),
            "unread": [one for one in illegible.lately(actor, inbox_id) if one.conversation],
            "nothing": deliveries.came_to_nothing(actor, inbox_id),
            "languages": choices.languages(),
            "members": members,
            "others": [(str(a.pk), a.name) for a in accounts.agents(actor) if a.is_active and a not in members],
            "secret": queries.secret(actor, inbox_id),
            "health": queries.health(actor, inbox_id),
            "stopped": queries.tripped_at(actor, inbox_id) is not None,
            "failures": queries.failures(actor, inbox_id=inbox_id),
            "base": settings.CARELINE_BASE_URL,
            "remembers": history.remembers(channel) is not None,
            "tested": tested,
            "errors": errors,
        }
        return show(request, "inboxes", "inbox.html", known, status)

    if request.method != "POST":
        return draw({})
    acts = {
        "settings": lambda: actions.update_inbox(
            inbox_id,
            actor=actor,
            name=post.get("name", ""),
            language=post.get("language", "en"),
            settings={**found.settings, **connecting.typed(post, connecting.drawn(channel))},
        ),
        "signing": lambda: _signing(request, inbox_id),
        "join": lambda: actions.add_member(inbox_id, number(post.get("agent")), actor=actor),
        "leave": lambda: actions.remove_member(inbox_id, number(post.get("agent")), actor=actor),
        "rotate": lambda: actions.rotate_secret(inbox_id, actor=actor) and None,
        "archive": lambda: actions.archive_inbox(inbox_id, actor=actor),
        "restore": lambda: actions.restore_inbox(inbox_id, actor=actor),
        "look": lambda: actions.fetch_now(inbox_id, actor=actor),
        "retry": lambda: actions.retry_inbound(number(post.get("delivery")), actor=actor),
        "insist": lambda: deliveries.insist(number(post.get("delivery")), actor=actor),
        "answer": lambda: actions.let_answer_again(inbox_id, actor=actor),
        "test": lambda: draw({}, tested=actions.test_inbox(inbox_id, actor=actor)),
    }
    return attempt(request, acts, draw, back=f"/settings/inboxes/{inbox_id}")


def _left(skipped: list[dict[str, Any]]) -> list[tuple[str, int]]:
    """Why mails were left, and how many for each reason."""
    counted: Counter[str] = Counter()
    for one in skipped:
        counted[satchel.words(one.get("why", ""))] += int(one.get("n", 1))
    return counted.most_common()
