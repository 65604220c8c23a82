"""The line, partitioned by month, with cursors, parked touchpoints and seen keys."""

import careline.kit.clock
import careline.touchpoints.fields
import uuid
from django.db import migrations, models

# Django cannot write PARTITION BY. Two open ends instead of a default partition: no moment is ever refused for want of a
# month, and the planner still knows the partitions to be in order, so that a line is read newest first and left early.
PARTITIONED = """
CREATE TABLE touchpoints_touchpoint (
    id uuid NOT NULL,
    kind text NOT NULL,
    version smallint NOT NULL DEFAULT 1,
    person_id bigint,
    agent_id bigint,
    inbox_id bigint,
    actor_kind text NOT NULL,
    actor_id bigint,
    source text NOT NULL,
    journey text,
    occurred_at timestamptz NOT NULL,
    recorded_at timestamptz NOT NULL DEFAULT statement_timestamp(),
    facts jsonb NOT NULL,
    xid xid8 NOT NULL DEFAULT pg_current_xact_id(),
    PRIMARY KEY (occurred_at, id)
) PARTITION BY RANGE (occurred_at);
CREATE INDEX touchpoint_line ON touchpoints_touchpoint (person_id, occurred_at DESC, id DESC);
CREATE INDEX touchpoint_by_commit ON touchpoints_touchpoint (xid, id);
CREATE INDEX touchpoint_by_journey ON touchpoints_touchpoint (journey, occurred_at) WHERE journey IS NOT NULL;

CREATE FUNCTION touchpoints_stay_as_written() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF current_setting('careline.erasing', true) = 'on' THEN
        RETURN coalesce(NEW, OLD);
    END IF;
    RAISE EXCEPTION 'a touchpoint stays as it was written; only erasure may change it'
        USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER touchpoints_stay_as_written BEFORE UPDATE OR DELETE ON touchpoints_touchpoint
    FOR EACH ROW EXECUTE FUNCTION touchpoints_stay_as_written();

DO $$
DECLARE
    month timestamp := date_trunc('month', now() AT TIME ZONE 'UTC');
    past_the_last timestamp := month + interval '4 months';
BEGIN
    EXECUTE format('CREATE TABLE touchpoints_touchpoint_earlier PARTITION OF touchpoints_touchpoint
                    FOR VALUES FROM (MINVALUE) TO (%L)', month::text || '+00');
    EXECUTE format('CREATE TABLE touchpoints_touchpoint_later PARTITION OF touchpoints_touchpoint
                    FOR VALUES FROM (%L) TO (MAXVALUE)', past_the_last::text || '+00');
    WHILE month < past_the_last LOOP
        EXECUTE format('CREATE TABLE %I PARTITION OF touchpoints_touchpoint FOR VALUES FROM (%L) TO (%L)',
                       'touchpoints_touchpoint_' || to_char(month, 'YYYY_MM'),
                       month::text || '+00', (month + interval '1 month')::text || '+00');
        month := month + interval '1 month';
    END LOOP;
END $$;
"""
UNDONE = """
DROP TABLE touchpoints_touchpoint;
DROP FUNCTION touchpoints_stay_as_written();
"""


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='Cursor',
            fields=[
                ('subscriber', models.TextField(primary_key=True, serialize=False)),
                ('xid', careline.touchpoints.fields.TransactionId()),
                ('id', models.UUIDField(default=uuid.UUID('00000000-0000-0000-0000-000000000000'))),
                ('failures', models.PositiveSmallIntegerField(default=0)),
                ('retry_at', models.DateTimeField(null=True)),
                ('error', models.TextField(default='')),
            ],
        ),
        migrations.CreateModel(
            name='Seen',
            fields=[
                ('pk', models.CompositePrimaryKey('scope', 'key', blank=True, editable=False, primary_key=True, serialize=False)),
                ('scope', models.TextField()),
                ('key', models.TextField()),
                ('touchpoint_id', models.UUIDField()),
                ('recorded_at', models.DateTimeField(default=careline.kit.clock.now)),
            ],
        ),
        migrations.CreateModel(
            name='Parked',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('subscriber', models.TextField()),
                ('touchpoint_id', models.UUIDField()),
                ('occurred_at', models.DateTimeField()),
                ('error', models.TextField(default='')),
                ('at', models.DateTimeField(default=careline.kit.clock.now)),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('error', '')), fields=['subscriber', 'id'], name='parked_owed')],
                'constraints': [models.UniqueConstraint(fields=('subscriber', 'occurred_at', 'touchpoint_id'), name='parked_once')],
            },
        ),
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.RunSQL(PARTITIONED, reverse_sql=UNDONE)],
            state_operations=[
                migrations.CreateModel(
                    name='Touchpoint',
                    fields=[
                        ('pk', models.CompositePrimaryKey('occurred_at', 'id', blank=True, editable=False, primary_key=True, serialize=False)),
                        ('id', models.UUIDField()),
                        ('kind', models.TextField()),
                        ('version', models.SmallIntegerField(default=1)),
                        ('person_id', models.BigIntegerField(null=True)),
                        ('agent_id', models.BigIntegerField(null=True)),
                        ('inbox_id', models.BigIntegerField(null=True)),
                        ('actor_kind', models.TextField()),
                        ('actor_id', models.BigIntegerField(null=True)),
                        ('source', models.TextField()),
                        ('journey', models.TextField(null=True)),
                        ('occurred_at', models.DateTimeField()),
                        ('recorded_at', models.DateTimeField(default=careline.kit.clock.now)),
                        ('facts', models.JSONField(default=dict)),
                        ('xid', careline.touchpoints.fields.TransactionId(db_default=careline.touchpoints.fields.CurrentTransaction(), editable=False)),
                    ],
                    options={
                        'indexes': [models.Index(models.F('person_id'), models.OrderBy(models.F('occurred_at'), descending=True), models.OrderBy(models.F('id'), descending=True), name='touchpoint_line'), models.Index(fields=['xid', 'id'], name='touchpoint_by_commit'), models.Index(condition=models.Q(('journey__isnull', False)), fields=['journey', 'occurred_at'], name='touchpoint_by_journey')],
                    },
                ),
            ],
        ),
    ]
