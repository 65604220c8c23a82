"""An attribute of conversations can be asked of whoever resolves one."""

from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("customers", "0011_surveys_can_be_refused")]

    operations = [
        migrations.AddField("attributedefinition", "asked", models.JSONField(null=True)),
        migrations.AddConstraint(
            "attributedefinition",
            models.CheckConstraint(
                name="attribute_is_asked_of_conversations_alone", condition=Q(asked=None) | Q(of="conversation")
            ),
        ),
    ]
