"""The roles every installation begins with may set up how work is shared out, as far as theirs asks for it."""

from django.db import migrations

LEADING = ["board.view", "promises.manage", "queues.manage", "rules.manage"]
GIVEN = {"owner": LEADING, "admin": LEADING, "lead": LEADING, "analyst": ["board.view"]}


def give(apps, schema_editor):
    role = apps.get_model("accounts", "Role")
    for one in role.objects.filter(builtin=True, name__in=GIVEN):
        one.permissions = sorted({*one.permissions, *GIVEN[one.name]})
        one.save(update_fields=["permissions"])


def take(apps, schema_editor):
    role = apps.get_model("accounts", "Role")
    for one in role.objects.all():
        one.permissions = [name for name in one.permissions if name not in LEADING]
        one.save(update_fields=["permissions"])


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0005_agent_signature'),
    ]

    operations = [
        migrations.RunPython(give, reverse_code=take),
    ]
