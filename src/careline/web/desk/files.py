"""Files of a thread, for those who see the thread and for whoever was given a link."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from careline.files import queries as files
from careline.kit.refusals import NotVisible, Refused
from careline.service.conversations import queries
from careline.web.doors import AgentRequest, signed_in


@require_safe
@signed_in
def read(request: AgentRequest, file_id: UUID) -> HttpResponse:
    found = files.by_id(queries.attached(request.actor, file_id))
    return HttpResponse(files.read(found), headers=files.headers(found))


@require_safe
def linked(request: HttpRequest, token: str) -> HttpResponse:
    """By the address that the API and channels tell (`files.link`): a program that fetches it is signed in nowhere."""
    try:
        found = files.by_link(token)
    except (Refused, ValueError) as error:
        raise NotVisible(_("There is no such file.")) from error
    return HttpResponse(files.read(found), headers=files.headers(found))
