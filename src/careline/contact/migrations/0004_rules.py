"""Rules by which contact is decided, as every house begins with them; decisions say when they may be asked again."""

from datetime import time

import careline.kit.clock
import django.contrib.postgres.fields
import django.db.models.functions.datetime
from django.db import migrations, models


NIGHT = {"quiet_from": time(21), "quiet_to": time(8)}
MONTH, WEEK = 30 * 24, 7 * 24
# What agents begin by hand counts, and is not held back.
SCOPES = (
    {"name": "any", "label": "Everything unasked", "promise_days": 0, **NIGHT,
     "caps": [{"most": 4, "hours": WEEK, "channel": "", "upto": "normal"}]},
    {"name": "surveys", "label": "Surveys", "promise_days": 14, **NIGHT,
     "caps": [{"most": 1, "hours": MONTH, "channel": "", "upto": "high"}]},
    {"name": "outreach", "label": "Outreach", "promise_days": 14, **NIGHT,
     "caps": [{"most": 2, "hours": WEEK, "channel": "", "upto": "high"}]},
    {"name": "conversation", "label": "Beginning a conversation", "promise_days": 0, "talks": "ignored",
     "priority": "high"},
)  # fmt: skip


def insert_scopes(apps, _editor):
    Scope = apps.get_model("contact", "Scope")
    Scope.objects.bulk_create([Scope(**one) for one in SCOPES])


class Migration(migrations.Migration):

    dependencies = [
        ('contact', '0003_breaker'),
        ('customers', '0010_computed_traits'),
    ]

    operations = [
        migrations.CreateModel(
            name='Scope',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.TextField(unique=True)),
                ('label', models.TextField()),
                ('priority', models.TextField(db_default='normal', default='normal')),
                ('caps', models.JSONField(db_default=[], default=list)),
                ('quiet_from', models.TimeField(null=True)),
                ('quiet_to', models.TimeField(null=True)),
                ('quiet_days', django.contrib.postgres.fields.ArrayField(base_field=models.SmallIntegerField(), db_default=models.Value('{}'), default=list, size=None)),
                ('talks', models.TextField(choices=[('ignored', 'Ignored'), ('ours', 'Ours'), ('open', 'Open')], db_default='open', default='open')),
                ('promise_days', models.SmallIntegerField(db_default=14, default=14)),
                ('changed_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), default=careline.kit.clock.now)),
            ],
        ),
        migrations.AddField(
            model_name='decision',
            name='attempt',
            field=models.SmallIntegerField(db_default=1, default=1),
        ),
        migrations.AddField(
            model_name='decision',
            name='retry_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='decision',
            name='terms',
            field=models.JSONField(db_default={}, default=dict),
        ),
        migrations.AlterField(
            model_name='decision',
            name='key',
            field=models.TextField(),
        ),
        migrations.AddIndex(
            model_name='decision',
            index=models.Index(condition=models.Q(('allowed', True)), fields=['person', '-at'], name='decision_counted'),
        ),
        migrations.AddConstraint(
            model_name='decision',
            constraint=models.UniqueConstraint(fields=('key', 'attempt'), name='decision_is_one_for_each_attempt'),
        ),
        migrations.AddConstraint(
            model_name='decision',
            constraint=models.CheckConstraint(condition=models.Q(('retry_at', None), ('allowed', False), _connector='OR'), name='decision_is_asked_again_after_a_no'),
        ),
        migrations.AddConstraint(
            model_name='scope',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('name', ''), _negated=True), models.Q(('label', ''), _negated=True)), name='scope_has_names'),
        ),
        migrations.AddConstraint(
            model_name='scope',
            constraint=models.CheckConstraint(condition=models.Q(('priority__in', ['low', 'normal', 'high'])), name='scope_priority_is_known'),
        ),
        migrations.AddConstraint(
            model_name='scope',
            constraint=models.CheckConstraint(condition=models.Q(('talks__in', ['ignored', 'ours', 'open'])), name='scope_talks_are_known'),
        ),
        migrations.AddConstraint(
            model_name='scope',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('quiet_from', None), ('quiet_to', None)), models.Q(('quiet_from__isnull', False), ('quiet_to__isnull', False), models.Q(('quiet_from', models.F('quiet_to')), _negated=True)), _connector='OR'), name='scope_is_quiet_from_and_to'),
        ),
        migrations.AddConstraint(
            model_name='scope',
            constraint=models.CheckConstraint(condition=models.Q(('quiet_days__contained_by', [1, 2, 3, 4, 5, 6, 7]), models.Q(('quiet_days__contains', [1, 2, 3, 4, 5, 6, 7]), _negated=True)), name='scope_speaks_on_some_day'),
        ),
        migrations.AddConstraint(
            model_name='scope',
            constraint=models.CheckConstraint(condition=models.Q(('promise_days__gte', 0), ('promise_days__lte', 365)), name='scope_is_silent_for_some_days'),
        ),
        migrations.RunPython(insert_scopes, migrations.RunPython.noop),
    ]
