"""What is being written."""

import careline.kit.clock
import django.db.models.deletion
import django.db.models.functions.datetime
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('bots', '0002_running'),
    ]

    operations = [
        migrations.CreateModel(
            name='Sketch',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('agent_id', models.BigIntegerField()),
                ('text', models.TextField()),
                ('begun_from', models.DateTimeField()),
                ('at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), default=careline.kit.clock.now)),
                ('bot', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='sketches', to='bots.bot')),
            ],
            options={
                'constraints': [models.UniqueConstraint(models.F('bot'), models.F('agent_id'), name='bot_is_sketched_once_by_each')],
            },
        ),
    ]
