"""What the house says, and how: replies that are kept, and the voice drafts are held against."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from careline.accounts import queries as accounts
from careline.channels import queries as channels
from careline.kit.refusals import Refused
from careline.service.assist import saving, voice
from careline.web.doors import AgentRequest, signed_in
from careline.web.people.drawn import language_words
from careline.web.settings.pages import attempt, number, show


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def replies(request: AgentRequest) -> HttpResponse:
    """Replies that are kept, each open to be changed, and a new one."""
    actor, post = request.actor, request.POST
    actor.must(saving.WRITES)

    def draw(errors: dict[str, str], status: int = 200) -> HttpResponse:
        context = {
            "rows": list(saving.every(actor)), "inboxes": [(one.pk, one.name) for one in channels.visible_to(actor)],
            "languages": [(code, language_words(code, actor.language)) for code in accounts.organization().languages],
            "errors": errors,
        }  # fmt: skip
        return show(request, "replies", "replies.html", context, status)

    def keep() -> None:
        given = number(post.get("reply")) if post.get("reply") else None
        saving.keep(
            post.get("name", ""), post.get("body", "").replace("\r\n", "\n"), language=post.get("language", ""),
            actor=actor, inbox_ids=[number(one) for one in post.getlist("inbox")], saved_id=given,
        )  # fmt: skip

    acts = {"keep": keep, "drop": lambda: saving.drop(number(post.get("reply")), actor=actor)}
    return attempt(request, acts, draw, back="/settings/replies") if post else draw({})


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def speech(request: AgentRequest) -> HttpResponse:
    """The house's voice, with a sentence to try it on."""
    actor, post = request.actor, request.POST
    actor.must(voice.WRITES)

    def draw(errors: dict[str, str], status: int = 200, **more: Any) -> HttpResponse:
        known = voice.voice(actor)
        written = "\n".join(f"{word} = {instead}" if instead else word for word, instead in known.words)
        context = {
            "known": known, "errors": errors, "currency": accounts.organization().currency,
            "words": post.get("words", "") if errors or more else written,
            "manners": [("any", _("either way")), ("formal", _("formal")), ("friendly", _("friendly and plain"))],
            **more,
        }  # fmt: skip
        return show(request, "voice", "voice.html", context, status)

    def keep() -> None:
        voice.keep(_terms(post), actor=actor)

    return attempt(request, {"keep": keep}, draw, back="/settings/voice") if post else draw({})


def _terms(post: Any) -> voice.Terms:
    manner = post.get("manner", "any")
    if manner not in ("any", "formal", "friendly"):
        raise Refused(_("Choose one from the list."), field="manner")
    ticked = {name: name in post for name in ("guarantees", "dates", "money", "blame", "shouting")}
    return voice.Terms(manner=manner, words=_words(post.get("words", "")), most=_sum(post.get("most", "")), **ticked)


def _words(written: str) -> tuple[tuple[str, str], ...]:
    """One a line: "ETA = when it arrives", or the word alone where nothing is said in its place."""
    lines = [line.partition("=") for line in written.splitlines() if line.strip()]
    return tuple((word.strip(), instead.strip()) for word, _equals, instead in lines)


def _sum(written: str) -> Decimal:
    try:
        found = Decimal(written.strip().replace(",", ".") or 0)
    except InvalidOperation:
        found = Decimal("NaN")
    if not found.is_finite():
        raise Refused(_("Write a sum of the firm’s currency, zero or more."), field="most")
    return found
