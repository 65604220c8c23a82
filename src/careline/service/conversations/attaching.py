"""Files beside words that were just written."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from uuid import UUID

from careline.files.models import StoredFile
from careline.service.conversations.hot.shapes import Said
from careline.service.conversations.models import Attachment


def attach(said: Said, files: Sequence[StoredFile], content_ids: Mapping[UUID, str] = MappingProxyType({})) -> None:
    """Files that came or went with words just written, in the same transaction; some are named by the words' HTML."""
    attach_all(rows(said.message_id, files, content_ids))


def rows(message_id: UUID, files: Sequence[StoredFile], content_ids: Mapping[UUID, str]) -> list[Attachment]:
    return [
        Attachment(
            message_id=message_id,
            file_id=file.pk,
            name=file.name,
            media_type=file.media_type,
            size=file.size,
            inline=file.inline,
            position=n,
            content_id=content_ids.get(file.pk, ""),
        )
        for n, file in enumerate(files)
    ]


def attach_all(attachments: Sequence[Attachment]) -> None:
    """Of several messages at once."""
    if attachments:  # the rows of nothing would be written in a transaction of their own
        Attachment.objects.bulk_create(attachments)
