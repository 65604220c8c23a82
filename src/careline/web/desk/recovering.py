"""Winning a customer back, in the thread it is done in: why, until when, the steps, goodwill, how it ended."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from typing import Any

import msgspec
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from careline.accounts import queries as accounts
from careline.accounts.actor import Actor
from careline.kit.money import Money
from careline.kit.refusals import Refused
from careline.service.conversations import queries as talks
from careline.service.conversations.hot.shapes import ListRow
from careline.service.recovery import actions, plays, queries
from careline.web import recovering
from careline.web.desk.drawn import written
from careline.web.doors import AgentRequest, signed_in

METHODS = require_http_methods(["PUT", "DELETE", "POST"])


class Step(msgspec.Struct, frozen=True):
    place: int
    words: str
    done: bool
    by: str


class Why(msgspec.Struct, frozen=True):
    short: str
    words: str
    at: str
    response: int | None


class Card(msgspec.Struct, frozen=True):
    """What stands in the thread; sums are written out, `left` is what the viewer may still give."""

    id: int
    url: str
    causes: list[Why]
    due_at: str
    late: bool
    owner: str
    steps: list[Step]
    given: list[tuple[str, str, str]]
    left: str
    left_back: str
    currency: str
    may_reply: bool
    may_close: bool
    once: str


def card(actor: Actor, found: ListRow) -> Card | None:
    one = queries.running_in(actor, found.id)
    if one is None:
        return None
    goodwill = sorted(one.goodwill.all(), key=lambda given: given.pk)
    steps = sorted(one.steps.all(), key=lambda step: step.place)
    names = queries.names([*(step.done_by for step in steps), *(given.given_by for given in goodwill)])
    currency = accounts.organization().currency
    left, left_back = (
        queries.authority_of(actor, refund=refund)
        - sum(given.amount_minor for given in goodwill if given.refund is refund)
        for refund in (False, True)
    )
    team = one.conversation.team
    return Card(
        id=one.pk, url=f"/desk/{found.id}/recovery", due_at=written(one.due_at), late=queries.is_late(one),
        causes=_causes(one.causes.all(), may_read=actor.may("surveys.view")),
        owner=found.assignee_name or (team.name if team else ""),
        steps=[
            Step(one.place, plays.told(one.kind, one.words), one.done_at is not None, names.get(one.done_by or 0, ""))
            for one in steps
        ],
        given=[
            (str(Money(given.amount_minor, given.currency)), given.words, names.get(given.given_by, ""))
            for given in goodwill
        ],
        left=str(Money(left, currency)) if left > 0 else "",
        left_back=str(Money(left_back, currency)) if left_back > 0 else "", currency=currency,
        may_reply=actor.may("conversations.reply"), may_close=actor.may("conversations.close"),
        once=secrets.token_urlsafe(12),
    )  # fmt: skip


def _causes(found: Iterable[Any], *, may_read: bool) -> list[Why]:
    """The newest first; the whole answer is a click away for whoever may read surveys."""
    return [
        Why(
            recovering.why({"cause": one.kind, "metric": one.metric, "score": one.score, "top": one.top}),
            one.words or one.promise, written(one.at), one.response if may_read else None,
        )
        for one in sorted(found, key=lambda one: one.pk, reverse=True)
    ]  # fmt: skip


def _form(request: AgentRequest) -> QueryDict:
    return request.POST if request.method == "POST" else QueryDict(request.body, encoding="utf-8")


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def recovery(request: AgentRequest, conversation_id: int) -> HttpResponse:
    """What runs there; a POST begins it by hand."""
    if request.method == "POST":
        actions.begin(conversation_id, actor=request.actor, words=request.POST.get("words", ""))
    return _shown(request, conversation_id)


@METHODS
@signed_in
def step(request: AgentRequest, conversation_id: int, place: int) -> HttpResponse:
    """PUT is done, DELETE is not after all; a POST does either, with `undo` the latter."""
    undone = request.method == "DELETE" or "undo" in request.POST
    actions.step(_running(request, conversation_id), place, actor=request.actor, done=not undone)
    return _shown(request, conversation_id)


@require_http_methods(["POST"])
@signed_in
def goodwill(request: AgentRequest, conversation_id: int) -> HttpResponse:
    given, number = request.POST, _running(request, conversation_id)
    try:
        minor = _sum(given.get("amount", "")).minor
        actions.give(
            number, minor, actor=request.actor, refund=bool(given.get("refund")), words=given.get("words", ""),
            once=given.get("once", ""),
        )  # fmt: skip
    except Refused as refusal:
        if refusal.status != 422:
            raise
        return _shown(request, conversation_id, error=str(refusal), tried="goodwill")
    return _shown(request, conversation_id)


@require_http_methods(["POST"])
@signed_in
def outcome(request: AgentRequest, conversation_id: int) -> HttpResponse:
    given, number = request.POST, _running(request, conversation_id)
    try:
        actions.close(
            number, actor=request.actor, outcome=given.get("outcome", ""), resolved=bool(given.get("resolved")),
            words=given.get("words", ""),
        )  # fmt: skip
    except Refused as refusal:
        if refusal.status != 422:
            raise
        return _shown(request, conversation_id, error=str(refusal), tried="outcome")
    return _shown(request, conversation_id)


def _sum(written: str) -> Money:
    try:
        return Money.written(written, accounts.organization().currency)
    except ValueError:
        raise Refused(_("Write a sum like 12.50."), field="amount") from None


def _running(request: AgentRequest, conversation_id: int) -> int:
    """Of a conversation the viewer sees."""
    talks.one(request.actor, conversation_id)
    found = queries.running_in(request.actor, conversation_id)
    if found is None:
        raise queries.no_recovery()
    return found.pk


def _shown(request: AgentRequest, conversation_id: int, **more: Any) -> HttpResponse:
    if not request.headers.get("HX-Request") and not more:
        return redirect(f"/desk/{conversation_id}")
    found = talks.one(request.actor, conversation_id)
    context = {"recovery": card(request.actor, found), "conversation": found, **more}
    whole = not request.headers.get("HX-Request")
    template = "desk/recovery.html" if whole else "desk/_recovery.html"
    return render(request, template, context, status=422 if more else 200)
