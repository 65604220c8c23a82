"""The whole of a letter in a frame of its own, the pictures of its sender once they are asked for, and the raw mail."""

from __future__ import annotations

import re
from functools import partial
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe
from markupsafe import Markup, escape

from careline.channels import originals, pictures
from careline.files import queries as files
from careline.kit.refusals import NotVisible
from careline.service.conversations.letters import opening
from careline.web import marks
from careline.web.desk import drawn
from careline.web.doors import AgentRequest, signed_in
from careline.web.environment import linkify

# Nothing in it runs, asks, sends or frames. It keeps our origin, so that its pictures know the reader and the desk
# around it can measure it; without scripts the origin is of no use to anybody inside.
FRAME = "allow-same-origin allow-popups allow-popups-to-escape-sandbox"
POLICY = (
    "default-src 'none'; style-src 'self' 'unsafe-inline'; img-src {host}/files/ {host}/letters/ data:; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'self'; sandbox " + FRAME
)
ALONE = "default-src 'none'; sandbox; frame-ancestors 'none'"
# So many quoted lines or more are folded.
FOLDED = 3


@require_safe
@signed_in
def original(request: AgentRequest, message_id: UUID) -> HttpResponse:
    """The whole, as its own document; `?pictures=1` with those that lie with somebody else."""
    whole = opening.whole(request.actor, message_id)
    asked = request.GET.get("pictures") == "1"
    if whole.is_html:
        shown = originals.shown(
            whole.content,
            enclosed=partial(_enclosed, whole),
            remote=lambda number: f"/letters/{message_id}/pictures/{number}" if asked else "",
            quoted=_folding(),
        )
    else:
        shown = originals.Shown(_text(whole.content), 0, colored=False)
    waiting = 0 if asked else shown.remote
    context = {"whole": whole, "html": marks.trusted(shown.html), "colored": shown.colored, "waiting": waiting}
    answer = render(request, "desk/original.html", context)
    answer["Content-Security-Policy"] = POLICY.format(host=request.get_host())
    answer["Referrer-Policy"] = "no-referrer"
    answer["Cross-Origin-Resource-Policy"] = "same-origin"
    return answer


def _enclosed(whole: opening.Whole, name: str) -> str | None:
    file_id = whole.pictures.get(name)
    return None if file_id is None else drawn.OF_DESK(file_id)


def _folding() -> str:
    word = _("Earlier in this exchange")
    return f'<details class="history"><summary>{escape(word)}</summary>'


def _text(content: str) -> str:
    """Plain words as they were typed; what is quoted for long is folded."""
    pieces = []
    for part in re.split(r"((?:^>[^\n]*(?:\n|\Z))+)", content, flags=re.MULTILINE):
        drawn_part = Markup('<div class="plain" dir="auto">{}</div>').format(linkify(part)) if part.strip("\n") else ""
        folded = part.startswith(">") and part.count("\n") >= FOLDED
        pieces.append(f"{_folding()}{drawn_part}</details>" if folded else str(drawn_part))
    return "".join(pieces)


@require_safe
@signed_in
def picture(request: AgentRequest, message_id: UUID, number: int) -> HttpResponse:
    """Fetched by us in the reader's stead: only what this very mail names, and only for who may read it."""
    whole = opening.whole(request.actor, message_id)
    address = originals.remote_picture(whole.content, number) if whole.is_html else None
    if address is None:
        raise NotVisible(_("There is no such picture."))
    found = pictures.fetched(address)
    headers = {
        "Content-Type": found.media_type, "Cache-Control": "private, max-age=86400", "Content-Security-Policy": ALONE,
        "Content-Disposition": "inline", "Referrer-Policy": "no-referrer",
    }  # fmt: skip
    return HttpResponse(found.content, headers=headers)


@require_safe
@signed_in
def raw(request: AgentRequest, message_id: UUID) -> HttpResponse:
    """The mail as it came, to be kept or opened elsewhere; never shown in place."""
    content = opening.delivery(request.actor, message_id)
    name = files.disposition(f"mail-{message_id}.eml", inline=False)
    headers = {"Content-Type": "message/rfc822", "Content-Disposition": name, "Content-Security-Policy": ALONE}
    return HttpResponse(content, headers=headers)
