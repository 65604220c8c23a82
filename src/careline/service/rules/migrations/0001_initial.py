"""Rules, their versions and where they ran."""

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
            name='Rule',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.TextField()),
                ('is_on', models.BooleanField(db_default=False, default=False)),
                ('position', models.IntegerField(db_default=0, default=0)),
                ('version', models.IntegerField(db_default=1, default=1)),
                ('content', models.JSONField()),
                ('kind', models.TextField(blank=True, db_default='', default='')),
                ('ready', models.TextField(blank=True, db_default='', default='')),
                ('asked_at', models.DateTimeField(null=True)),
                ('asked_id', models.BigIntegerField(db_default=0, default=0)),
                ('changed_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), default=careline.kit.clock.now)),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('name', ''), _negated=True), name='rule_has_a_name'), models.CheckConstraint(condition=models.Q(models.Q(('kind', ''), _negated=True), ('is_on', False), ('asked_at__isnull', False), _connector='OR'), name='rule_on_time_knows_where_it_stands')],
            },
        ),
        migrations.CreateModel(
            name='Firing',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('version', models.IntegerField()),
                ('conversation_id', models.BigIntegerField()),
                ('touchpoint', models.UUIDField(null=True)),
                ('since', models.DateTimeField(null=True)),
                ('at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), default=careline.kit.clock.now)),
                ('seq', models.IntegerField(db_default=0, default=0)),
                ('done', models.JSONField(db_default=[], default=list)),
                ('rule', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='firings', to='rules.rule')),
            ],
        ),
        migrations.CreateModel(
            name='Version',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.IntegerField()),
                ('content', models.JSONField()),
                ('at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), default=careline.kit.clock.now)),
                ('agent_id', models.BigIntegerField(null=True)),
                ('rule', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='versions', to='rules.rule')),
            ],
        ),
        migrations.CreateModel(
            name='Pause',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('step', models.SmallIntegerField()),
                ('state', models.TextField()),
                ('due_at', models.DateTimeField()),
                ('firing', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='pause', to='rules.firing')),
            ],
            options={
                'indexes': [models.Index(models.F('due_at'), name='pause_due')],
            },
        ),
        migrations.AddIndex(
            model_name='firing',
            index=models.Index(models.F('rule'), models.OrderBy(models.F('at'), descending=True), name='firing_by_rule'),
        ),
        migrations.AddIndex(
            model_name='firing',
            index=models.Index(models.F('conversation_id'), models.F('at'), name='firing_by_conversation'),
        ),
        migrations.AddConstraint(
            model_name='firing',
            constraint=models.UniqueConstraint(models.F('rule'), models.F('touchpoint'), condition=models.Q(('touchpoint__isnull', False)), name='rule_fires_once_a_moment'),
        ),
        migrations.AddConstraint(
            model_name='firing',
            constraint=models.UniqueConstraint(models.F('rule'), models.F('conversation_id'), models.F('since'), condition=models.Q(('since__isnull', False)), name='rule_fires_once_a_time'),
        ),
        migrations.AddConstraint(
            model_name='firing',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('since', None), ('touchpoint__isnull', False)), models.Q(('since__isnull', False), ('touchpoint', None)), _connector='OR'), name='firing_has_one_cause'),
        ),
        migrations.AddConstraint(
            model_name='version',
            constraint=models.UniqueConstraint(models.F('rule'), models.F('number'), name='rule_version_is_kept_once'),
        ),
    ]
