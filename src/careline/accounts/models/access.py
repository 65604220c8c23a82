"""How people and programs get in: sessions, tokens, invitations, resets. Secrets stand here only as digests."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.sessions.backends.base import SessionBase
from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models
from django.db.models import Q
from django.utils.module_loading import import_string
from typing_extensions import override

from careline.accounts.models.people import Agent, Role, Team
from careline.kit import clock


class Session(AbstractBaseSession):
    # The digest of the key in the cookie: who reads the table gains no session.
    session_key = models.CharField(max_length=64, primary_key=True)
    session_data = models.TextField(default="")
    agent = models.ForeignKey(Agent, on_delete=models.CASCADE, null=True, related_name="sessions")
    user_agent = models.CharField(max_length=400, default="")
    address = models.CharField(max_length=45, default="")
    created_at = models.DateTimeField(default=clock.now)
    seen_at = models.DateTimeField(default=clock.now)
    # By what its agent proved who they are: accounts/proofs.py.
    proof = models.CharField(max_length=12, default="password", db_default="password")
    # When it ends however busy it is; `expire_date` comes earlier where nobody is there. NULL: at `expire_date`.
    ends_at = models.DateTimeField(null=True)

    objects: ClassVar[models.Manager[Session]] = models.Manager()  # type: ignore[assignment]

    class Meta:
        pass

    @classmethod
    @override
    def get_session_store_class(cls) -> type[SessionBase]:
        return import_string(f"{settings.SESSION_ENGINE}.SessionStore")  # type: ignore[no-any-return]


class Token(models.Model):
    agent = models.ForeignKey(Agent, on_delete=models.CASCADE, related_name="tokens")
    name = models.CharField(max_length=120)
    digest = models.CharField(max_length=64, unique=True)
    prefix = models.CharField(max_length=12)  # the first characters of the secret, to tell tokens apart in a list
    created_at = models.DateTimeField(default=clock.now)
    last_used_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField(null=True)
    # The part of its agent's permissions that it has; NULL: all of them.
    permissions = ArrayField(models.CharField(max_length=60), null=True)


class Invitation(models.Model):
    email = models.CharField(max_length=254)
    name = models.CharField(max_length=200, default="")
    role = models.ForeignKey(Role, on_delete=models.PROTECT, related_name="+")
    team = models.ForeignKey(Team, on_delete=models.SET_NULL, null=True, related_name="+")
    digest = models.CharField(max_length=64, unique=True)
    invited_by = models.ForeignKey(Agent, on_delete=models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(default=clock.now)
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["email"], condition=Q(accepted_at=None), name="address_is_invited_once_at_a_time"
            )
        ]


class PasswordReset(models.Model):
    agent = models.ForeignKey(Agent, on_delete=models.CASCADE, related_name="resets")
    digest = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField(default=clock.now)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)


class SignInAttempt(models.Model):
    key = models.CharField(max_length=64)  # a digest of who tried from where, so the table names nobody
    at = models.DateTimeField(default=clock.now)

    class Meta:
        indexes = [
            models.Index(fields=["key", "at"], name="attempt_key_at"),
            models.Index(fields=["at"], name="attempt_at"),
        ]
