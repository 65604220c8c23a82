"""What was learned from phrasings, and the language of each."""

import careline.kit.clock
import django.db.models.functions.datetime
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('intents', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Head',
            fields=[
                ('language', models.TextField(primary_key=True, serialize=False)),
                ('model_id', models.TextField()),
                ('content', models.BinaryField()),
                ('stamp', models.TextField()),
                ('n', models.IntegerField()),
                ('figures', models.JSONField()),
                ('took', models.FloatField()),
                ('fitted_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), default=careline.kit.clock.now)),
            ],
        ),
        migrations.AddField(
            model_name='phrasing',
            name='language',
            field=models.TextField(db_default='en', default='en'),
        ),
    ]
