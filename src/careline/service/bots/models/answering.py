"""Whether a bot answers in an inbox, by what, and the secrets it may use."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from careline.kit import clock
from careline.service.bots.models.flows import Bot

NAME = "Careline bot"


class Answering(models.Model):
    """Of one inbox. With a `url` another program answers there, and no flow or article of ours."""

    inbox = models.OneToOneField("channels.Inbox", on_delete=models.CASCADE, primary_key=True, related_name="+")
    is_on = models.BooleanField(default=False, db_default=False)
    # Those that may run; a flow that was never published does not.
    flows = models.ManyToManyField(Bot, related_name="+")
    articles = models.BooleanField(default=True, db_default=True)
    # Whom the customer reads as speaking; that it is a bot stands beside it always.
    name = models.TextField(default=NAME, db_default=NAME)
    url = models.TextField(default="", db_default="", blank=True)
    # Sealed; what the turns sent to `url` are signed with.
    secret = models.BinaryField(null=True)
    changed_at = models.DateTimeField(default=clock.now, db_default=Now())

    objects: ClassVar[models.Manager[Answering]]

    class Meta:
        constraints = [
            models.CheckConstraint(name="bot_answers_under_a_name", condition=~Q(name="")),
            models.CheckConstraint(name="bot_outside_is_signed_for", condition=Q(url="") | Q(secret__isnull=False)),
        ]


class Secret(models.Model):
    """What a flow's call proves itself by: named in the flow, sealed here, shown to nobody again."""

    name = models.TextField(unique=True)
    sealed = models.BinaryField()
    # The host it may be sent to, and no other.
    host = models.TextField()
    changed_at = models.DateTimeField(default=clock.now, db_default=Now())

    objects: ClassVar[models.Manager[Secret]]

    class Meta:
        constraints = [models.CheckConstraint(name="bot_secret_has_its_place", condition=~Q(name="") & ~Q(host=""))]
