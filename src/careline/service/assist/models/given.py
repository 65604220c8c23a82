"""What a customer has told us, read out of their words."""

from __future__ import annotations

from typing import ClassVar, Self

from django.db import models
from django.db.models import F

from careline.accounts.actor import Actor
from careline.service.conversations.models import Conversation


class GivenQuerySet(models.QuerySet["Given"]):
    def visible_to(self, actor: Actor) -> Self:
        return self.filter(message__conversation__in=Conversation.objects.visible_to(actor))

    def standing(self) -> Self:
        return self.filter(put_away_at=None)


class Given(models.Model):
    """One thing, as it was written, and the message it stands in; it goes when that goes."""

    person = models.ForeignKey("customers.Person", on_delete=models.CASCADE, related_name="+", db_index=False)
    # Found by the constraint, which begins with it.
    message = models.ForeignKey("conversations.Message", on_delete=models.CASCADE, related_name="+", db_index=False)
    kind = models.TextField()
    value = models.TextField()
    # The same for the same thing however it was written.
    key = models.TextField()
    said_at = models.DateTimeField()
    # It is not what it was taken for, somebody says.
    put_away_at = models.DateTimeField(null=True)
    put_away_by = models.BigIntegerField(null=True)

    objects: ClassVar[models.Manager[Given]] = GivenQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["message", "kind", "key"], name="given_once_in_a_message")]
        indexes = [models.Index("person", F("said_at").desc(), name="given_by_person")]
