"""The roles every installation begins with may do with surveys what their work asks for."""

from django.db import migrations

GIVEN = {
    "owner": ["surveys.view", "surveys.edit"],
    "admin": ["surveys.view", "surveys.edit"],
    "lead": ["surveys.view"],
    "analyst": ["surveys.view"],
}


def give(apps, schema_editor):
    role = apps.get_model("accounts", "Role")
    for one in role.objects.filter(builtin=True, name__in=GIVEN):
        one.permissions = sorted({*one.permissions, *GIVEN[one.name]})
        one.save(update_fields=["permissions"])


def take(apps, schema_editor):
    role = apps.get_model("accounts", "Role")
    for one in role.objects.all():
        one.permissions = [name for name in one.permissions if not name.startswith("surveys.")]
        one.save(update_fields=["permissions"])


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0002_ageing_of_the_audit'),
    ]

    operations = [
        migrations.RunPython(give, reverse_code=take),
    ]
