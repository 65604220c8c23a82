import careline.kit.clock
import django.db.models.deletion
import django.db.models.functions.datetime
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('customers', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Decision',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.TextField(unique=True)),
                ('purpose', models.TextField()),
                ('channel', models.TextField()),
                ('allowed', models.BooleanField()),
                ('reason', models.TextField(blank=True, default='')),
                ('at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), default=careline.kit.clock.now)),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='customers.person')),
            ],
            options={
                'indexes': [models.Index(fields=['person', '-at', '-id'], name='decision_of_person')],
                'constraints': [models.CheckConstraint(condition=models.Q(('allowed', True), models.Q(('reason', ''), _negated=True), _connector='OR'), name='decision_refusal_has_a_reason'), models.CheckConstraint(condition=models.Q(models.Q(('key', ''), _negated=True), models.Q(('purpose', ''), _negated=True), models.Q(('channel', ''), _negated=True)), name='decision_names_its_question'), models.UniqueConstraint(fields=('id', 'person', 'allowed'), name='decision_is_whole')],
            },
        ),
        migrations.CreateModel(
            name='Hold',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reason', models.TextField()),
                ('until', models.DateTimeField(null=True)),
                ('released_at', models.DateTimeField(null=True)),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), default=careline.kit.clock.now)),
                ('person', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='customers.person')),
            ],
            options={
                'indexes': [models.Index(fields=['person', '-created_at', '-id'], name='hold_of_person')],
                'constraints': [models.CheckConstraint(condition=models.Q(('reason', ''), _negated=True), name='hold_has_a_reason'), models.CheckConstraint(condition=models.Q(('until__isnull', True), ('until__gt', models.F('created_at')), _connector='OR'), name='hold_ends_after_it_begins')],
            },
        ),
    ]
