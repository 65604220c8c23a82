"""The first tables of the room, the roles every installation begins with, and an audit trail that nobody can edit."""

import careline.kit.clock
import careline.kit.ids
import django.contrib.postgres.fields
import django.db.models.deletion
import django.db.models.functions.text
from django.conf import settings
from django.db import migrations, models


REFUSE_EDITING_THE_AUDIT = """
CREATE FUNCTION accounts_refuse_editing_the_audit() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'The audit log is only ever added to: % is refused.', TG_OP USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER audit_refuses_edits BEFORE UPDATE OR DELETE ON accounts_auditentry
  FOR EACH STATEMENT EXECUTE FUNCTION accounts_refuse_editing_the_audit();
CREATE TRIGGER audit_refuses_truncate BEFORE TRUNCATE ON accounts_auditentry
  FOR EACH STATEMENT EXECUTE FUNCTION accounts_refuse_editing_the_audit();
"""
ALLOW_EDITING_THE_AUDIT = """
DROP TRIGGER audit_refuses_truncate ON accounts_auditentry;
DROP TRIGGER audit_refuses_edits ON accounts_auditentry;
DROP FUNCTION accounts_refuse_editing_the_audit();
"""

WORK = [
    "conversations.view", "conversations.reply", "conversations.note", "conversations.assign", "conversations.close",
    "customers.view", "customers.edit",
]
ADMIN = [
    *WORK, "customers.export", "customers.erase", "inboxes.view_all", "inboxes.manage", "agents.manage", "teams.manage",
    "tokens.manage", "organization.manage", "audit.view", "reports.view",
]
ROLES = {
    "owner": [*ADMIN, "roles.manage"],
    "admin": ADMIN,
    "lead": [*WORK, "inboxes.view_all", "teams.manage", "reports.view"],
    "agent": WORK,
    "analyst": ["conversations.view", "customers.view", "inboxes.view_all", "reports.view"],
}


