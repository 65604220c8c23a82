"""The one organization of an installation, and the hours it kept before."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from careline.kit import clock


class Organization(models.Model):
    id = models.SmallIntegerField(primary_key=True, default=1, editable=False)
    name = models.CharField(max_length=200)
    zone = models.CharField(max_length=64, default="UTC")
    currency = models.CharField(max_length=3, default="USD")
    country = models.CharField(
        max_length=2, default="US"
    )  # the region that phone numbers without a country code belong to
    languages = ArrayField(models.CharField(max_length=12), default=list)
    calendars = models.JSONField(default=dict)  # its shape: accounts/calendars.py
    # Which of them the house, an inbox or a team keeps: the same file.
    hours_of = models.JSONField(default=dict, db_default={})
    created_at = models.DateTimeField(default=clock.now)
    # How long somebody stays signed in, in minutes: at most, and with nobody there (NULL: however long).
    session_minutes = models.IntegerField(default=14 * 24 * 60, db_default=14 * 24 * 60)
    idle_minutes = models.IntegerField(null=True)
    # How many days a new token lives at most; NULL: as long as it is wanted.
    token_days = models.IntegerField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(name="organization_is_the_only_one", condition=Q(id=1)),
            models.CheckConstraint(
                name="sign_in_lasts_a_while",
                condition=Q(session_minutes__gte=5) & (Q(idle_minutes=None) | Q(idle_minutes__gte=5)),
            ),
            models.CheckConstraint(name="tokens_live_a_day", condition=Q(token_days=None) | Q(token_days__gte=1)),
        ]


class PastHours(models.Model):
    """Zone, calendars and who kept which as they were until then: what was measured by them stays as it was."""

    until = models.DateTimeField()
    zone = models.CharField(max_length=64)
    calendars = models.JSONField(default=dict)
    hours_of = models.JSONField(default=dict, db_default={})
