"""Surveys, the versions that were published of them, and what people answered."""

from __future__ import annotations

from typing import ClassVar, Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q, Value
from django.db.models.functions import Now

from careline.accounts.actor import Actor
from careline.experience.surveys import shapes
from careline.experience.surveys.planned import Invitation, Plan
from careline.kit import clock

__all__ = ["Invitation", "Plan", "Response", "ResponseQuerySet", "Survey", "Version"]


class Survey(models.Model):
    class State(models.TextChoices):
        DRAFT = "draft"
        LIVE = "live"
        CLOSED = "closed"

    # What facts call it; it never changes.
    code = models.TextField(unique=True)
    name = models.TextField()
    state = models.TextField(choices=State.choices, default=State.DRAFT, db_default="draft")
    # The form as it is being written; who answers sees the last version.
    draft = models.JSONField(default=dict)
    # Rises with each change, so that two who write at once notice.
    revision = models.PositiveIntegerField(default=1, db_default=1)
    created_at = models.DateTimeField(default=clock.now, db_default=Now())
    changed_at = models.DateTimeField(default=clock.now, db_default=Now())

    objects: ClassVar[models.Manager[Survey]]

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="survey_is_named_and_in_a_known_state",
                condition=~Q(code="") & ~Q(name="") & Q(state__in=["draft", "live", "closed"]),
            )
        ]

    @property
    def form(self) -> shapes.Form:
        return shapes.form_of(self.draft)


class Version(models.Model):
    """What was published; a trigger refuses every change, so that old answers keep their questions."""

    survey = models.ForeignKey(Survey, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    content = models.JSONField()
    published_by = models.BigIntegerField(null=True)
    published_at = models.DateTimeField(default=clock.now, db_default=Now())

    objects: ClassVar[models.Manager[Version]]

    class Meta:
        constraints = [models.UniqueConstraint(name="version_is_numbered_once", fields=["survey", "number"])]

    @property
    def form(self) -> shapes.Form:
        return shapes.form_of(self.content)


class ResponseQuerySet(models.QuerySet["Response"]):
    def visible_to(self, actor: Actor) -> Self:
        """Of what happened in an inbox only to who works there."""
        return self.filter(Q(inbox_id=None) | Q(inbox_id__in=actor.inbox_ids))

    def counted(self) -> Self:
        """What a figure may be made of: no trial, and nothing beyond a quota."""
        return self.filter(is_test=False, state__in=["partial", "complete"])


class Response(models.Model):
    """One person's answers. Invited: a link of their own, nothing answered yet. Surplus: beyond a quota."""

    class State(models.TextChoices):
        INVITED = "invited"
        PARTIAL = "partial"
        COMPLETE = "complete"
        SURPLUS = "surplus"

    survey = models.ForeignKey(Survey, on_delete=models.PROTECT, related_name="responses", db_index=False)
    # None is a trial of the draft.
    version = models.ForeignKey(Version, on_delete=models.PROTECT, null=True, related_name="responses")
    person = models.ForeignKey(
        "customers.Person", on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    state = models.TextField(choices=State.choices)
    answers = models.JSONField(default=dict, db_default={})
    fields = models.JSONField(default=dict, db_default={})
    language = models.TextField(default="", db_default="", blank=True)
    channel = models.TextField(default="page", db_default="page")
    conversation = models.BigIntegerField(null=True)
    inbox_id = models.BigIntegerField(null=True)
    is_test = models.BooleanField(default=False, db_default=False)
    # Nobody can tell whose it is: it was promised, or who it was is erased.
    anonymous = models.BooleanField(default=False, db_default=False)
    # The page it came from or the number a program gave it, so that nothing sent twice is answered twice.
    once = models.TextField(null=True)
    # The question that comes next: where a partial one was left.
    stands_at = models.TextField(default="", db_default="", blank=True)
    # Of which questions the answer stands on the line; such an answer changes no more.
    told = ArrayField(models.TextField(), default=list, db_default=Value("{}"))
    invited_at = models.DateTimeField(null=True)
    started_at = models.DateTimeField(null=True)
    touched_at = models.DateTimeField(null=True)
    completed_at = models.DateTimeField(null=True)
    # What was there of a partial one is on the line; answering on opens it again.
    settled_at = models.DateTimeField(null=True)

    objects = ResponseQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(name="response_is_given_once", fields=["survey", "once"]),
            models.CheckConstraint(
                name="response_is_dated_as_far_as_it_came",
                condition=Q(state="invited", invited_at__isnull=False, started_at=None, completed_at=None)
                | Q(state="partial", started_at__isnull=False, completed_at=None)
                | Q(state__in=["complete", "surplus"], started_at__isnull=False, completed_at__isnull=False),
            ),
            models.CheckConstraint(
                name="response_has_a_version_or_is_a_trial", condition=Q(version__isnull=False) | Q(is_test=True)
            ),
            models.CheckConstraint(name="response_of_a_trial_is_told_nobody", condition=Q(is_test=False) | Q(told=[])),
            models.CheckConstraint(
                name="response_without_a_name_leads_to_nobody",
                condition=Q(anonymous=False) | Q(person=None, conversation=None, inbox_id=None, fields={}),
            ),
        ]
        indexes = [
            models.Index(name="response_newest", fields=["survey", "-id"]),
            models.Index(name="response_of_person", fields=["person"], condition=Q(person__isnull=False)),
            models.Index(
                name="response_left_alone",
                fields=["touched_at"],
                condition=Q(state="partial", settled_at=None, is_test=False),
            ),
        ]

    @property
    def given(self) -> shapes.Answers:
        return shapes.answers_of(self.answers)

    @property
    def form(self) -> shapes.Form:
        """The questions it answers."""
        return self.version.form if self.version is not None else self.survey.form

    @property
    def is_over(self) -> bool:
        return self.state in (self.State.COMPLETE, self.State.SURPLUS)
