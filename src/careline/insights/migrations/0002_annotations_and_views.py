"""What people note beside figures: what happened to the house, and how they look at the scoreboard."""

from django.db import migrations, models
from django.db.models import F, Q


class Migration(migrations.Migration):
    dependencies = [("insights", "0001_stale_people")]

    operations = [
        migrations.CreateModel(
            name="Annotation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField()),
                ("until", models.DateTimeField(null=True)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("release", "Release"), ("outage", "Outage"), ("price", "Price"), ("campaign", "Campaign"),
                            ("other", "Other"),
                        ],
                        max_length=12,
                    ),
                ),
                ("words", models.CharField(max_length=200)),
                ("agent_id", models.BigIntegerField(null=True)),
            ],
            options={
                "indexes": [models.Index(fields=["at"], name="annotation_at")],
                "constraints": [
                    models.CheckConstraint(
                        name="annotation_kind_is_known",
                        condition=Q(kind__in=["release", "outage", "price", "campaign", "other"]),
                    ),
                    models.CheckConstraint(
                        name="annotation_ends_after_it_began", condition=Q(until=None) | Q(until__gte=F("at"))
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="View",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=80)),
                ("agent_id", models.BigIntegerField()),
                ("shared", models.BooleanField(default=False)),
                ("chosen", models.JSONField(default=dict)),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=["agent_id", "name"], name="view_is_named_once")],
            },
        ),
    ]  # fmt: skip
