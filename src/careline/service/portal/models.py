"""Links customers asked for to come in by, and who is in. Secrets stand here only as digests."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models.functions import Now

from careline.kit import clock


class Link(models.Model):
    """Opens once, for whoever reads mail at the address it was sent to."""

    digest = models.TextField(unique=True)
    person = models.ForeignKey("customers.Person", on_delete=models.CASCADE, related_name="+")
    # As it was written to; whoever opens the link has shown that they read mail there.
    address = models.TextField()
    made_at = models.DateTimeField(default=clock.now, db_default=Now())
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    objects: ClassVar[models.Manager[Link]]


class Visit(models.Model):
    """Somebody is in, on one browser."""

    digest = models.TextField(unique=True)
    person = models.ForeignKey("customers.Person", on_delete=models.CASCADE, related_name="+")
    address = models.TextField()
    began_at = models.DateTimeField(default=clock.now, db_default=Now())
    expires_at = models.DateTimeField()

    objects: ClassVar[models.Manager[Visit]]
