"""Intents and their phrasings."""

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
            name='Intent',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.TextField(unique=True)),
                ('name', models.TextField()),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('code', ''), _negated=True), models.Q(('name', ''), _negated=True)), name='intent_has_a_name')],
            },
        ),
        migrations.CreateModel(
            name='Phrasing',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('text', models.TextField()),
                ('folded', models.TextField()),
                ('added_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), default=careline.kit.clock.now)),
                ('intent', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='phrasings', to='intents.intent')),
            ],
            options={
                'constraints': [models.UniqueConstraint(models.F('intent'), models.F('folded'), name='intent_is_phrased_so_once'), models.CheckConstraint(condition=models.Q(('folded', ''), _negated=True), name='phrasing_has_words')],
            },
        ),
    ]
