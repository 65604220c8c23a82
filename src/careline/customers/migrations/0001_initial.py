"""People, their identities, traits, notes and typed attributes."""

import careline.kit.clock
import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.db.models.deletion
import django.db.models.functions.datetime
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='AttributeDefinition',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.TextField(unique=True)),
                ('label', models.TextField()),
                ('type', models.TextField(choices=[('text', 'Text'), ('number', 'Number'), ('date', 'Date'), ('boolean', 'Boolean'), ('choice', 'Choice')])),
                ('choices', django.contrib.postgres.fields.ArrayField(base_field=models.TextField(), blank=True, db_default=[], default=list, size=None)),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('choices__len__gt', 0), ('type', 'choice')), models.Q(models.Q(('type', 'choice'), _negated=True), ('choices', [])), _connector='OR'), name='attribute_offers_choices_when_it_is_a_choice')],
            },
        ),
        migrations.CreateModel(
            name='Person',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.TextField(blank=True, db_default='', default='')),
                ('search', models.TextField(blank=True, db_default='', default='')),
                ('language', models.TextField(blank=True, db_default='', default='')),
                ('zone', models.TextField(blank=True, db_default='', default='')),
                ('blocked_at', models.DateTimeField(null=True)),
                ('attributes', models.JSONField(db_default={}, default=dict)),
                ('scrap', django.contrib.postgres.fields.ArrayField(base_field=models.SmallIntegerField(), db_default=[], default=list, size=None)),
                ('first_seen_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), default=careline.kit.clock.now)),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), default=careline.kit.clock.now)),
                ('erased_at', models.DateTimeField(null=True)),
                ('canonical', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='joined', to='customers.person')),
            ],
        ),
        migrations.CreateModel(
            name='Note',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('agent_id', models.BigIntegerField(null=True)),
                ('body', models.TextField()),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), default=careline.kit.clock.now)),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='notes', to='customers.person')),
            ],
        ),
        migrations.CreateModel(
            name='Identity',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.TextField(choices=[('email', 'Email'), ('phone', 'Phone'), ('external', 'External'), ('visitor', 'Visitor')])),
                ('scope', models.TextField(blank=True, db_default='', default='')),
                ('value', models.TextField()),
                ('original', models.TextField()),
                ('verified', models.BooleanField(db_default=False, default=False)),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), default=careline.kit.clock.now)),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='identities', to='customers.person')),
            ],
        ),
        migrations.CreateModel(
            name='Trait',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.TextField()),
                ('value', models.JSONField()),
                ('at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), default=careline.kit.clock.now)),
                ('source', models.TextField(db_default='', default='')),
                ('person', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='traits', to='customers.person')),
            ],
        ),
        migrations.AddIndex(
            model_name='person',
            index=django.contrib.postgres.indexes.GinIndex(models.Func(models.Func(models.Func(models.Func(models.F('search'), models.Value(500), function='left'), models.Value(' '), function='string_to_array'), models.Value(''), function='array_remove'), function='array_to_tsvector'), name='person_by_name'),
        ),
        migrations.AddIndex(
            model_name='person',
            index=models.Index(condition=models.Q(('canonical__isnull', False)), fields=['canonical'], name='person_joined'),
        ),
        migrations.AddConstraint(
            model_name='person',
            constraint=models.CheckConstraint(condition=models.Q(('erased_at', None), models.Q(('attributes', {}), ('language', ''), ('name', ''), ('scrap', []), ('search', ''), ('zone', '')), _connector='OR'), name='person_is_a_bare_shell_when_erased'),
        ),
        migrations.AddConstraint(
            model_name='person',
            constraint=models.CheckConstraint(condition=models.Q(('scrap__contained_by', [-2, -1, 0, 1, 2]), ('scrap__len__lte', 8)), name='person_scrap_is_short_and_within_range'),
        ),
        migrations.AddConstraint(
            model_name='person',
            constraint=models.CheckConstraint(condition=models.Q(('canonical', None), models.Q(('canonical', models.F('id')), _negated=True), _connector='OR'), name='person_is_not_their_own_canonical'),
        ),
        migrations.AddIndex(
            model_name='identity',
            index=models.Index(fields=['value'], name='identity_by_value', opclasses=['text_pattern_ops']),
        ),
        migrations.AddConstraint(
            model_name='identity',
            constraint=models.UniqueConstraint(fields=('kind', 'scope', 'value'), name='identity_belongs_to_one_person'),
        ),
        migrations.AddConstraint(
            model_name='identity',
            constraint=models.CheckConstraint(condition=models.Q(('value', ''), _negated=True), name='identity_has_a_value'),
        ),
        migrations.AddConstraint(
            model_name='identity',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['email', 'phone', 'external', 'visitor'])), name='identity_is_of_a_known_kind'),
        ),
        migrations.AddConstraint(
            model_name='trait',
            constraint=models.UniqueConstraint(fields=('person', 'name'), name='trait_has_one_value'),
        ),
    ]
