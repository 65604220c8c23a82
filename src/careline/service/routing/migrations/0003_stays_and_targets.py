import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0006_who_leads_in_the_roles'),
        ('conversations', '0011_asked'),
        ('routing', '0002_due'),
    ]

    operations = [
        migrations.CreateModel(
            name='Stay',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('inbox_id', models.BigIntegerField()),
                ('since', models.DateTimeField()),
                ('ended_at', models.DateTimeField()),
                ('how', models.TextField(choices=[('taken', 'Taken'), ('given_up', 'Given Up'), ('elsewhere', 'Elsewhere')])),
                ('target_s', models.IntegerField()),
            ],
        ),
        migrations.AddField(
            model_name='queue',
            name='target_percent',
            field=models.SmallIntegerField(db_default=80, default=80),
        ),
        migrations.AddField(
            model_name='queue',
            name='target_s',
            field=models.IntegerField(db_default=120, default=120),
        ),
        migrations.AddConstraint(
            model_name='queue',
            constraint=models.CheckConstraint(condition=models.Q(('target_percent__gte', 1), ('target_percent__lte', 100), ('target_s__gte', 1)), name='queue_target_is_sensible'),
        ),
        migrations.AddField(
            model_name='stay',
            name='conversation',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='conversations.conversation'),
        ),
        migrations.AddField(
            model_name='stay',
            name='queue',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='routing.queue'),
        ),
        migrations.AddIndex(
            model_name='stay',
            index=models.Index(models.F('ended_at'), name='stay_by_end'),
        ),
        migrations.AddIndex(
            model_name='stay',
            index=models.Index(models.F('conversation'), name='stay_of_conversation'),
        ),
        migrations.AddIndex(
            model_name='stay',
            index=models.Index(models.F('queue'), models.F('ended_at'), name='stay_of_queue'),
        ),
        migrations.AddConstraint(
            model_name='stay',
            constraint=models.CheckConstraint(condition=models.Q(('how__in', ['taken', 'given_up', 'elsewhere'])), name='stay_ends_somehow'),
        ),
        migrations.AddConstraint(
            model_name='stay',
            constraint=models.CheckConstraint(condition=models.Q(('ended_at__gte', models.F('since'))), name='stay_ends_after_it_began'),
        ),
    ]
