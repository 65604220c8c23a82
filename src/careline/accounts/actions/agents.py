"""Agents: how they join, what they may do, what they like, and how they leave."""

from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from careline.accounts import audit, reach, sessions, values
from careline.accounts.actor import Actor
from careline.accounts.models import Agent, Role, TeamMember, Token
from careline.kit import clock, contacts, text
from careline.kit.refusals import Conflicting, NotVisible

SIGNATURE_LIMIT = 2_000


def joined(agent: Agent, password: str) -> Agent:
    """Save a new agent with a password that was found good enough. A part of several verbs, which write the audit."""
    agent.set_password(values.password(password, agent))
    try:
        with transaction.atomic():
            agent.save(force_insert=True)
    except IntegrityError:
        raise Conflicting(_("There is already an agent with this address."), field="email") from None
    return agent


@transaction.atomic
def add_agent(
    email: str,
    *,
    actor: Actor,
    name: str,
    role_id: int,
    password: str,
    team_ids: list[int] | None = None,
    language: str = "en",
    zone: str = "UTC",
) -> Agent:
    """Without an invitation, by whoever runs the installation; the password is already known to the agent."""
    actor.must("agents.manage")
    role = found_role(role_id)
    reach.must_hold(role.permissions, actor=actor)
    agent = joined(
        Agent(
            email=contacts.email_key(email),
            name=text.clean(name, field="name", limit=200, required=True),
            role=role,
            language=values.screen_language(language),
            zone=values.zone(zone),
        ),
        password,
    )
    teams = reach.joining(team_ids or [], actor=actor)
    TeamMember.objects.bulk_create(TeamMember(team=team, agent=agent) for team in teams)
    audit.record("agent.added", f"agent:{agent.pk}", actor=actor, role_id=role.pk)
    return agent


@transaction.atomic
def change_role(agent_id: int, *, actor: Actor, role_id: int) -> Agent:
    actor.must("agents.manage")
    owner = _owner_role()
    agent, role = _locked(agent_id, actor=actor), found_role(role_id)
    reach.must_hold({*agent.role.permissions, *role.permissions}, actor=actor)
    if role.pk != owner.pk:
        _refuse_last_owner(agent)
    if agent.role_id != role.pk:
        was = agent.role_id
        agent.role = role
        agent.save(update_fields=["role"])
        reach.changed()
        audit.record("agent.role-changed", f"agent:{agent.pk}", actor=actor, was=was, role_id=role.pk)
    return agent


@transaction.atomic
def deactivate(agent_id: int, *, actor: Actor) -> Agent:
    """The agent can no longer get in by any way; what they did stays under their name."""
    actor.must("agents.manage")
    _owner_role()
    agent = _locked(agent_id, actor=actor)
    reach.must_hold(agent.role.permissions, actor=actor)
    _refuse_last_owner(agent)
    if agent.is_active:
        agent.is_active = False
        agent.save(update_fields=["is_active"])
        ended = sessions.end_sessions(agent.pk)
        revoked = Token.objects.filter(agent=agent, revoked_at=None).update(revoked_at=clock.now())
        agent.resets.filter(used_at=None).update(used_at=clock.now())
        audit.record("agent.deactivated", f"agent:{agent.pk}", actor=actor, sessions=ended, tokens=revoked)
    return agent


@transaction.atomic
def reactivate(agent_id: int, *, actor: Actor) -> Agent:
    """Signing in works again; sessions and tokens that ended stay ended."""
    actor.must("agents.manage")
    agent = _locked(agent_id, actor=actor)
    reach.must_hold(agent.role.permissions, actor=actor)
    if not agent.is_active:
        agent.is_active = True
        agent.save(update_fields=["is_active"])
        audit.record("agent.reactivated", f"agent:{agent.pk}", actor=actor)
    return agent


@transaction.atomic
def update_profile(
    agent_id: int,
    *,
    actor: Actor,
    name: str | None = None,
    language: str | None = None,
    zone: str | None = None,
    theme: str | None = None,
    density: str | None = None,
    signature: str | None = None,
) -> Agent:
    """One's own, or a colleague's by whoever manages agents. Only what is given changes."""
    reach.oneself_or("agents.manage", agent_id, actor=actor)
    agent = _locked(agent_id, actor=actor)
    if actor.agent_id != agent_id:
        reach.must_hold(agent.role.permissions, actor=actor)
    changes: dict[str, Any] = {}
    if name is not None:
        changes["name"] = text.clean(name, field="name", limit=200, required=True)
    if language is not None:
        changes["language"] = values.screen_language(language)
    if zone is not None:
        changes["zone"] = values.zone(zone)
    if theme is not None:
        changes["theme"] = values.choice(theme, Agent.Theme.values, field="theme")
    if density is not None:
        changes["density"] = values.choice(density, Agent.Density.values, field="density")
    if signature is not None:
        lines = signature.replace("\r\n", "\n").strip()
        changes["signature"] = text.clean(lines, field="signature", limit=SIGNATURE_LIMIT)
    changes = {field: value for field, value in changes.items() if value != getattr(agent, field)}
    for field, value in changes.items():
        setattr(agent, field, value)
    if changes:
        agent.save(update_fields=list(changes))
        audit.record("agent.updated", f"agent:{agent.pk}", actor=actor, fields=sorted(changes))
    return agent


def found_role(role_id: int) -> Role:
    role = Role.objects.filter(pk=role_id).first()
    if role is None:
        raise NotVisible(_("There is no such role."), field="role_id")
    return role


def _locked(agent_id: int, *, actor: Actor) -> Agent:
    visible = Agent.objects.visible_to(actor).select_for_update(of=("self",)).select_related("role")
    agent = visible.filter(pk=agent_id).first()
    if agent is None:
        raise NotVisible(_("There is no such agent."))
    return agent


def _owner_role() -> Role:
    """Locked first by whoever could remove an owner, so that two cannot each believe that the other one stays."""
    return Role.objects.select_for_update(no_key=True).get(builtin=True, name="owner")


def is_last_owner(agent: Agent) -> bool:
    owner = _owner_role()
    return agent.role_id == owner.pk and agent.is_active and not Agent.objects.owners().exclude(pk=agent.pk).exists()


def _refuse_last_owner(agent: Agent) -> None:
    if is_last_owner(agent):
        raise Conflicting(_("%(name)s is the last owner; make someone else owner first.") % {"name": agent.name})
