"""What a language model, where there is one, does beside the reply; and a long thread in short, with or without."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from careline.kit.refusals import Refused
from careline.service.assist import drafting
from careline.service.assist.drafting import Worded
from careline.web.desk.drafting import LONGEST
from careline.web.doors import AgentRequest, signed_in


@require_safe
@signed_in
def summary(request: AgentRequest, conversation_id: int) -> HttpResponse:
    found = drafting.summed(conversation_id, actor=request.actor, anew="anew" in request.GET)
    context = {"conversation_id": conversation_id, "summary": found, "better": drafting.is_there()}
    return render(request, "desk/_summary.html", context)


@require_POST
@signed_in
def draft(request: AgentRequest, conversation_id: int) -> HttpResponse:
    """`how` is draft, shorter, kinder, formal or translate; the answer is words for the reply, or why not."""
    actor, how = request.actor, request.POST.get("how", "")
    body = request.POST.get("body", "").replace("\r\n", "\n")[:LONGEST]
    if how == "draft":
        found = drafting.draft(conversation_id, actor=actor)
    elif how == "translate":
        into = drafting.customers_language(conversation_id, actor=actor)
        found = drafting.translate(conversation_id, body, into, actor=actor)
    elif how in ("shorter", "kinder", "formal"):
        found = drafting.reword(conversation_id, body, how, actor=actor)  # type: ignore[arg-type]  # one of the three
    else:
        raise Refused(_("Choose one from the list."), field="how")
    return _drawn(request, found)


@require_POST
@signed_in
def translation(request: AgentRequest, conversation_id: int, message_id: UUID) -> HttpResponse:
    """A message in the reader's own language, to stand below it."""
    actor = request.actor
    return _drawn(
        request, drafting.translate_message(conversation_id, message_id, actor.language, actor=actor), in_place=True
    )


def _drawn(request: AgentRequest, found: Worded, *, in_place: bool = False) -> HttpResponse:
    why = "" if found.words is not None else reasons().get(found.verdict, reasons()["malformed"])
    context = {"words": found.words, "why": why, "sources": found.sources, "in_place": in_place}
    return render(request, "desk/_worded.html", context)


def reasons() -> dict[str, str]:
    """Of the verdicts."""
    away = _("The language model does not answer now; go on without it.")
    return {
        "unconfigured": _("No language model is set up."),
        "over-budget": _("Today’s budget for the language model is spent."),
        "slow": away, "down": away, "busy": away,
        "refused": _("The language model refused; whoever runs this house can look at its key and quota."),
        "malformed": _("The language model answered in a way nobody could read."),
        "ungrounded": _("The language model said something that is not in what it was given, so it is not shown."),
        "unsure": _("There is nothing here that answers this; better write it yourself."),
    }  # fmt: skip
