"""Sources events come from, rules that say what an event means, a short log of what came last, and files brought in."""

from __future__ import annotations

from typing import ClassVar, Self

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from careline.kit import clock

IMPORT_FORMATS = ["csv", "jsonl", "xes", "parquet", "answers"]
ENDED = ["done", "failed", "stopped"]


class SourceQuerySet(models.QuerySet["Source"]):
    def open(self) -> Self:
        return self.filter(archived_at=None)


class Source(models.Model):
    """One program that sends events: a site, an app, a shop's server."""

    class Side(models.TextChoices):
        CLIENT = "client"  # anybody can read its key out of a page
        SERVER = "server"  # its key is a secret of the house, so what it says of a person is proved

    name = models.TextField()
    key = models.TextField(unique=True)
    side = models.TextField(choices=Side.choices)
    created_at = models.DateTimeField(default=clock.now, db_default=Now())
    archived_at = models.DateTimeField(null=True)

    objects = SourceQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(name="source_is_named", condition=~Q(name="") & ~Q(key="")),
            models.CheckConstraint(name="source_side_is_known", condition=Q(side__in=["client", "server"])),
        ]


class Rule(models.Model):
    """What an event of this name is on a line."""

    # Folded: what is compared.
    event = models.TextField(unique=True)
    written = models.TextField()
    kind = models.TextField()
    # The thing it moves along: "order", and the property that holds its number.
    journey = models.TextField(default="", db_default="", blank=True)
    journey_property = models.TextField(default="", db_default="", blank=True)
    stage = models.TextField(default="", db_default="", blank=True)
    value_property = models.TextField(default="", db_default="", blank=True)
    currency_property = models.TextField(default="", db_default="", blank=True)
    created_at = models.DateTimeField(default=clock.now, db_default=Now())

    objects: ClassVar[models.Manager[Rule]]

    class Meta:
        constraints = [
            models.CheckConstraint(name="rule_names_an_event", condition=~Q(event="") & ~Q(kind="")),
            models.CheckConstraint(
                name="rule_names_journey_and_property",
                condition=Q(journey="", journey_property="") | (~Q(journey="") & ~Q(journey_property="")),
            ),
        ]


class Sighting(models.Model):
    """An event as it came, and what became of it: the last few hundred of a source, for whoever is setting it up."""

    class Outcome(models.TextChoices):
        ACCEPTED = "accepted"
        REPEATED = "repeated"
        REFUSED = "refused"

    source = models.ForeignKey(Source, on_delete=models.CASCADE, related_name="+", db_index=False)
    at = models.DateTimeField(default=clock.now, db_default=Now())
    type = models.TextField(default="", db_default="", blank=True)
    event = models.TextField(default="", db_default="", blank=True)
    message_id = models.TextField(default="", db_default="", blank=True)
    outcome = models.TextField(choices=Outcome.choices)
    # Which field was wrong, and how; both may stand on an accepted event too, of which only that field was left out.
    field = models.TextField(default="", db_default="", blank=True)
    reason = models.TextField(default="", db_default="", blank=True)
    kind = models.TextField(default="", db_default="", blank=True)
    person_id = models.BigIntegerField(null=True)
    raw = models.TextField(default="", db_default="", blank=True)

    objects: ClassVar[models.Manager[Sighting]]

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="sighting_outcome_is_known", condition=Q(outcome__in=["accepted", "repeated", "refused"])
            ),
            models.CheckConstraint(
                name="sighting_refused_has_a_reason", condition=~Q(outcome="refused") | ~Q(reason="")
            ),
        ]
        indexes = [
            models.Index(name="sighting_newest", fields=["source", "-id"]),
            models.Index(name="sighting_of_person", fields=["person_id"], condition=Q(person_id__isnull=False)),
        ]


class ImportQuerySet(models.QuerySet["Import"]):
    def uploaded(self) -> Self:
        return self.filter(file_id__isnull=False)

    def due(self) -> Self:
        """For a worker to take up."""
        return self.uploaded().filter(state__in=[Import.State.WAITING, Import.State.RUNNING])

    def ended(self) -> Self:
        return self.filter(state__in=ENDED)


class Import(models.Model):
    """A file of touchpoints or profiles: what its columns mean, how far it has come, and what became of its rows."""

    class State(models.TextChoices):
        READY = "ready"  # looked at; nobody has said yet that it is to be taken
        WAITING = "waiting"
        RUNNING = "running"
        DONE = "done"
        STOPPED = "stopped"
        FAILED = "failed"

    name = models.TextField()
    format = models.TextField()
    state = models.TextField(choices=State.choices, default=State.RUNNING)
    # Of the whole file: only the same one is taken up again where it was left.
    digest = models.TextField()
    # Kept until its rows are on the line; nothing for a file that the command reads where it lies.
    file_id = models.UUIDField(null=True)
    columns = models.JSONField(default=dict)
    source = models.ForeignKey(Source, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    # Bytes of the file, and how many of them are behind it.
    size = models.BigIntegerField(default=0, db_default=0)
    passed = models.BigIntegerField(default=0, db_default=0)
    # How often a worker began and did not come a piece further.
    tries = models.SmallIntegerField(default=0, db_default=0)
    # Rows of the file that are behind it, in the transaction that took them.
    read = models.BigIntegerField(default=0, db_default=0)
    added = models.BigIntegerField(default=0, db_default=0)
    repeated = models.BigIntegerField(default=0, db_default=0)
    refused = models.BigIntegerField(default=0, db_default=0)
    # Of profiles: rows whose customer a later row names again; and of those that were added, new customers.
    superseded = models.BigIntegerField(default=0, db_default=0)
    made = models.BigIntegerField(default=0, db_default=0)
    error = models.TextField(default="", db_default="", blank=True)
    agent_id = models.BigIntegerField(null=True)
    created_at = models.DateTimeField(default=clock.now, db_default=Now())
    started_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    objects = ImportQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(name="import_format_is_known", condition=Q(format__in=IMPORT_FORMATS)),
            models.CheckConstraint(
                name="import_adds_up",
                condition=Q(read=F("added") + F("repeated") + F("refused") + F("superseded")),
            ),
            models.CheckConstraint(
                name="import_is_dated_when_ended",
                condition=Q(state__in=ENDED, ended_at__isnull=False) | (~Q(state__in=ENDED) & Q(ended_at__isnull=True)),
            ),
            models.CheckConstraint(
                name="import_has_a_source_once_started",
                condition=Q(state="ready")
                | Q(source__isnull=False)
                | Q(columns__contains={"form": "profiles"})
                | Q(columns__contains={"form": "answers"}),
            ),
        ]

    @property
    def has_ended(self) -> bool:
        return self.state in ENDED

    @property
    def form(self) -> str:
        """What its rows are, as far as anybody said."""
        return str(self.columns.get("form", ""))

    @property
    def percent(self) -> int:
        """How much of the file is behind it; a whole hundred only when it is done."""
        return 100 if self.state == self.State.DONE else min(99, 100 * self.passed // max(1, self.size))


class RefusedRow(models.Model):
    """A row of a file that is on no line: which one, which field was wrong, and how."""

    imported = models.ForeignKey(Import, on_delete=models.CASCADE, related_name="+", db_index=False)
    row = models.BigIntegerField()
    field = models.TextField(default="", db_default="", blank=True)
    reason = models.TextField()

    objects: ClassVar[models.Manager[RefusedRow]]

    class Meta:
        constraints = [models.UniqueConstraint(name="refused_row_once", fields=["imported", "row"])]
