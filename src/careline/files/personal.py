"""What this room holds of a person: their files, and the key that opens them."""

from __future__ import annotations

from careline.files import actions, queries
from careline.kit import personal


def _export(person_id: int) -> list[personal.Row]:
    return [
        {
            "id": str(file.id),
            "name": file.name,
            "media_type": file.media_type,
            "size": file.size,
            "sha256": file.sha256,
            "uploaded_by": file.uploaded_by,
            "created_at": file.created_at.isoformat(),
        }
        for file in queries.of_person(person_id)
    ]


def register() -> None:
    personal.register("files.StoredFile", export=_export, erase=actions.erase)
    personal.exempt("files.PersonKey", "A key and no word of the person; it is destroyed with the files it opens.")
