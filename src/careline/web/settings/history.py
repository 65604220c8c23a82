"""Mail of earlier years into a mailbox: from an upload, the server's own folder or the account; and its report."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from careline.kit.refusals import Refused
from careline.service.conversations.history import actions, places, queries
from careline.web.doors import AgentRequest, signed_in
from careline.web.settings.pages import attempt, number, show

BOTH = require_http_methods(["GET", "HEAD", "POST"])
SHOWN = 30
LEFT_OUT = 100


def state_words() -> dict[str, str]:
    return {
        "waiting": _("Waiting"),
        "running": _("Under way"),
        "done": _("Done"),
        "stopped": _("Stopped"),
        "failed": _("Broke off"),
    }


@BOTH
@signed_in
def histories(request: AgentRequest, inbox_id: int) -> HttpResponse:
    actor, post = request.actor, request.POST
    inbox = queries.inbox(actor, inbox_id)
    here = f"/settings/inboxes/{inbox_id}/history"

    def draw(errors: dict[str, str], status: int = 200) -> HttpResponse:
        known: dict[str, Any] = {
            "inbox": inbox,
            "found": queries.of_inbox(actor, inbox_id)[:SHOWN],
            "places": [(name, name) for name in places.listed()],
            "folder": places.folder(),
            "account": inbox.settings.get("imap_host", ""),
            "days": queries.OPEN_DAYS,
            "states": state_words(),
            "errors": errors,
        }
        return show(request, "inboxes", "history.html", known, status)

    def begin() -> HttpResponse:
        days, way = number(post.get("open_days")), post.get("way")
        if way == "upload":
            file = request.FILES.get("file")
            if not isinstance(file, UploadedFile):
                raise Refused(_("Choose a file."), field="file")
            made = actions.upload(inbox_id, file.chunks(), name=file.name or "", actor=actor, open_days=days)
        else:
            place = post.get("place", "") if way == "place" else ""
            made = actions.bring(inbox_id, actor=actor, place=place, account=way == "account", open_days=days)
        return redirect(f"{here}/{made.pk}")

    return draw({}) if request.method != "POST" else attempt(request, {"begin": begin}, draw, back=here)


@BOTH
@signed_in
def history(request: AgentRequest, inbox_id: int, history_id: int) -> HttpResponse:
    actor = request.actor
    inbox = queries.inbox(actor, inbox_id)
    here = f"/settings/inboxes/{inbox_id}/history/{history_id}"
    queries.one(actor, history_id)

    def draw(errors: dict[str, str], status: int = 200) -> HttpResponse:
        one = queries.one(actor, history_id)
        known: dict[str, Any] = {
            "inbox": inbox,
            "one": one,
            "state_word": state_words()[one.state],
            "percent": 100 * one.read // one.total if one.total else 0,
            "left_out": queries.left_out(actor, history_id, limit=LEFT_OUT),
            "most": LEFT_OUT,
            "errors": errors,
        }
        return show(request, "inboxes", "history_one.html", known, status)

    def drop() -> HttpResponse:
        actions.drop(history_id, actor=actor)
        return redirect(f"/settings/inboxes/{inbox_id}/history?done=drop")

    if request.method != "POST":
        return draw({})

    # Without a word that something was saved: the page says how far it is.
    def after(verb: Callable[..., Any]) -> HttpResponse:
        verb(history_id, actor=actor)
        return redirect(here)

    acts: dict[str, Callable[[], Any]] = {
        "stop": lambda: after(actions.stop),
        "go_on": lambda: after(actions.go_on),
        "drop": drop,
    }
    return attempt(request, acts, draw, back=here)
