"""Files on their way into a message."""

from __future__ import annotations

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpResponse
from ninja import Router

from careline.api import attaching, drawing, finding, reading, shapes
from careline.api.describing import operation
from careline.api.door import Request, must_be_upload, told
from careline.api.speech import SPEAK
from careline.files import actions
from careline.kit.refusals import Refused
from careline.service.conversations import queries

router = Router(tags=["Files"])
UPLOAD = {
    "multipart/form-data": {
        "schema": {
            "type": "object",
            "properties": {
                "file": {"type": "string", "format": "binary", "description": "At most 25 MB, no programs."},
                "conversation_id": {"type": "string", "description": "For whom: the customer of a conversation,"},
                "customer_id": {"type": "string", "description": "or a customer. One of the two is named."},
            },
            "required": ["file"],
        }
    }
}


@router.post(
    "/files",
    **operation(
        "upload_file", "Upload a file, to be attached to a message to or of one customer", takes=UPLOAD,
        gives=shapes.File, status=201, problems=(404,),
    ),
)  # fmt: skip
def create(request: Request) -> HttpResponse:
    request.auth.must(SPEAK)
    must_be_upload(request)
    file = request.FILES.get("file")
    if not isinstance(file, UploadedFile):
        raise Refused("Send one file in the field “file”.", field="file")
    stored = actions.store(
        file.read(),
        name=file.name or "file",
        media_type=file.content_type or "",
        person_id=_person(request),
        uploaded_by=attaching.uploader(request.auth),
    )
    return told(
        shapes.File(
            id=stored.id,
            name=stored.name,
            media_type=stored.media_type,
            size=stored.size,
            url=drawing.link(stored.id),
        ),
        201,
    )


def _person(request: Request) -> int:
    """Files lie under the key of the customer they are for, so that they go when the customer does."""
    conversation, customer = request.POST.get("conversation_id"), request.POST.get("customer_id")
    if bool(conversation) == bool(customer):
        raise Refused("Say whom it is for: conversation_id or customer_id.", field="conversation_id")
    if conversation:
        return queries.one(request.auth, reading.number(conversation)).person_id
    return finding.seen(request.auth, reading.number(customer or ""))
