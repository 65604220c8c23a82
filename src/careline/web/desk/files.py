"""Files of a thread, for those who see the thread."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.views.decorators.http import require_GET

from careline.files import queries as files
from careline.service.conversations import queries
from careline.web.doors import AgentRequest, signed_in


@require_GET
@signed_in
def read(request: AgentRequest, file_id: UUID) -> HttpResponse:
    found = files.by_id(queries.attached(request.actor, file_id))
    return HttpResponse(files.read(found), headers=files.headers(found))
