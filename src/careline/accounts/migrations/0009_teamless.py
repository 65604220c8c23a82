"""Whose role ends at teams sees their conversations, and those of no team where the role says so."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("accounts", "0008_ways_of_signing_in")]

    operations = [
        migrations.AddField("role", "teamless", models.BooleanField(db_default=False, default=False)),
    ]
