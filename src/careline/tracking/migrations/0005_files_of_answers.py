from django.db import migrations, models
from django.db.models import Q

FORMATS = ['csv', 'jsonl', 'xes', 'parquet', 'answers']


class Migration(migrations.Migration):

    dependencies = [
        ('tracking', '0004_profiles'),
    ]

    operations = [
        migrations.RemoveConstraint(model_name='import', name='import_format_is_known'),
        migrations.RemoveConstraint(model_name='import', name='import_has_a_source_once_started'),
        migrations.AddConstraint(
            model_name='import',
            constraint=models.CheckConstraint(condition=Q(format__in=FORMATS), name='import_format_is_known'),
        ),
        migrations.AddConstraint(
            model_name='import',
            constraint=models.CheckConstraint(condition=Q(state='ready') | Q(source__isnull=False) | Q(columns__contains={'form': 'profiles'}) | Q(columns__contains={'form': 'answers'}), name='import_has_a_source_once_started'),
        ),
    ]
