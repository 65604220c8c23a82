import careline.kit.clock
import django.contrib.postgres.fields
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('insights', '0003_reports'),
    ]

    operations = [
        migrations.CreateModel(
            name='Weighing',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField(default=careline.kit.clock.now)),
                ('way', models.CharField(choices=[('alike', 'Alike'), ('answers', 'Answers')], max_length=8)),
                ('weights', django.contrib.postgres.fields.ArrayField(base_field=models.PositiveIntegerField(), size=4)),
                ('n', models.PositiveIntegerField(null=True)),
                ('agent_id', models.BigIntegerField(null=True)),
            ],
        ),
    ]
