from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('conversations', '0002_fewer_indexes'),
    ]

    operations = [
        migrations.AddField(
            model_name='conversation',
            name='attributes',
            field=models.JSONField(db_default={}, default=dict),
        ),
    ]
