from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('insights', '0004_weighing'),
    ]

    operations = [
        migrations.CreateModel(
            name='Minute',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField()),
                ('queue_id', models.BigIntegerField(db_default=0, default=0)),
                ('inbox_id', models.BigIntegerField(db_default=0, default=0)),
                ('waiting', models.IntegerField(db_default=0, default=0)),
                ('longest_s', models.IntegerField(db_default=0, default=0)),
                ('arrived', models.IntegerField(db_default=0, default=0)),
                ('ready', models.IntegerField(db_default=0, default=0)),
            ],
            options={
                'indexes': [models.Index(fields=['at'], name='minute_by_time')],
                'constraints': [models.UniqueConstraint(fields=('queue_id', 'inbox_id', 'at'), name='minute_is_kept_once'), models.CheckConstraint(condition=models.Q(('arrived__gte', 0), ('longest_s__gte', 0), ('ready__gte', 0), ('waiting__gte', 0)), name='minute_counts_are_counts')],
            },
        ),
    ]
