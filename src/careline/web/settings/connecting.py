"""Connecting an inbox: from an address to a mailbox that works, in front of one's eyes."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from careline.channels import adapter, connecting, deliveries, queries
from careline.channels.adapter import Adapter, Field
from careline.kit.refusals import Refused
from careline.web.doors import AgentRequest, signed_in
from careline.web.settings import choices
from careline.web.settings.pages import attempt, show

BOTH = require_http_methods(["GET", "HEAD", "POST"])
BACK = "/settings/inboxes/connected"
WAYS = ("receiving", "sending")


def grouped(channel: Adapter) -> list[tuple[str, str, list[Field]]]:
    """The fields by their groups; what belongs to none stands at the top, what is not to be typed nowhere."""
    fields = channel.settings_schema()
    titles = channel.groups()
    found = [("", "", [one for one in fields if not one.group])]
    found += [(key, title, [one for one in fields if one.group == key]) for key, title in titles]
    return [one for one in found if one[2]]


def typed(post: QueryDict, fields: Iterable[Field]) -> dict[str, str]:
    """What a form brought for these fields; a flag that is off is not sent."""
    return {one.name: post.get(f"field.{one.name}", "") for one in fields}


def drawn(channel: Adapter) -> list[Field]:
    return [one for _key, _title, fields in grouped(channel) for one in fields]


@BOTH
@signed_in
def begin(request: AgentRequest, kind: str) -> HttpResponse:
    """What the channel has to know before anything can be suggested."""
    actor, post = request.actor, request.POST
    actor.must("inboxes.manage")
    channel = adapter.of(kind)
    first = channel.capabilities.begins_with
    fields = [one for one in channel.settings_schema() if one.name in first]

    def draw(errors: dict[str, str], status: int = 200) -> HttpResponse:
        known = {
            "label": channel.label(),
            "fields": fields,
            "name": request.GET.get("name", ""),
            "language": request.GET.get("language", "en"),
            "languages": choices.languages(),
            "errors": errors,
        }
        return show(request, "inboxes", "inbox_begin.html", known, status)

    def create() -> HttpResponse:
        given = typed(post, fields)
        made = connecting.begin(
            kind,
            actor=actor,
            name=post.get("name", "").strip() or given[first[0]],
            settings=given,
            language=post.get("language", "en"),
        )
        return redirect(f"/settings/inboxes/{made.pk}/connection")

    if not first:
        raise Refused(_("This channel needs nothing to begin with."))
    if request.method != "POST":
        return draw({})
    return attempt(request, {"begin": create}, draw, back="/settings/inboxes")


@BOTH
@signed_in
def connection(request: AgentRequest, inbox_id: int) -> HttpResponse:
    actor, post = request.actor, request.POST
    here = f"/settings/inboxes/{inbox_id}/connection"
    channel = adapter.of(queries.by_id(actor, inbox_id).kind)
    connecting.suggestion(actor, inbox_id)  # whoever may not is told before anything is read
    shown = drawn(channel)
    ways = [one for one in shown if one.first or one.group in WAYS]
    asked = [one for one in shown if one.group == "consent"]

    def connect() -> HttpResponse:
        given = typed(post, ways) | {one.name: one.default for one in asked if one.kind == "choice"}
        connecting.change(inbox_id, given, actor=actor)
        return again()

    def again() -> HttpResponse:
        connecting.try_out(inbox_id, actor=actor)
        return redirect(f"{here}#trial")

    def ask() -> HttpResponse:
        connecting.change(inbox_id, typed(post, asked), actor=actor)
        return redirect(f"{here}#consent")

    def draw(errors: dict[str, str], status: int = 200) -> HttpResponse:
        return _connection(request, inbox_id, errors, status)

    if request.method != "POST":
        return draw({})
    return attempt(request, {"connect": connect, "again": again, "consent": ask}, draw, back=here)


def _connection(request: AgentRequest, inbox_id: int, errors: dict[str, str], status: int) -> HttpResponse:
    actor = request.actor
    inbox = queries.by_id(actor, inbox_id)
    groups = grouped(adapter.of(inbox.kind))
    consent = [one for key, _title, fields in groups if key == "consent" for one in fields]
    known: dict[str, Any] = {
        "inbox": inbox,
        "suggestion": connecting.suggestion(actor, inbox_id),
        "first": [one for _key, _title, fields in groups for one in fields if one.first],
        "ways": [
            (key, title, [one for one in fields if not one.first]) for key, title, fields in groups if key in WAYS
        ],
        "consent": consent,
        # Somebody has chosen to be let in by the provider.
        "is_asked": any(inbox.settings.get(one.name) != one.default for one in consent if one.kind == "choice"),
        "values": inbox.settings,
        "kept": queries.kept(actor, inbox_id),
        "back_at": _back(),
        "trial": connecting.trial(actor, inbox_id),
        "errors": errors,
    }
    return show(request, "inboxes", "inbox_connection.html", known, status)


@require_safe
@signed_in
def consent(request: AgentRequest, inbox_id: int) -> HttpResponse:
    """On to the provider; a form would not be let go there."""
    to = connecting.consent(inbox_id, actor=request.actor, session=request.session_key, redirect=_back())
    answer = HttpResponse(status=302)
    answer["Location"] = to
    return answer


@require_safe
@signed_in
def connected(request: AgentRequest) -> HttpResponse:
    """Back from the provider: with a code, or with the reason why not."""
    given = request.GET
    inbox_id = connecting.asked_for(given.get("state", ""), request.session_key)
    try:
        if given.get("error") or not given.get("code"):
            said = given.get("error_description") or given.get("error") or "–"
            raise Refused(_("The provider did not let us in: %(why)s") % {"why": said[:200]})
        connecting.consented(
            given.get("state", ""),
            given.get("code", ""),
            actor=request.actor,
            session=request.session_key,
            redirect=_back(),
        )
    except Refused as refusal:
        if refusal.status not in (409, 422):
            raise
        return _connection(request, inbox_id, {"any": str(refusal)}, refusal.status)
    connecting.try_out(inbox_id, actor=request.actor)
    return redirect(f"/settings/inboxes/{inbox_id}/connection#trial")


@BOTH
@signed_in
def records(request: AgentRequest, inbox_id: int) -> HttpResponse:
    """What the DNS says; a page of its own, so that no other waits for it."""
    actor = request.actor
    found = queries.by_id(actor, inbox_id)
    here = f"/settings/inboxes/{inbox_id}/records"

    def draw(errors: dict[str, str], status: int = 200) -> HttpResponse:
        known = {
            "inbox": found,
            "looked": connecting.findings(actor, inbox_id, anew="anew" in request.GET),
            "signs": adapter.of(found.kind).capabilities.signs,
            "errors": errors,
        }
        return show(request, "inboxes", "inbox_records.html", known, status)

    def key() -> None:
        connecting.make_key(inbox_id, actor=actor)

    if request.method != "POST":
        return draw({})
    return attempt(request, {"key": key}, draw, back=here)


@require_safe
@signed_in
def delivery(request: AgentRequest, inbox_id: int, delivery_id: int) -> HttpResponse:
    queries.by_id(request.actor, inbox_id)
    raw = deliveries.read(delivery_id, actor=request.actor)
    answer = HttpResponse(raw, content_type="application/octet-stream")
    answer["Content-Disposition"] = f'attachment; filename="delivery-{delivery_id}.eml"'
    answer["X-Content-Type-Options"] = "nosniff"
    return answer


def _back() -> str:
    return f"{settings.CARELINE_BASE_URL}{BACK}"
