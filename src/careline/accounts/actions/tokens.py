"""API tokens: a program acts as an agent, with what the agent's role allows."""

import secrets
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from careline.accounts import audit, reach
from careline.accounts.actor import Actor
from careline.accounts.models import Agent, Organization, Token
from careline.kit import clock, signing, text
from careline.kit.refusals import Conflicting, NotAllowed, NotVisible, Refused

USED_EVERY = timedelta(minutes=1)
LONGEST_DAYS = 3650


@transaction.atomic
def create_token(
    agent_id: int,
    *,
    actor: Actor,
    name: str,
    secret: str | None = None,
    days: int | None = None,
    permissions: Iterable[str] | None = None,
) -> tuple[Token, str]:
    """The token and its secret, which is shown this once. Only the system itself may bring a secret.

    It lives so many `days`, by the house's policy at most; `permissions` are the part of the agent's that it has.
    """
    actor.must("tokens.manage")
    if secret is not None and actor.kind != "system":
        raise NotAllowed(_("The secret of a token is made by Careline."))
    visible = Agent.objects.visible_to(actor).select_for_update(of=("self",)).select_related("role")
    agent = visible.filter(pk=agent_id).first()
    if agent is None:
        raise NotVisible(_("There is no such agent."))
    if not agent.is_active:
        raise Conflicting(_("%(name)s is deactivated.") % {"name": agent.name})
    scopes = None if permissions is None else reach.known(permissions)
    # A token of a stronger colleague would be a way to become them.
    reach.must_hold(agent.role.permissions if scopes is None else scopes, actor=actor)
    secret = secret or f"cl_{secrets.token_urlsafe(32)}"
    token = Token.objects.create(
        agent=agent,
        name=text.clean(name, field="name", limit=120, required=True),
        digest=signing.digest(secret),
        prefix=secret[:9],
        expires_at=_end(days, actor),
        permissions=scopes,
    )
    audit.record("token.created", f"token:{token.pk}", actor=actor, agent_id=agent.pk)
    return token, secret


def _end(days: int | None, actor: Actor) -> datetime | None:
    """The programs of the house itself are not bound by its policy for others."""
    if days is not None and not 1 <= days <= LONGEST_DAYS:
        raise Refused(_("A token lives for 1 to %(days)s days.") % {"days": LONGEST_DAYS}, field="days")
    most = Organization.objects.values_list("token_days", flat=True).first()
    if most is not None and actor.kind != "system":
        if days is not None and days > most:
            raise Refused(_("A token lives for %(days)s days at most here.") % {"days": most}, field="days")
        days = days or most
    return None if days is None else clock.now() + timedelta(days=days)


@transaction.atomic
def revoke_token(token_id: int, *, actor: Actor) -> Token:
    """One's own, or anybody's by whoever manages tokens: taking power away needs no more power."""
    token = Token.objects.select_for_update().filter(pk=token_id).first()
    if token is None or not (token.agent_id == actor.agent_id or actor.may("tokens.manage")):
        raise NotVisible(_("There is no such token."))
    if token.revoked_at is None:
        token.revoked_at = clock.now()
        token.save(update_fields=["revoked_at"])
        reach.changed()
        audit.record("token.revoked", f"token:{token.pk}", actor=actor, agent_id=token.agent_id)
    return token


def mark_token_used(token_id: int) -> None:
    """At most one write a minute."""
    now = clock.now()
    unmarked = Q(last_used_at=None) | Q(last_used_at__lte=now - USED_EVERY)
    Token.objects.filter(unmarked, pk=token_id).update(last_used_at=now)
