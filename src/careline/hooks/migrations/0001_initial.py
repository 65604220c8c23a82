"""Endpoints, and what they are told."""

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
            name='Endpoint',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.TextField()),
                ('url', models.TextField()),
                ('secret', models.BinaryField()),
                ('is_on', models.BooleanField(db_default=True, default=True)),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), default=careline.kit.clock.now)),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('url', ''), _negated=True), models.Q(('name', ''), _negated=True)), name='endpoint_is_somewhere')],
            },
        ),
        migrations.CreateModel(
            name='Call',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.TextField(unique=True)),
                ('body', models.JSONField()),
                ('state', models.TextField(choices=[('queued', 'Queued'), ('sent', 'Sent'), ('failed', 'Failed')], db_default='queued', default='queued')),
                ('attempts', models.SmallIntegerField(db_default=0, default=0)),
                ('status', models.SmallIntegerField(null=True)),
                ('trouble', models.TextField(blank=True, db_default='', default='')),
                ('at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), default=careline.kit.clock.now)),
                ('next_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), default=careline.kit.clock.now)),
                ('endpoint', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='calls', to='hooks.endpoint')),
            ],
            options={
                'indexes': [models.Index(models.F('next_at'), condition=models.Q(('state', 'queued')), name='call_due')],
                'constraints': [models.CheckConstraint(condition=models.Q(('state__in', ['queued', 'sent', 'failed'])), name='call_state_is_known')],
            },
        ),
    ]
