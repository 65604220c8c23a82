"""Messages of earlier years on their way in, and what of them was left out."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from careline.kit import clock
from careline.kit.sentences import told


class History(models.Model):
    """A file, a folder or an account: how far it has come, and what became of what lay there."""

    class State(models.TextChoices):
        WAITING = "waiting"
        RUNNING = "running"
        DONE = "done"
        STOPPED = "stopped"
        FAILED = "failed"

    inbox = models.ForeignKey("channels.Inbox", on_delete=models.PROTECT, related_name="+")
    # What people know it by; the way to it on the server, or the file that was uploaded, or neither: the account.
    name = models.TextField()
    path = models.TextField(default="", db_default="", blank=True)
    file_id = models.UUIDField(null=True)
    # A customer's last word that is younger is still to be answered.
    open_days = models.SmallIntegerField(default=14, db_default=14)
    state = models.TextField(choices=State.choices, default=State.WAITING)
    # Of the first `read` of what was found, in its order: only where they are the same it is gone on with.
    fingerprint = models.TextField(default="", db_default="", blank=True)
    total = models.IntegerField(default=0, db_default=0)
    read = models.IntegerField(default=0, db_default=0)
    added = models.IntegerField(default=0, db_default=0)
    repeated = models.IntegerField(default=0, db_default=0)
    left = models.IntegerField(default=0, db_default=0)
    # Of the added: conversations that were opened, and those nobody could read, whose original is attached.
    opened = models.IntegerField(default=0, db_default=0)
    unreadable = models.IntegerField(default=0, db_default=0)
    error = models.TextField(default="", db_default="", blank=True)
    # The command runs it itself; otherwise a worker does.
    by_command = models.BooleanField(default=False, db_default=False)
    tries = models.SmallIntegerField(default=0, db_default=0)
    agent_id = models.BigIntegerField(null=True)
    created_at = models.DateTimeField(default=clock.now, db_default=Now())
    ended_at = models.DateTimeField(null=True)

    objects: ClassVar[models.Manager[History]]

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="history_state_is_known",
                condition=Q(state__in=["waiting", "running", "done", "stopped", "failed"]),
            ),
            models.CheckConstraint(name="history_failure_has_a_reason", condition=~Q(state="failed") | ~Q(error="")),
        ]

    @property
    def broke_off(self) -> str:
        """Why, in the reader's language."""
        return told(self.error)

    @property
    def is_under_way(self) -> bool:
        return self.state in (self.State.WAITING, self.State.RUNNING)


class LeftOut(models.Model):
    """One message that was not taken: where it lies, and why."""

    history = models.ForeignKey(History, on_delete=models.CASCADE, related_name="left_out")
    place = models.TextField()
    why = models.TextField()

    objects: ClassVar[models.Manager[LeftOut]]
