"""A bot may have an inbox's new conversations first."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('channels', '0008_outbox_goes_on'),
    ]

    operations = [
        migrations.AddField(
            model_name='inbox',
            name='bot',
            field=models.BooleanField(db_default=False, default=False),
        ),
    ]
