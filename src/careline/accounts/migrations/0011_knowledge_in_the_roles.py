"""Whoever works here reads articles; whoever leads writes them."""

from django.db import migrations

READING = ["knowledge.view"]
WRITING = ["knowledge.edit", "knowledge.view"]
GIVEN = {"owner": WRITING, "admin": WRITING, "lead": WRITING, "agent": READING, "analyst": READING}


def give(apps, schema_editor):
    role = apps.get_model("accounts", "Role")
    for one in role.objects.filter(builtin=True, name__in=GIVEN):
        one.permissions = sorted({*one.permissions, *GIVEN[one.name]})
        one.save(update_fields=["permissions"])


def take(apps, schema_editor):
    role = apps.get_model("accounts", "Role")
    for one in role.objects.all():
        one.permissions = [name for name in one.permissions if name not in WRITING]
        one.save(update_fields=["permissions"])


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0010_audit_seals'),
    ]

    operations = [
        migrations.RunPython(give, reverse_code=take),
    ]
