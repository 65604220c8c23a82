"""A seal a day on the audit log."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("accounts", "0009_teamless")]

    operations = [
        migrations.CreateModel(
            name="AuditSeal",
            fields=[
                ("day", models.DateField(primary_key=True, serialize=False)),
                ("entries", models.IntegerField()),
                ("digest", models.CharField(max_length=64)),
                ("mark", models.CharField(max_length=64)),
                ("aged", models.BooleanField(default=False)),
            ],
        ),
    ]
