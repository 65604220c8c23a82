"""The zone and calendars a house kept before, so that what was measured by them stays as it was."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("accounts", "0003_surveys_in_the_roles")]

    operations = [
        migrations.CreateModel(
            name="PastHours",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("until", models.DateTimeField()),
                ("zone", models.CharField(max_length=64)),
                ("calendars", models.JSONField(default=dict)),
            ],
        ),
    ]
