"""Ways of signing in beside a password: codes of an app, passkeys, company accounts, and the steps on the way in."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from careline.accounts.models.people import Agent, Role, Team
from careline.kit import clock


class Codes(models.Model):
    """An app that shows a code every half minute; until its first code was right it opens nothing."""

    agent = models.OneToOneField(Agent, on_delete=models.CASCADE, primary_key=True, related_name="codes")
    secret = models.BinaryField()  # sealed
    confirmed_at = models.DateTimeField(null=True)
    # The half minute of the last code that was taken: none is taken twice.
    last_step = models.BigIntegerField(default=0)

    objects: ClassVar[models.Manager[Codes]]


class RecoveryCode(models.Model):
    """Stands in once for a code of the app; only its digest is kept."""

    agent = models.ForeignKey(Agent, on_delete=models.CASCADE, related_name="recovery_codes")
    digest = models.CharField(max_length=64)
    used_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["agent", "digest"], name="recovery_code_is_once")]


class Passkey(models.Model):
    agent = models.ForeignKey(Agent, on_delete=models.CASCADE, related_name="passkeys")
    name = models.CharField(max_length=120)
    credential_id = models.BinaryField(max_length=1023, unique=True)
    credential = models.BinaryField()  # what WebAuthn calls attested credential data: its id and its public key
    counter = models.BigIntegerField(default=0)
    created_at = models.DateTimeField(default=clock.now)
    last_used_at = models.DateTimeField(null=True)


class Provider(models.Model):
    """Where company accounts come from: somebody's OpenID Connect."""

    name = models.CharField(max_length=120, unique=True)
    issuer = models.CharField(max_length=500, unique=True)
    client_id = models.CharField(max_length=300)
    secret = models.BinaryField()  # sealed
    groups_claim = models.CharField(max_length=120, default="groups")
    # Whether its word for an address is enough where it does not say that it has verified it.
    trusts_addresses = models.BooleanField(default=False)
    # Whoever comes and works here under no address joins with this role; without it they are refused.
    role = models.ForeignKey(Role, on_delete=models.PROTECT, null=True, related_name="+")
    is_active = models.BooleanField(default=True)


class ProviderGroup(models.Model):
    """What belonging to a group over there means here."""

    provider = models.ForeignKey(Provider, on_delete=models.CASCADE, related_name="groups")
    name = models.CharField(max_length=300)
    role = models.ForeignKey(Role, on_delete=models.PROTECT, null=True, related_name="+")
    team = models.ForeignKey(Team, on_delete=models.CASCADE, null=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["provider", "name"], name="group_is_once_at_a_provider"),
            models.CheckConstraint(
                name="group_means_something", condition=Q(role__isnull=False) | Q(team__isnull=False)
            ),
        ]


class CompanyAccount(models.Model):
    provider = models.ForeignKey(Provider, on_delete=models.CASCADE, related_name="accounts")
    subject = models.CharField(max_length=255)
    agent = models.ForeignKey(Agent, on_delete=models.CASCADE, related_name="company_accounts")
    created_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["provider", "subject"], name="company_account_is_one_agents")]


class SignInStep(models.Model):
    """Somebody on the way in, or adding a way: what was proved so far and what is being waited for."""

    class Kind(models.TextChoices):
        CODE = "code"  # the password was right; a code is waited for
        SECURE = "secure"  # the password was right; the role wants more, which has to be set up first
        PASSKEY = "passkey"  # a passkey was asked for
        COMPANY = "company"  # sent to the provider of their company account

    digest = models.CharField(max_length=64, primary_key=True)
    agent = models.ForeignKey(Agent, on_delete=models.CASCADE, null=True, related_name="+")
    kind = models.CharField(max_length=12, choices=Kind)
    facts = models.JSONField(default=dict)
    tries = models.SmallIntegerField(default=0)
    expires_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="sign_in_step_is_known", condition=Q(kind__in=["code", "secure", "passkey", "company"])
            ),
        ]
