"""Which calendar the house, an inbox or a team keeps, and kept before."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("accounts", "0006_who_leads_in_the_roles")]

    operations = [
        migrations.AddField("organization", "hours_of", models.JSONField(db_default={}, default=dict)),
        migrations.AddField("pasthours", "hours_of", models.JSONField(db_default={}, default=dict)),
    ]
