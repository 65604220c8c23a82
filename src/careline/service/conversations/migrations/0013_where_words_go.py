"""A rule may settle where the words after a resolution go."""

from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0006_who_leads_in_the_roles'),
        ('channels', '0008_outbox_goes_on'),
        ('conversations', '0012_deadlines'),
        ('customers', '0011_surveys_can_be_refused'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='conversation',
            name='joins',
            field=models.BooleanField(null=True),
        ),
        migrations.AddIndex(
            model_name='conversation',
            index=models.Index(models.F('resolved_at'), condition=models.Q(('state', 'resolved')), name='conversation_resolved'),
        ),
    ]
