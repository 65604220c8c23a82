"""The log of what language models were asked."""

import careline.kit.clock
import django.db.models.functions.datetime
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='Call',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), default=careline.kit.clock.now)),
                ('purpose', models.TextField()),
                ('model', models.TextField()),
                ('prompt', models.TextField()),
                ('passages', models.JSONField(db_default=[], default=list)),
                ('citations', models.JSONField(db_default=[], default=list)),
                ('hidden', models.IntegerField(db_default=0, default=0)),
                ('requests', models.IntegerField(db_default=0, default=0)),
                ('tokens', models.IntegerField(db_default=0, default=0)),
                ('took_ms', models.IntegerField(null=True)),
                ('verdict', models.TextField(blank=True, db_default='', default='')),
                ('trouble', models.TextField(blank=True, db_default='', default='')),
            ],
            options={
                'indexes': [models.Index(models.F('at'), name='call_by_day')],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('purpose', ''), _negated=True), models.Q(('prompt', ''), _negated=True)), name='call_has_a_purpose')],
            },
        ),
    ]
