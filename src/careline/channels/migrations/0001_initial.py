import careline.kit.clock
import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('contact', '0001_initial'),
        ('customers', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Inbox',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.TextField()),
                ('name', models.TextField()),
                ('key', models.TextField(unique=True)),
                ('secret', models.BinaryField()),
                ('settings', models.JSONField(blank=True, db_default={}, default=dict)),
                ('delivery', models.TextField(choices=[('pull', 'Pull'), ('push', 'Push')], default='pull')),
                ('language', models.TextField(default='en')),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), default=careline.kit.clock.now)),
                ('archived_at', models.DateTimeField(null=True)),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('name', ''), _negated=True), models.Q(('kind', ''), _negated=True), models.Q(('key', ''), _negated=True), models.Q(('language', ''), _negated=True)), name='inbox_is_named'), models.CheckConstraint(condition=models.Q(('delivery__in', ['pull', 'push'])), name='inbox_delivery_is_known')],
            },
        ),
        migrations.CreateModel(
            name='Inbound',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('external_key', models.TextField()),
                ('raw', models.BinaryField()),
                ('headers', models.JSONField(blank=True, db_default={}, default=dict)),
                ('received_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), default=careline.kit.clock.now)),
                ('state', models.TextField(choices=[('new', 'New'), ('taken', 'Taken'), ('failed', 'Failed')], db_default='new', default='new')),
                ('error', models.TextField(blank=True, db_default='', default='')),
                ('attempts', models.SmallIntegerField(db_default=0, default=0)),
                ('next_attempt_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), default=careline.kit.clock.now)),
                ('person', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='customers.person')),
                ('inbox', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='channels.inbox')),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('state', 'new')), fields=['next_attempt_at', 'id'], name='inbound_waiting'), models.Index(condition=models.Q(('state', 'failed')), fields=['inbox', '-id'], name='inbound_failed'), models.Index(condition=models.Q(('person__isnull', False)), fields=['person'], name='inbound_of_person')],
                'constraints': [models.UniqueConstraint(fields=('inbox', 'external_key'), name='inbound_is_once'), models.CheckConstraint(condition=models.Q(('state__in', ['new', 'taken', 'failed'])), name='inbound_state_is_known'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'failed'), _negated=True), models.Q(('error', ''), _negated=True), _connector='OR'), name='inbound_failure_has_a_reason')],
            },
        ),
        migrations.CreateModel(
            name='Membership',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), default=careline.kit.clock.now)),
                ('agent', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('inbox', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='memberships', to='channels.inbox')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('agent', 'inbox'), name='membership_is_once')],
            },
        ),
        migrations.CreateModel(
            name='Outbox',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('message_id', models.UUIDField(null=True)),
                ('message_kind', models.TextField(null=True)),
                ('decision_allowed', models.BooleanField(null=True)),
                ('recipient', models.TextField(blank=True, db_default='', default='')),
                ('payload', models.JSONField()),
                ('state', models.TextField(choices=[('queued', 'Queued'), ('sending', 'Sending'), ('sent', 'Sent'), ('failed', 'Failed'), ('delivered', 'Delivered'), ('read', 'Read'), ('played', 'Played')], db_default='queued', default='queued')),
                ('attempts', models.SmallIntegerField(db_default=0, default=0)),
                ('next_attempt_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), default=careline.kit.clock.now)),
                ('error', models.TextField(blank=True, db_default='', default='')),
                ('external_id', models.TextField(null=True)),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), default=careline.kit.clock.now)),
                ('updated_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), default=careline.kit.clock.now)),
                ('decision', models.ForeignKey(db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='contact.decision')),
                ('inbox', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='channels.inbox')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='customers.person')),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('state__in', ['queued', 'sending'])), fields=['next_attempt_at', 'id'], name='outbox_due'), models.Index(condition=models.Q(('state__in', ['queued', 'sending'])), fields=['inbox', 'person', 'id'], name='outbox_of_person'), models.Index(condition=models.Q(('state', 'failed')), fields=['inbox', '-id'], name='outbox_failed')],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('decision__isnull', True), ('decision_allowed__isnull', True), ('message_id__isnull', False), ('message_kind', 'reply'), ('message_kind__isnull', False)), models.Q(('decision__isnull', False), ('decision_allowed', True), ('decision_allowed__isnull', False), ('message_id__isnull', True), ('message_kind__isnull', True)), _connector='OR'), name='outbox_has_one_authority'), models.CheckConstraint(condition=models.Q(('state__in', ['queued', 'sending', 'sent', 'failed', 'delivered', 'read', 'played'])), name='outbox_state_is_known'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'failed'), _negated=True), models.Q(('error', ''), _negated=True), _connector='OR'), name='outbox_failure_has_a_reason'), models.UniqueConstraint(fields=('message_id',), name='outbox_sends_a_message_once'), models.UniqueConstraint(fields=('decision',), name='outbox_sends_a_decision_once'), models.UniqueConstraint(condition=models.Q(('external_id__isnull', False)), fields=('inbox', 'external_id'), name='outbox_external_id_is_once')],
            },
        ),
        migrations.CreateModel(
            name='ParkedStatus',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('external_id', models.TextField()),
                ('status', models.TextField()),
                ('reason', models.TextField(blank=True, db_default='', default='')),
                ('at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), default=careline.kit.clock.now)),
                ('inbox', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='channels.inbox')),
            ],
            options={
                'indexes': [models.Index(fields=['at'], name='parked_status_at')],
                'constraints': [models.UniqueConstraint(fields=('inbox', 'external_id', 'status'), name='parked_status_is_once'), models.CheckConstraint(condition=models.Q(('status__in', ['sent', 'failed', 'delivered', 'read', 'played'])), name='parked_status_is_known')],
            },
        ),
        # A decision sends only when it was allowed, and only to the person it was about.
        migrations.RunSQL(
            """
            ALTER TABLE channels_outbox ADD CONSTRAINT outbox_decision_is_allowed
              FOREIGN KEY (decision_id, person_id, decision_allowed)
              REFERENCES contact_decision (id, person_id, allowed)
            """,
            "ALTER TABLE channels_outbox DROP CONSTRAINT outbox_decision_is_allowed",
        ),
    ]
