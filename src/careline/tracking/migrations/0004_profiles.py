from django.db import migrations, models
from django.db.models import F, Q


class Migration(migrations.Migration):

    dependencies = [
        ('tracking', '0003_uploaded_imports'),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='import',
            name='import_adds_up',
        ),
        migrations.RemoveConstraint(
            model_name='import',
            name='import_has_a_source_once_started',
        ),
        migrations.AddField(
            model_name='import',
            name='superseded',
            field=models.BigIntegerField(db_default=0, default=0),
        ),
        migrations.AddField(
            model_name='import',
            name='made',
            field=models.BigIntegerField(db_default=0, default=0),
        ),
        migrations.AddConstraint(
            model_name='import',
            constraint=models.CheckConstraint(condition=Q(read=F('added') + F('repeated') + F('refused') + F('superseded')), name='import_adds_up'),
        ),
        migrations.AddConstraint(
            model_name='import',
            constraint=models.CheckConstraint(condition=Q(state='ready') | Q(source__isnull=False) | Q(columns__contains={'form': 'profiles'}), name='import_has_a_source_once_started'),
        ),
    ]
