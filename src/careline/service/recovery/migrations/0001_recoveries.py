"""Recoveries, and the rules every house begins with."""

import careline.kit.clock
import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models


PLAY = [{"kind": "apology"}, {"kind": "call"}, {"kind": "goodwill"}]
DAY = 480
RULES = (
    {"cause": "answer", "metric": "csat", "at_most": 2.0, "top": 5.0, "minutes": DAY},
    {"cause": "answer", "metric": "ces", "at_most": 3.0, "top": 7.0, "minutes": DAY},
    {"cause": "answer", "metric": "nps", "at_most": 6.0, "top": 10.0, "minutes": 3 * DAY},
    {"cause": "promise", "minutes": DAY},
    {"cause": "reopened", "times": 2, "minutes": DAY},
)


def insert_rules(apps, _editor):
    Rule = apps.get_model("recovery", "Rule")
    for one in RULES:
        Rule.objects.create(play=PLAY, **one)


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('accounts', '0005_agent_signature'),
        ('conversations', '0010_marks'),
        ('customers', '0011_surveys_can_be_refused'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Recovery',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('opened_at', models.DateTimeField()),
                ('due_at', models.DateTimeField()),
                ('escalated_at', models.DateTimeField(null=True)),
                ('closed_at', models.DateTimeField(null=True)),
                ('closed_by', models.BigIntegerField(null=True)),
                ('outcome', models.TextField(blank=True, choices=[('', 'Open'), ('reached', 'Reached'), ('missed', 'Missed'), ('withdrawn', 'Withdrawn')], db_default='', default='')),
                ('resolved', models.BooleanField(null=True)),
                ('words', models.TextField(blank=True, db_default='', default='')),
                ('hold', models.BigIntegerField(null=True)),
                ('measured_at', models.DateTimeField(null=True)),
                ('came_back', models.BooleanField(null=True)),
                ('bought', models.BooleanField(null=True)),
                ('effort', models.IntegerField(null=True)),
                ('conversation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='recoveries', to='conversations.conversation')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='customers.person')),
            ],
        ),
        migrations.CreateModel(
            name='Cause',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('touchpoint', models.UUIDField(null=True, unique=True)),
                ('kind', models.TextField()),
                ('at', models.DateTimeField()),
                ('metric', models.TextField(blank=True, db_default='', default='')),
                ('score', models.FloatField(null=True)),
                ('top', models.FloatField(null=True)),
                ('promise', models.TextField(blank=True, db_default='', default='')),
                ('survey', models.TextField(blank=True, db_default='', default='')),
                ('response', models.BigIntegerField(null=True)),
                ('words', models.TextField(blank=True, db_default='', default='')),
                ('recovery', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='causes', to='recovery.recovery')),
            ],
        ),
        migrations.CreateModel(
            name='Rule',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('is_on', models.BooleanField(db_default=True, default=True)),
                ('cause', models.TextField(choices=[('answer', 'Answer'), ('promise', 'Promise'), ('reopened', 'Reopened')])),
                ('metric', models.TextField(blank=True, db_default='', default='')),
                ('at_most', models.FloatField(null=True)),
                ('top', models.FloatField(null=True)),
                ('promise', models.TextField(blank=True, db_default='', default='')),
                ('times', models.SmallIntegerField(db_default=1, default=1)),
                ('owner', models.TextField(choices=[('agent', 'Agent'), ('team', 'Team'), ('inbox', 'Inbox')], db_default='agent', default='agent')),
                ('minutes', models.IntegerField(db_default=480, default=480)),
                ('play', models.JSONField(db_default=[], default=list)),
                ('changed_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), default=careline.kit.clock.now)),
                ('lead', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('team', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='accounts.team')),
            ],
        ),
        migrations.AddField(
            model_name='recovery',
            name='rule',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='recovery.rule'),
        ),
        migrations.CreateModel(
            name='Step',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('place', models.SmallIntegerField()),
                ('kind', models.TextField()),
                ('words', models.TextField(blank=True, db_default='', default='')),
                ('done_at', models.DateTimeField(null=True)),
                ('done_by', models.BigIntegerField(null=True)),
                ('recovery', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='steps', to='recovery.recovery')),
            ],
        ),
        migrations.CreateModel(
            name='Authority',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('most_minor', models.BigIntegerField()),
                ('role', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='accounts.role')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('most_minor__gt', 0)), name='authority_is_a_sum')],
            },
        ),
        migrations.CreateModel(
            name='Goodwill',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('amount_minor', models.BigIntegerField()),
                ('currency', models.TextField()),
                ('words', models.TextField(blank=True, db_default='', default='')),
                ('given_at', models.DateTimeField()),
                ('given_by', models.BigIntegerField()),
                ('once', models.TextField()),
                ('recovery', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='goodwill', to='recovery.recovery')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('recovery', 'once'), name='goodwill_is_given_once'), models.CheckConstraint(condition=models.Q(('amount_minor__gt', 0)), name='goodwill_is_a_sum')],
            },
        ),
        migrations.AddConstraint(
            model_name='rule',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('at_most__isnull', False), ('cause', 'answer'), ('top__isnull', False), models.Q(('metric', ''), _negated=True)), models.Q(('at_most', None), ('cause__in', ['promise', 'reopened']), ('metric', ''), ('top', None)), _connector='OR'), name='rule_of_an_answer_has_its_figure'),
        ),
        migrations.AddConstraint(
            model_name='rule',
            constraint=models.CheckConstraint(condition=models.Q(('owner__in', ['agent', 'team', 'inbox'])), name='rule_owner_is_known'),
        ),
        migrations.AddConstraint(
            model_name='rule',
            constraint=models.CheckConstraint(condition=models.Q(('minutes__gte', 1), ('times__gte', 1)), name='rule_gives_some_time'),
        ),
        migrations.AddIndex(
            model_name='recovery',
            index=models.Index(condition=models.Q(('closed_at', None), ('escalated_at', None)), fields=['due_at'], name='recovery_due'),
        ),
        migrations.AddIndex(
            model_name='recovery',
            index=models.Index(condition=models.Q(('closed_at__isnull', False)), fields=['closed_at'], name='recovery_closed'),
        ),
        migrations.AddConstraint(
            model_name='recovery',
            constraint=models.UniqueConstraint(condition=models.Q(('closed_at', None)), fields=('conversation',), name='recovery_runs_once_in_a_conversation'),
        ),
        migrations.AddConstraint(
            model_name='recovery',
            constraint=models.UniqueConstraint(condition=models.Q(('closed_at', None)), fields=('person',), name='recovery_runs_once_for_a_person'),
        ),
        migrations.AddConstraint(
            model_name='recovery',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('closed_at', None), ('outcome', ''), ('resolved', None)), models.Q(('closed_at__isnull', False), ('outcome__in', ['reached', 'missed', 'withdrawn']), ('resolved__isnull', False)), _connector='OR'), name='recovery_ends_with_an_outcome'),
        ),
        migrations.AddConstraint(
            model_name='recovery',
            constraint=models.CheckConstraint(condition=models.Q(('measured_at', None), ('closed_at__isnull', False), _connector='OR'), name='recovery_is_measured_once_it_is_over'),
        ),
        migrations.AddConstraint(
            model_name='step',
            constraint=models.UniqueConstraint(fields=('recovery', 'place'), name='step_has_its_place'),
        ),
        migrations.RunPython(insert_rules, migrations.RunPython.noop, elidable=False),
    ]
