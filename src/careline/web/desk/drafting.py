"""A draft is looked at while it is written: what in it is not the house's voice, and what might stand there."""

from __future__ import annotations

import msgspec
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST

from careline.service.assist import voice
from careline.web.doors import AgentRequest, signed_in
from careline.web.voicing import reasons

LONGEST = 20_000


class Marked(msgspec.Struct, frozen=True):
    """`start` and `end` in the units a browser counts text by."""

    start: int
    end: int
    kind: str
    words: str
    why: str
    instead: str | None


@require_POST
@signed_in
def voice_marks(request: AgentRequest, conversation_id: int) -> HttpResponse:
    draft = request.POST.get("body", "").replace("\r\n", "\n")[:LONGEST]
    found = voice.draft_marks(conversation_id, draft, actor=request.actor)
    why = reasons()
    marks = [
        Marked(_units(draft, one.start), _units(draft, one.end), one.kind, one.words, why[one.kind], one.instead)
        for one in found
    ]
    return render(request, "desk/_voice.html", {"marks": marks})


def _units(text: str, place: int) -> int:
    """Of UTF-16, by which a browser counts: an emoji is two."""
    return len(text[:place].encode("utf-16-le", "surrogatepass")) // 2