def insert_roles(apps, schema_editor):
    role = apps.get_model("accounts", "Role")
    for name, permissions in ROLES.items():
        role.objects.create(name=name, permissions=sorted(permissions), builtin=True)


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='Agent',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('password', models.CharField(max_length=128, verbose_name='password')),
                ('last_login', models.DateTimeField(blank=True, null=True, verbose_name='last login')),
                ('email', models.CharField(max_length=254, unique=True)),
                ('name', models.CharField(max_length=200)),
                ('language', models.CharField(default='en', max_length=12)),
                ('zone', models.CharField(default='UTC', max_length=64)),
                ('theme', models.CharField(choices=[('system', 'System'), ('light', 'Light'), ('dark', 'Dark')], default='system', max_length=12)),
                ('density', models.CharField(choices=[('comfortable', 'Comfortable'), ('compact', 'Compact')], default='comfortable', max_length=12)),
                ('is_active', models.BooleanField(default=True)),
                ('invited_at', models.DateTimeField(null=True)),
                ('joined_at', models.DateTimeField(default=careline.kit.clock.now)),
            ],
        ),
        migrations.CreateModel(
            name='Role',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=60, unique=True)),
                ('permissions', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=60), default=list, size=None)),
                ('builtin', models.BooleanField(default=False)),
            ],
        ),
        migrations.CreateModel(
            name='Team',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=120, unique=True)),
            ],
        ),
        migrations.CreateModel(
            name='AuditEntry',
            fields=[
                ('id', models.UUIDField(default=careline.kit.ids.uuid7, primary_key=True, serialize=False)),
                ('at', models.DateTimeField(default=careline.kit.clock.now)),
                ('actor_kind', models.CharField(max_length=12)),
                ('actor_id', models.BigIntegerField(null=True)),
                ('verb', models.CharField(max_length=60)),
                ('subject', models.CharField(max_length=80)),
                ('facts', models.JSONField(default=dict)),
            ],
            options={
                'indexes': [models.Index(fields=['subject', 'id'], name='audit_subject_id')],
            },
        ),
        migrations.CreateModel(
            name='Idempotency',
            fields=[
                ('pk', models.CompositePrimaryKey('token_id', 'key', blank=True, editable=False, primary_key=True, serialize=False)),
                ('token_id', models.BigIntegerField()),
                ('key', models.CharField(max_length=255)),
                ('body_digest', models.CharField(max_length=64)),
                ('status', models.SmallIntegerField()),
                ('answer', models.BinaryField()),
                ('created_at', models.DateTimeField(default=careline.kit.clock.now)),
            ],
            options={
                'indexes': [models.Index(fields=['created_at'], name='idempotency_created_at')],
            },
        ),
        migrations.CreateModel(
            name='Organization',
            fields=[
                ('id', models.SmallIntegerField(default=1, editable=False, primary_key=True, serialize=False)),
                ('name', models.CharField(max_length=200)),
                ('zone', models.CharField(default='UTC', max_length=64)),
                ('currency', models.CharField(default='USD', max_length=3)),
                ('country', models.CharField(default='US', max_length=2)),
                ('languages', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=12), default=list, size=None)),
                ('calendars', models.JSONField(default=dict)),
                ('created_at', models.DateTimeField(default=careline.kit.clock.now)),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('id', 1)), name='organization_is_the_only_one')],
            },
        ),
        migrations.CreateModel(
            name='PasswordReset',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('digest', models.CharField(max_length=64, unique=True)),
                ('created_at', models.DateTimeField(default=careline.kit.clock.now)),
                ('expires_at', models.DateTimeField()),
                ('used_at', models.DateTimeField(null=True)),
                ('agent', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='resets', to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.AddField(
            model_name='agent',
            name='role',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='agents', to='accounts.role'),
        ),
        migrations.CreateModel(
            name='Session',
            fields=[
                ('expire_date', models.DateTimeField(db_index=True, verbose_name='expire date')),
                ('session_key', models.CharField(max_length=64, primary_key=True, serialize=False)),
                ('session_data', models.TextField(default='')),
                ('user_agent', models.CharField(default='', max_length=400)),
                ('address', models.CharField(default='', max_length=45)),
                ('created_at', models.DateTimeField(default=careline.kit.clock.now)),
                ('seen_at', models.DateTimeField(default=careline.kit.clock.now)),
                ('agent', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='sessions', to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.CreateModel(
            name='SignInAttempt',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(max_length=64)),
                ('at', models.DateTimeField(default=careline.kit.clock.now)),
            ],
            options={
                'indexes': [models.Index(fields=['key', 'at'], name='attempt_key_at'), models.Index(fields=['at'], name='attempt_at')],
            },
        ),
        migrations.CreateModel(
            name='Invitation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('email', models.CharField(max_length=254)),
                ('name', models.CharField(default='', max_length=200)),
                ('digest', models.CharField(max_length=64, unique=True)),
                ('created_at', models.DateTimeField(default=careline.kit.clock.now)),
                ('expires_at', models.DateTimeField()),
                ('accepted_at', models.DateTimeField(null=True)),
                ('invited_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('role', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.role')),
                ('team', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='accounts.team')),
            ],
        ),
        migrations.CreateModel(
            name='TeamMember',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('agent', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='memberships', to=settings.AUTH_USER_MODEL)),
                ('team', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='members', to='accounts.team')),
            ],
        ),
        migrations.AddField(
            model_name='team',
            name='agents',
            field=models.ManyToManyField(related_name='teams', through='accounts.TeamMember', to=settings.AUTH_USER_MODEL),
        ),
        migrations.CreateModel(
            name='Token',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=120)),
                ('digest', models.CharField(max_length=64, unique=True)),
                ('prefix', models.CharField(max_length=12)),
                ('created_at', models.DateTimeField(default=careline.kit.clock.now)),
                ('last_used_at', models.DateTimeField(null=True)),
                ('revoked_at', models.DateTimeField(null=True)),
                ('agent', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='tokens', to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.AddConstraint(
            model_name='agent',
            constraint=models.UniqueConstraint(django.db.models.functions.text.Lower('email'), name='agent_email_is_unique_in_any_case'),
        ),
        migrations.AddConstraint(
            model_name='agent',
            constraint=models.CheckConstraint(condition=models.Q(('theme__in', ['system', 'light', 'dark'])), name='agent_theme_is_known'),
        ),
        migrations.AddConstraint(
            model_name='agent',
            constraint=models.CheckConstraint(condition=models.Q(('density__in', ['comfortable', 'compact'])), name='agent_density_is_known'),
        ),
        migrations.AddConstraint(
            model_name='invitation',
            constraint=models.UniqueConstraint(condition=models.Q(('accepted_at', None)), fields=('email',), name='address_is_invited_once_at_a_time'),
        ),
        migrations.AddConstraint(
            model_name='teammember',
            constraint=models.UniqueConstraint(fields=('team', 'agent'), name='agent_is_in_a_team_once'),
        ),
        migrations.RunSQL(REFUSE_EDITING_THE_AUDIT, ALLOW_EDITING_THE_AUDIT),
        migrations.RunPython(insert_roles, migrations.RunPython.noop),
    ]
