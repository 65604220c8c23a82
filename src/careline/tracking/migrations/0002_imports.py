
import careline.kit.clock
import django.db.models.deletion
import django.db.models.expressions
import django.db.models.functions.datetime
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('tracking', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Import',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.TextField()),
                ('format', models.TextField()),
                ('state', models.TextField(choices=[('running', 'Running'), ('done', 'Done'), ('failed', 'Failed')], default='running')),
                ('digest', models.TextField()),
                ('columns', models.JSONField(default=dict)),
                ('read', models.BigIntegerField(db_default=0, default=0)),
                ('added', models.BigIntegerField(db_default=0, default=0)),
                ('repeated', models.BigIntegerField(db_default=0, default=0)),
                ('refused', models.BigIntegerField(db_default=0, default=0)),
                ('error', models.TextField(blank=True, db_default='', default='')),
                ('agent_id', models.BigIntegerField(null=True)),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), default=careline.kit.clock.now)),
                ('ended_at', models.DateTimeField(null=True)),
                ('source', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='tracking.source')),
            ],
        ),
        migrations.CreateModel(
            name='RefusedRow',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('row', models.BigIntegerField()),
                ('field', models.TextField(blank=True, db_default='', default='')),
                ('reason', models.TextField()),
                ('imported', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='tracking.import')),
            ],
        ),
        migrations.AddConstraint(
            model_name='import',
            constraint=models.CheckConstraint(condition=models.Q(('format__in', ['csv', 'jsonl', 'xes', 'parquet'])), name='import_format_is_known'),
        ),
        migrations.AddConstraint(
            model_name='import',
            constraint=models.CheckConstraint(condition=models.Q(('read', django.db.models.expressions.CombinedExpression(django.db.models.expressions.CombinedExpression(models.F('added'), '+', models.F('repeated')), '+', models.F('refused')))), name='import_adds_up'),
        ),
        migrations.AddConstraint(
            model_name='import',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('ended_at__isnull', False), ('state__in', ['done', 'failed'])), models.Q(models.Q(('state__in', ['done', 'failed']), _negated=True), ('ended_at__isnull', True)), _connector='OR'), name='import_is_dated_when_ended'),
        ),
        migrations.AddConstraint(
            model_name='refusedrow',
            constraint=models.UniqueConstraint(fields=('imported', 'row'), name='refused_row_once'),
        ),
    ]
