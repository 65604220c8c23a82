"""A conversation can be marked as one that needs more than an answer."""


from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0005_agent_signature'),
        ('channels', '0007_parked_whole'),
        ('conversations', '0009_copies_so_far'),
        ('customers', '0011_surveys_can_be_refused'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='conversation',
            name='mark',
            field=models.JSONField(null=True),
        ),
        migrations.AddIndex(
            model_name='conversation',
            index=models.Index(models.F('inbox'), models.OrderBy(models.F('active_at'), descending=True), models.OrderBy(models.F('id'), descending=True), condition=models.Q(('mark__isnull', False)), name='conversation_marked'),
        ),
    ]
