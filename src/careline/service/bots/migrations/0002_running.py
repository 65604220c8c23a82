"""Who answers where, what runs, and what was judged."""

import careline.kit.clock
import django.contrib.postgres.fields
import django.db.models.deletion
import django.db.models.functions.datetime
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('bots', '0001_initial'),
        ('channels', '0009_bot'),
        ('conversations', '0015_offered'),
    ]

    operations = [
        migrations.CreateModel(
            name='Secret',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.TextField(unique=True)),
                ('sealed', models.BinaryField()),
                ('host', models.TextField()),
                ('changed_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), default=careline.kit.clock.now)),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('name', ''), _negated=True), models.Q(('host', ''), _negated=True)), name='bot_secret_has_its_place')],
            },
        ),
        migrations.CreateModel(
            name='Answering',
            fields=[
                ('inbox', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='+', serialize=False, to='channels.inbox')),
                ('is_on', models.BooleanField(db_default=False, default=False)),
                ('articles', models.BooleanField(db_default=True, default=True)),
                ('name', models.TextField(db_default='Careline bot', default='Careline bot')),
                ('url', models.TextField(blank=True, db_default='', default='')),
                ('secret', models.BinaryField(null=True)),
                ('changed_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), default=careline.kit.clock.now)),
                ('flows', models.ManyToManyField(related_name='+', to='bots.bot')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('name', ''), _negated=True), name='bot_answers_under_a_name'), models.CheckConstraint(condition=models.Q(('url', ''), ('secret__isnull', False), _connector='OR'), name='bot_outside_is_signed_for')],
            },
        ),
        migrations.CreateModel(
            name='Judged',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('inbox_id', models.BigIntegerField()),
                ('message_id', models.UUIDField(unique=True)),
                ('language', models.TextField(blank=True, db_default='', default='')),
                ('ranked', models.JSONField(db_default=[], default=list)),
                ('score', models.FloatField(db_default=0, default=0)),
                ('threshold', models.FloatField(db_default=0, default=0)),
                ('margin', models.FloatField(db_default=0, default=0)),
                ('band', models.TextField(choices=[('run', 'Run'), ('ask', 'Ask'), ('answer', 'Answer'), ('refuse', 'Refuse')])),
                ('articles', django.contrib.postgres.fields.ArrayField(base_field=models.TextField(), db_default=models.Value('{}'), default=list, size=None)),
                ('verdict', models.TextField(blank=True, db_default='', default='')),
                ('correction', models.TextField(choices=[('right', 'Right'), ('wrong', 'Wrong')], null=True)),
                ('right_intent', models.TextField(blank=True, db_default='', default='')),
                ('corrected_by', models.BigIntegerField(null=True)),
                ('corrected_at', models.DateTimeField(null=True)),
                ('at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), default=careline.kit.clock.now)),
                ('conversation', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='conversations.conversation')),
            ],
            options={
                'indexes': [models.Index(models.F('at'), models.F('id'), name='bot_judged_at'), models.Index(models.F('conversation'), name='bot_judged_in')],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('corrected_at__isnull', True), ('correction__isnull', True)), models.Q(('corrected_at__isnull', False), ('correction__isnull', False)), _connector='OR'), name='bot_judgement_is_corrected_by_somebody')],
            },
        ),
        migrations.CreateModel(
            name='Run',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('state', models.JSONField(db_default={}, default=dict)),
                ('heard_seq', models.IntegerField(db_default=0, default=0)),
                ('offered', django.contrib.postgres.fields.ArrayField(base_field=models.TextField(), db_default=models.Value('{}'), default=list, size=None)),
                ('misses', models.SmallIntegerField(db_default=0, default=0)),
                ('asks', models.TextField(blank=True, db_default='', default='')),
                ('asked', models.IntegerField(db_default=0, default=0)),
                ('asked_at', models.DateTimeField(null=True)),
                ('sent', models.IntegerField(db_default=0, default=0)),
                ('said', models.IntegerField(db_default=0, default=0)),
                ('language', models.TextField(db_default='en', default='en')),
                ('due_at', models.DateTimeField(null=True)),
                ('reason', models.TextField(blank=True, db_default='', default='')),
                ('outcome', models.TextField(blank=True, choices=[('', 'Running'), ('finished', 'Finished'), ('person', 'Person'), ('taken', 'Taken')], db_default='', default='')),
                ('begun_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), default=careline.kit.clock.now)),
                ('ended_at', models.DateTimeField(null=True)),
                ('conversation', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='conversations.conversation')),
                ('version', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='runs', to='bots.version')),
            ],
            options={
                'indexes': [models.Index(models.F('due_at'), condition=models.Q(('due_at__isnull', False)), name='bot_run_is_due'), models.Index(models.F('asked_at'), condition=models.Q(('asks', ''), _negated=True), name='bot_run_asks'), models.Index(models.F('conversation'), models.F('id'), name='bot_run_of_conversation')],
                'constraints': [models.UniqueConstraint(models.F('conversation'), condition=models.Q(('ended_at__isnull', True)), name='bot_runs_once_at_a_time'), models.CheckConstraint(condition=models.Q(models.Q(('ended_at__isnull', True), ('outcome', '')), models.Q(('ended_at__isnull', False), models.Q(('outcome', ''), _negated=True)), _connector='OR'), name='bot_run_ends_with_an_outcome')],
            },
        ),
    ]
