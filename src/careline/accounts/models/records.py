"""What happened: the audit trail nobody can edit, and the answers kept for repeated requests."""

from django.db import models

from careline.kit import clock, ids


class AuditEntry(models.Model):
    """Triggers refuse UPDATE, DELETE and TRUNCATE. Holds ids only, so nothing in it ever needs erasing."""

    id = models.UUIDField(primary_key=True, default=ids.uuid7)
    at = models.DateTimeField(default=clock.now)
    actor_kind = models.CharField(max_length=12)
    actor_id = models.BigIntegerField(null=True)
    verb = models.CharField(max_length=60)
    subject = models.CharField(max_length=80)
    facts = models.JSONField(default=dict)

    class Meta:
        indexes = [models.Index(fields=["subject", "id"], name="audit_subject_id")]


class AuditSeal(models.Model):
    """One day of the log as it was when the day was over: `mark` is the house's, over it and the seal before."""

    day = models.DateField(primary_key=True)
    entries = models.IntegerField()
    digest = models.CharField(max_length=64)
    mark = models.CharField(max_length=64)
    # Its entries, or some of them, went by the retention that was set.
    aged = models.BooleanField(default=False)


class Idempotency(models.Model):
    pk = models.CompositePrimaryKey("token_id", "key")
    # No foreign key: tokens are revoked, never deleted, and the hot path would pay for the check.
    token_id = models.BigIntegerField()
    key = models.CharField(max_length=255)
    body_digest = models.CharField(max_length=64)
    status = models.SmallIntegerField()
    answer = models.BinaryField()
    created_at = models.DateTimeField(default=clock.now)

    class Meta:
        indexes = [models.Index(fields=["created_at"], name="idempotency_created_at")]
