"""Invitations: a link in a mail by which a colleague joins."""

from datetime import datetime

import msgspec
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from careline.accounts import audit, letters, reach, values
from careline.accounts.actions.agents import found_role, joined
from careline.accounts.actor import Actor
from careline.accounts.models import Agent, Invitation, TeamMember
from careline.kit import clock, contacts, mail, signing, text
from careline.kit.refusals import Conflicting, NotVisible


class Invited(msgspec.Struct):
    """`unsent` says why the mail did not leave; the link can then be handed over in another way."""

    id: int
    email: str
    link: str
    expires_at: datetime
    unsent: str | None = None


def invite(email: str, *, actor: Actor, role_id: int, name: str = "", team_id: int | None = None) -> Invited:
    actor.must("agents.manage")
    with transaction.atomic():
        role = found_role(role_id)
        reach.must_hold(role.permissions, actor=actor)
        reach.joining([] if team_id is None else [team_id], actor=actor)
        invitation = Invitation(
            email=contacts.email_key(email),
            name=text.clean(name, field="name", limit=200),
            role=role,
            team_id=team_id,
            invited_by_id=actor.agent_id,
        )
        _refuse_known(invitation.email)
        link = _renew(invitation)
        try:
            with transaction.atomic():
                invitation.save(force_insert=True)
        except IntegrityError:
            raise Conflicting(
                _("This address is already invited; send the mail again instead."), field="email"
            ) from None
        audit.record("invitation.made", f"invitation:{invitation.pk}", actor=actor, role_id=role.pk, team_id=team_id)
    return _sent(invitation, link, actor)


def resend_invitation(invitation_id: int, *, actor: Actor) -> Invited:
    """A new link for another week; the one mailed before no longer works."""
    actor.must("agents.manage")
    with transaction.atomic():
        invitation = _pending(invitation_id)
        reach.must_hold(invitation.role.permissions, actor=actor)
        link = _renew(invitation)
        invitation.save(update_fields=["digest", "expires_at"])
        audit.record("invitation.resent", f"invitation:{invitation.pk}", actor=actor)
    return _sent(invitation, link, actor)


@transaction.atomic
def revoke_invitation(invitation_id: int, *, actor: Actor) -> None:
    actor.must("agents.manage")
    _pending(invitation_id).delete()
    audit.record("invitation.revoked", f"invitation:{invitation_id}", actor=actor)


@transaction.atomic
def accept_invitation(key: str, *, name: str, password: str, language: str = "en", zone: str = "UTC") -> Agent:
    """The link's key makes the colleague an agent, once."""
    invitation = (
        Invitation.objects.select_for_update(of=("self",))
        .select_related("role")
        .filter(digest=signing.digest(key), accepted_at=None, expires_at__gt=clock.now())
        .first()
    )
    if invitation is None:
        raise NotVisible(_("This invitation is no longer valid; ask for a new one."))
    agent = joined(
        Agent(
            email=invitation.email,
            name=text.clean(name, field="name", limit=200, required=True),
            role=invitation.role,
            language=values.screen_language(language),
            zone=values.zone(zone),
            invited_at=invitation.created_at,
        ),
        password,
    )
    if invitation.team_id is not None:
        TeamMember.objects.create(team_id=invitation.team_id, agent=agent)
    invitation.accepted_at = clock.now()
    invitation.save(update_fields=["accepted_at"])
    audit.record("agent.joined", f"agent:{agent.pk}", actor=agent.as_actor(), invitation_id=invitation.pk)
    return agent


def _pending(invitation_id: int) -> Invitation:
    pending = Invitation.objects.select_for_update(of=("self",)).select_related("role")
    invitation = pending.filter(pk=invitation_id, accepted_at=None).first()
    if invitation is None:
        raise NotVisible(_("There is no such invitation."))
    return invitation


def _refuse_known(email: str) -> None:
    known = Agent.objects.filter(email=email).first()
    if known is not None and known.is_active:
        raise Conflicting(_("There is already an agent with this address."), field="email")
    if known is not None:
        raise Conflicting(_("The agent with this address is deactivated; reactivate them instead."), field="email")


def _renew(invitation: Invitation) -> str:
    key = letters.secret()
    invitation.digest = signing.digest(key)
    invitation.expires_at = clock.now() + letters.INVITATION_LASTS
    return letters.invitation_link(key)


def _sent(invitation: Invitation, link: str, actor: Actor) -> Invited:
    """After the commit: a mail server that is away must not undo the invitation, nor hold its locks."""
    invited = Invited(id=invitation.pk, email=invitation.email, link=link, expires_at=invitation.expires_at)
    try:
        letters.send_invitation(invitation, link, invited_by=actor.name)
    except mail.NotSent as error:
        invited.unsent = str(error)
    return invited
