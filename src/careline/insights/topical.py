"""Topics, what belongs to each, and the searches that found them."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from careline.kit import clock


class Topic(models.Model):
    """What many wrote about, in one language. A locked one keeps name and center; the others are found anew."""

    name = models.CharField(max_length=80)
    words = ArrayField(models.TextField(), default=list)
    # float32, as many as the model has; only ever compared with others of the same model.
    center = models.BinaryField()
    model_id = models.TextField()
    language = models.CharField(max_length=12)
    is_locked = models.BooleanField(default=False)
    # Of no interest: it goes on taking what belongs to it, and stands in no list of topics.
    is_away = models.BooleanField(default=False)
    # Counted with this one, until it is taken apart again.
    merged_into = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="parts")
    found_at = models.DateTimeField(default=clock.now)

    objects: ClassVar[models.Manager[Topic]]

    class Meta:
        constraints = [
            models.CheckConstraint(name="topic_is_named", condition=~Q(name="")),
            models.CheckConstraint(name="topic_is_not_merged_into_itself", condition=~Q(merged_into=F("id"))),
            # What somebody changed is not to be lost by the next search.
            models.CheckConstraint(
                name="topic_that_was_changed_is_locked",
                condition=Q(is_locked=True) | Q(is_away=False, merged_into=None),
            ),
        ]


class Membership(models.Model):
    """The first words of a conversation, or the words of one answer to a survey: of a topic or of none."""

    topic = models.ForeignKey(Topic, on_delete=models.CASCADE, null=True, related_name="members")
    conversation = models.OneToOneField(
        "conversations.Conversation", on_delete=models.CASCADE, null=True, related_name="+"
    )
    response = models.OneToOneField("surveys.Response", on_delete=models.CASCADE, null=True, related_name="+")
    said_at = models.DateTimeField()
    language = models.CharField(max_length=12)
    # positive, neutral, negative, mixed; unknown where the language is not understood.
    mood = models.CharField(max_length=8)

    objects: ClassVar[models.Manager[Membership]]

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="topic_member_is_one_of_two",
                condition=Q(conversation=None, response__isnull=False) | Q(conversation__isnull=False, response=None),
            )
        ]
        indexes = [models.Index(fields=["topic", "-said_at"], name="topic_member_newest")]


class Finding(models.Model):
    """One search for topics: asked for by the clock or by somebody, how far it is, and what it read."""

    asked_at = models.DateTimeField(default=clock.now)
    asked_by = models.BigIntegerField(null=True)
    began_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    # Texts that were read, of so many.
    done = models.PositiveIntegerField(default=0)
    whole = models.PositiveIntegerField(default=0)
    # The oldest text: what was said before it was not counted.
    since = models.DateTimeField(null=True)
    # Languages whose meanings nobody understands: compared by letters alone.
    by_letters = ArrayField(models.TextField(), default=list)

    objects: ClassVar[models.Manager[Finding]]

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["ended_at"], name="topics_are_searched_one_at_a_time", condition=Q(ended_at=None),
                nulls_distinct=False,
            )
        ]  # fmt: skip
