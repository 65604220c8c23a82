"""Agents, the teams they work in and the roles that say what they may do."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Self

from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower

from careline.accounts import proofs
from careline.accounts.actor import Actor
from careline.kit import clock


def _works_here(actor: Actor) -> bool:
    """Who works here, and with what, is nothing for customers."""
    return actor.kind != "customer"


class RoleQuerySet(models.QuerySet["Role"]):
    def visible_to(self, actor: Actor) -> Self:
        return self if _works_here(actor) else self.none()


class Role(models.Model):
    name = models.CharField(max_length=60, unique=True)
    permissions = ArrayField(models.CharField(max_length=60), default=list)
    builtin = models.BooleanField(default=False)
    # Inboxes and teams it ends at, networks it may be used from, and by what its people prove who they are
    # (accounts/proofs.py); NULL means that it ends nowhere. Inboxes have no foreign key: they belong to a room above,
    # and are archived, never deleted.
    only_inboxes = ArrayField(models.BigIntegerField(), null=True)
    only_teams = ArrayField(models.BigIntegerField(), null=True)
    # Whether whoever's role ends at some teams sees the conversations no team has, beside those of the teams.
    teamless = models.BooleanField(default=False, db_default=False)
    only_networks = ArrayField(models.CharField(max_length=49), null=True)
    only_proofs = ArrayField(models.CharField(max_length=12), null=True)

    objects = RoleQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="role_accepts_a_proof",
                condition=Q(only_proofs=None)
                | Q(only_proofs__len__gt=0, only_proofs__contained_by=list(proofs.PROOFS)),
            ),
            # It could write itself a role that ends nowhere.
            models.CheckConstraint(
                name="role_that_writes_roles_ends_nowhere",
                condition=~Q(permissions__contains=["roles.manage"]) | Q(only_inboxes=None, only_teams=None),
            ),
        ]


class AgentQuerySet(models.QuerySet["Agent"]):
    def visible_to(self, actor: Actor) -> Self:
        if not _works_here(actor):
            return self.none()
        found = self if actor.may("agents.manage") else self.active()
        if actor.team_ids is None:
            return found
        return found.filter(Q(pk=actor.agent_id) | Q(pk__in=TeamMember.objects.of(actor.team_ids)))

    def active(self) -> Self:
        return self.filter(is_active=True)

    def owners(self) -> Self:
        return self.active().filter(role__builtin=True, role__name="owner")


class Agent(AbstractBaseUser):
    class Theme(models.TextChoices):
        SYSTEM = "system"
        LIGHT = "light"
        DARK = "dark"

    class Density(models.TextChoices):
        COMFORTABLE = "comfortable"
        COMPACT = "compact"

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    email = models.CharField(max_length=254, unique=True)
    name = models.CharField(max_length=200)
    role = models.ForeignKey(Role, on_delete=models.PROTECT, related_name="agents")
    language = models.CharField(max_length=12, default="en")
    zone = models.CharField(max_length=64, default="UTC")
    theme = models.CharField(max_length=12, choices=Theme.choices, default=Theme.SYSTEM)
    density = models.CharField(max_length=12, choices=Density.choices, default=Density.COMFORTABLE)
    # Below what they write by mail, where the mailbox places it or has none of its own.
    signature = models.TextField(default="", db_default="", blank=True)
    is_active = models.BooleanField(default=True)
    invited_at = models.DateTimeField(null=True)
    joined_at = models.DateTimeField(default=clock.now)

    objects = AgentQuerySet.as_manager()  # passwords are set by actions, there is no create_user

    class Meta:
        constraints = [
            models.UniqueConstraint(Lower("email"), name="agent_email_is_unique_in_any_case"),
            models.CheckConstraint(name="agent_theme_is_known", condition=Q(theme__in=["system", "light", "dark"])),
            models.CheckConstraint(name="agent_density_is_known", condition=Q(density__in=["comfortable", "compact"])),
        ]

    @property
    def has_codes(self) -> bool:
        """Whether an app shows codes for them, and its first one was right."""
        codes = getattr(self, "codes", None)
        return codes is not None and codes.confirmed_at is not None

    def as_actor(self, inbox_ids: Iterable[int] = ()) -> Actor:
        whole = self.role.only_teams is None
        return Actor(
            kind="agent",
            id=self.pk,
            name=self.name,
            agent_id=self.pk,
            permissions=frozenset(self.role.permissions),
            inbox_ids=tuple(inbox_ids) if whole else (),
            team_inbox_ids=() if whole else tuple(inbox_ids),
            team_ids=None if self.role.only_teams is None else tuple(self.role.only_teams),
            teamless=self.role.teamless,
            language=self.language,
            zone=self.zone,
        )


class TeamQuerySet(models.QuerySet["Team"]):
    def visible_to(self, actor: Actor) -> Self:
        if not _works_here(actor):
            return self.none()
        return self if actor.team_ids is None else self.filter(pk__in=actor.team_ids)


class Team(models.Model):
    name = models.CharField(max_length=120, unique=True)
    agents = models.ManyToManyField(Agent, through="TeamMember", related_name="teams")

    objects = TeamQuerySet.as_manager()


class TeamMemberQuerySet(models.QuerySet["TeamMember"]):
    def of(self, team_ids: Iterable[int]) -> models.QuerySet[TeamMember, int]:
        """The numbers of the agents in these teams."""
        return self.filter(team__in=list(team_ids)).values_list("agent_id", flat=True)


class TeamMember(models.Model):
    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="members")
    agent = models.ForeignKey(Agent, on_delete=models.CASCADE, related_name="memberships")

    objects = TeamMemberQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["team", "agent"], name="agent_is_in_a_team_once")]
