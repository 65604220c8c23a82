"""Policies with their editions, the course of each conversation, and every promise from its beginning to its end."""

import careline.kit.clock
import datetime
import django.contrib.postgres.fields
import django.db.models.deletion
import django.db.models.functions.datetime
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('conversations', '0012_deadlines'),
    ]

    operations = [
        migrations.CreateModel(
            name='Policy',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.TextField()),
                ('is_on', models.BooleanField(db_default=True, default=True)),
                ('place', models.IntegerField()),
                ('conditions', models.JSONField(db_default={}, default=dict)),
                ('terms', models.JSONField()),
                ('version', models.IntegerField(db_default=1, default=1)),
                ('changed_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), default=careline.kit.clock.now)),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('name', ''), _negated=True), ('version__gte', 1)), name='policy_is_named'), models.UniqueConstraint(fields=('name',), name='policy_name_is_its_own')],
            },
        ),
        migrations.CreateModel(
            name='Course',
            fields=[
                ('conversation', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='+', serialize=False, to='conversations.conversation')),
                ('inbox_id', models.BigIntegerField()),
                ('team_id', models.BigIntegerField(null=True)),
                ('is_live', models.BooleanField(default=True)),
                ('is_snoozed', models.BooleanField(default=False)),
                ('waiting_on', models.TextField(default='us')),
                ('is_answered', models.BooleanField(default=False)),
                ('waits', models.JSONField(default=dict)),
                ('is_pinned', models.BooleanField(default=False)),
                ('policy', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='sla.policy')),
            ],
        ),
        migrations.CreateModel(
            name='Edition',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('version', models.IntegerField()),
                ('terms', models.JSONField()),
                ('since', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), default=careline.kit.clock.now)),
                ('policy', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='editions', to='sla.policy')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('policy', 'version'), name='edition_is_of_one_version')],
            },
        ),
        migrations.CreateModel(
            name='Promise',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('version', models.IntegerField(default=1)),
                ('hours', models.IntegerField(default=0)),
                ('what', models.TextField(choices=[('first', 'First'), ('next', 'Next'), ('resolution', 'Resolution')])),
                ('begun_at', models.DateTimeField()),
                ('total', models.DurationField()),
                ('spent', models.DurationField(default=datetime.timedelta)),
                ('since', models.DateTimeField(null=True)),
                ('due_at', models.DateTimeField(null=True)),
                ('next_at', models.DateTimeField(null=True)),
                ('passed', django.contrib.postgres.fields.ArrayField(base_field=models.TextField(), default=list, size=None)),
                ('broken_at', models.DateTimeField(null=True)),
                ('ended_at', models.DateTimeField(null=True)),
                ('outcome', models.TextField(blank=True, choices=[('', 'Running'), ('met', 'Met'), ('broken', 'Broken'), ('dropped', 'Dropped')], default='')),
                ('course', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='promises', to='sla.course')),
                ('policy', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='sla.policy')),
            ],
            options={
                'indexes': [models.Index(models.F('next_at'), condition=models.Q(('next_at__isnull', False)), name='promise_next'), models.Index(condition=models.Q(('ended_at', None)), fields=['policy', 'version'], name='promise_running')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('ended_at', None)), fields=('course', 'what'), name='promise_runs_once'), models.CheckConstraint(condition=models.Q(models.Q(('ended_at', None), ('outcome', '')), models.Q(('ended_at__isnull', False), ('next_at', None), ('outcome__in', ['met', 'broken', 'dropped']), ('since', None)), _connector='OR'), name='promise_ends_with_an_outcome'), models.CheckConstraint(condition=models.Q(models.Q(('outcome', 'broken'), _negated=True), ('broken_at__isnull', False), _connector='OR'), name='promise_broken_is_dated'), models.CheckConstraint(condition=models.Q(('total__gt', datetime.timedelta(0))), name='promise_takes_time')],
            },
        ),
    ]
