"""Customers choose whether they are asked how it went, in every house."""

from django.db import migrations


def offer_surveys(apps, _editor):
    Purpose = apps.get_model("customers", "Purpose")
    Purpose.objects.get_or_create(
        name="surveys", defaults={"label": "Surveys", "about": "A few questions about how it went."}
    )


class Migration(migrations.Migration):

    dependencies = [
        ('customers', '0010_computed_traits'),
    ]

    operations = [migrations.RunPython(offer_surveys, migrations.RunPython.noop)]
