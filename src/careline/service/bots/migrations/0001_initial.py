"""Flows, their versions, and the talks they are rehearsed by."""

import careline.kit.clock
import django.db.models.deletion
import django.db.models.functions.datetime
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='Bot',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.TextField(unique=True)),
                ('text', models.TextField()),
                ('version', models.IntegerField(db_default=0, default=0)),
                ('changed_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), default=careline.kit.clock.now)),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('name', ''), _negated=True), name='bot_has_a_name')],
            },
        ),
        migrations.CreateModel(
            name='Rehearsal',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.TextField()),
                ('content', models.JSONField()),
                ('bot', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='rehearsals', to='bots.bot')),
            ],
            options={
                'constraints': [models.UniqueConstraint(models.F('bot'), models.F('name'), name='bot_rehearsal_has_its_own_name'), models.CheckConstraint(condition=models.Q(('name', ''), _negated=True), name='bot_rehearsal_has_a_name')],
            },
        ),
        migrations.CreateModel(
            name='Version',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.IntegerField()),
                ('text', models.TextField()),
                ('taken', models.IntegerField()),
                ('exits', models.IntegerField()),
                ('at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), default=careline.kit.clock.now)),
                ('agent_id', models.BigIntegerField(null=True)),
                ('bot', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='versions', to='bots.bot')),
            ],
            options={
                'constraints': [models.UniqueConstraint(models.F('bot'), models.F('number'), name='bot_version_is_kept_once'), models.CheckConstraint(condition=models.Q(('taken__lte', models.F('exits'))), name='bot_version_takes_exits_it_has')],
            },
        ),
    ]
