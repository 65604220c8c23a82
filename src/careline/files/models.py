"""Stored files and the key of each person they belong to."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from careline.files.limits import LARGEST as LARGEST
from careline.files.limits import LARGEST_IN_PIECES, LARGEST_RECEIVED, PICTURES
from careline.kit import clock, ids


class StoredFile(models.Model):
    """Bytes somebody sent, kept sealed; an erased one keeps its row and loses everything else."""

    id = models.UUIDField(primary_key=True, default=ids.uuid7, editable=False)
    # Files lie below customers, so the person is an id and not a foreign key.
    person_id = models.BigIntegerField(null=True)
    name = models.TextField()
    media_type = models.TextField()
    size = models.BigIntegerField()
    sha256 = models.TextField()
    path = models.TextField()
    inline = models.BooleanField(default=False)
    uploaded_by = models.TextField()
    created_at = models.DateTimeField(default=clock.now, db_default=Now())
    erased_at = models.DateTimeField(null=True)

    objects: ClassVar[models.Manager[StoredFile]]

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="file_size_is_within_limits",
                condition=Q(size__gte=1, size__lte=LARGEST_RECEIVED)
                | Q(size__gte=1, size__lte=LARGEST_IN_PIECES, person_id=None),
            ),
            models.CheckConstraint(
                name="file_has_a_place_until_erased",
                condition=(Q(erased_at__isnull=True) & ~Q(path="") & ~Q(sha256=""))
                | Q(erased_at__isnull=False, path="", sha256="", name=""),
            ),
            models.CheckConstraint(
                name="file_inline_is_a_safe_picture", condition=Q(inline=False) | Q(media_type__in=PICTURES)
            ),
            models.UniqueConstraint(name="file_path_is_its_own", fields=["path"], condition=~Q(path="")),
        ]
        indexes = [
            models.Index(
                name="file_of_person", fields=["person_id", "created_at"], condition=Q(person_id__isnull=False)
            )
        ]


class PersonKey(models.Model):
    """The key that opens one person's files, itself sealed; without it the bytes are noise."""

    person_id = models.BigIntegerField(primary_key=True)
    sealed_key = models.BinaryField()
    created_at = models.DateTimeField(default=clock.now, db_default=Now())

    objects: ClassVar[models.Manager[PersonKey]]
