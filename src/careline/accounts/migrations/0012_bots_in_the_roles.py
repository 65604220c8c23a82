"""Whoever leads may write bots and switch them on."""

from django.db import migrations

LEADING = ["bots.manage"]
GIVEN = ["owner", "admin", "lead"]


def give(apps, schema_editor):
    role = apps.get_model("accounts", "Role")
    for one in role.objects.filter(builtin=True, name__in=GIVEN):
        one.permissions = sorted({*one.permissions, *LEADING})
        one.save(update_fields=["permissions"])


def take(apps, schema_editor):
    role = apps.get_model("accounts", "Role")
    for one in role.objects.all():
        one.permissions = [name for name in one.permissions if name not in LEADING]
        one.save(update_fields=["permissions"])


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0011_knowledge_in_the_roles'),
    ]

    operations = [
        migrations.RunPython(give, reverse_code=take),
    ]
