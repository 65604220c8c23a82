"""The first tables of the room; what was published stays as it was."""

import careline.kit.clock
import django.contrib.postgres.fields
import django.db.models.deletion
import django.db.models.functions.datetime
from django.db import migrations, models


REFUSE_EDITING = """
CREATE FUNCTION surveys_keep_what_was_published() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'A published version of a survey never changes: % is refused.', TG_OP
    USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER version_refuses_edits BEFORE UPDATE ON surveys_version
  FOR EACH STATEMENT EXECUTE FUNCTION surveys_keep_what_was_published();
"""
ALLOW_EDITING = """
DROP TRIGGER version_refuses_edits ON surveys_version;
DROP FUNCTION surveys_keep_what_was_published();
"""


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('customers', '0010_computed_traits'),
    ]

    operations = [
        migrations.CreateModel(
            name='Survey',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.TextField(unique=True)),
                ('name', models.TextField()),
                ('state', models.TextField(choices=[('draft', 'Draft'), ('live', 'Live'), ('closed', 'Closed')], db_default='draft', default='draft')),
                ('draft', models.JSONField(default=dict)),
                ('revision', models.PositiveIntegerField(db_default=1, default=1)),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), default=careline.kit.clock.now)),
                ('changed_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), default=careline.kit.clock.now)),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('code', ''), _negated=True), models.Q(('name', ''), _negated=True), ('state__in', ['draft', 'live', 'closed'])), name='survey_is_named_and_in_a_known_state')],
            },
        ),
        migrations.CreateModel(
            name='Version',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveIntegerField()),
                ('content', models.JSONField()),
                ('published_by', models.BigIntegerField(null=True)),
                ('published_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), default=careline.kit.clock.now)),
                ('survey', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='versions', to='surveys.survey')),
            ],
        ),
        migrations.CreateModel(
            name='Response',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('state', models.TextField(choices=[('invited', 'Invited'), ('partial', 'Partial'), ('complete', 'Complete'), ('surplus', 'Surplus')])),
                ('answers', models.JSONField(db_default={}, default=dict)),
                ('fields', models.JSONField(db_default={}, default=dict)),
                ('language', models.TextField(blank=True, db_default='', default='')),
                ('channel', models.TextField(db_default='page', default='page')),
                ('conversation', models.BigIntegerField(null=True)),
                ('inbox_id', models.BigIntegerField(null=True)),
                ('is_test', models.BooleanField(db_default=False, default=False)),
                ('anonymous', models.BooleanField(db_default=False, default=False)),
                ('once', models.TextField(null=True)),
                ('stands_at', models.TextField(blank=True, db_default='', default='')),
                ('told', django.contrib.postgres.fields.ArrayField(base_field=models.TextField(), db_default=models.Value('{}'), default=list, size=None)),
                ('invited_at', models.DateTimeField(null=True)),
                ('started_at', models.DateTimeField(null=True)),
                ('touched_at', models.DateTimeField(null=True)),
                ('completed_at', models.DateTimeField(null=True)),
                ('settled_at', models.DateTimeField(null=True)),
                ('person', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='customers.person')),
                ('survey', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='responses', to='surveys.survey')),
                ('version', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='responses', to='surveys.version')),
            ],
        ),
        migrations.AddConstraint(
            model_name='version',
            constraint=models.UniqueConstraint(fields=('survey', 'number'), name='version_is_numbered_once'),
        ),
        migrations.AddIndex(
            model_name='response',
            index=models.Index(fields=['survey', '-id'], name='response_newest'),
        ),
        migrations.AddIndex(
            model_name='response',
            index=models.Index(condition=models.Q(('person__isnull', False)), fields=['person'], name='response_of_person'),
        ),
        migrations.AddIndex(
            model_name='response',
            index=models.Index(condition=models.Q(('is_test', False), ('settled_at', None), ('state', 'partial')), fields=['touched_at'], name='response_left_alone'),
        ),
        migrations.AddConstraint(
            model_name='response',
            constraint=models.UniqueConstraint(fields=('survey', 'once'), name='response_is_given_once'),
        ),
        migrations.AddConstraint(
            model_name='response',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('completed_at', None), ('invited_at__isnull', False), ('started_at', None), ('state', 'invited')), models.Q(('completed_at', None), ('started_at__isnull', False), ('state', 'partial')), models.Q(('completed_at__isnull', False), ('started_at__isnull', False), ('state__in', ['complete', 'surplus'])), _connector='OR'), name='response_is_dated_as_far_as_it_came'),
        ),
        migrations.AddConstraint(
            model_name='response',
            constraint=models.CheckConstraint(condition=models.Q(('version__isnull', False), ('is_test', True), _connector='OR'), name='response_has_a_version_or_is_a_trial'),
        ),
        migrations.AddConstraint(
            model_name='response',
            constraint=models.CheckConstraint(condition=models.Q(('is_test', False), ('told', []), _connector='OR'), name='response_of_a_trial_is_told_nobody'),
        ),
        migrations.AddConstraint(
            model_name='response',
            constraint=models.CheckConstraint(condition=models.Q(('anonymous', False), models.Q(('conversation', None), ('fields', {}), ('inbox_id', None), ('person', None)), _connector='OR'), name='response_without_a_name_leads_to_nobody'),
        ),
        migrations.RunSQL(REFUSE_EDITING, reverse_sql=ALLOW_EDITING),
    ]
