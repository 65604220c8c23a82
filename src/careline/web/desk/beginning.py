"""Writing to a customer first: by mail, from one of our mailboxes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from careline.accounts.actor import Actor
from careline.channels import queries as channels
from careline.customers import queries
from careline.files import actions as files
from careline.kit.refusals import Refused
from careline.service.conversations import actions
from careline.service.conversations import queries as conversations
from careline.service.conversations.hot.shapes import Said
from careline.web.desk import writing
from careline.web.desk.messages import FILES
from careline.web.desk.screen import fresh_key
from careline.web.doors import AgentRequest, signed_in
from careline.web.people.drawn import shown


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def write(request: AgentRequest, person_id: int) -> HttpResponse:
    """`inbox` is the mailbox it leaves from; the first one unless another is named."""
    actor = request.actor
    actor.must("conversations.reply")
    person = queries.customer(actor, person_id)
    boxes = channels.mailboxes(actor)
    asked = request.GET.get("inbox", "")
    box = next((one for one in boxes if str(one.pk) == asked), boxes[0] if boxes else None)
    errors: dict[str, str] = {}
    status = 200
    if request.method == "POST" and box is not None:
        try:
            return redirect(f"/desk/{_begun(request, box.pk, person.pk).conversation_id}")
        except Refused as refusal:
            errors = writing.faults(request.POST) or {refusal.field or "": str(refusal)}
            status = refusal.status
    context = {
        "person": shown(person),
        "boxes": boxes,
        "box": box,
        "envelope": _envelope(actor, box.pk, person.pk) if box is not None else None,
        "given": request.POST.dict() if errors else {},
        "errors": errors,
        "client_id": request.POST.get("client_id") or fresh_key(),
    }
    return render(request, "people/write.html", context, status=status)


def _envelope(actor: Actor, inbox_id: int, person_id: int) -> Mapping[str, Any]:
    return writing.fields(conversations.first_envelope(actor, inbox_id, person_id))


@transaction.atomic
def _begun(request: AgentRequest, inbox_id: int, person_id: int) -> Said:
    uploads = request.FILES.getlist("files")
    if len(uploads) > FILES:
        raise Refused(_("A message carries at most %(most)s files.") % {"most": FILES}, field="files")
    letter = writing.chosen(request.POST)
    if letter is None or not letter.subject:
        raise Refused(_("Say what it is about."), field="subject")
    said = actions.start(
        actor=request.actor,
        inbox_id=inbox_id,
        person_id=person_id,
        body=request.POST.get("body", "").replace("\r\n", "\n"),
        subject=letter.subject,
        letter=letter,
        files=[
            files.store(
                upload.read(),
                name=upload.name or "file",
                media_type=upload.content_type or "",
                person_id=person_id,
                uploaded_by=f"agent:{request.actor.agent_id}",
            )
            for upload in uploads
        ],
        client_id=request.POST.get("client_id") or None,
    )
    if said.repeated:
        # The conversation that was begun once more is not needed.
        transaction.set_rollback(True)
    return said
