"""Looks at ways of signing in: one's own, those a role accepts, and where company accounts come from."""

from __future__ import annotations

from datetime import datetime

import msgspec
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from careline.accounts import passkeys, reach, steps, totp
from careline.accounts.actor import Actor
from careline.accounts.models import Agent, Codes, Organization, Provider
from careline.accounts.proofs import PROOFS
from careline.kit import signing
from careline.kit.refusals import NotVisible


class Key(msgspec.Struct, frozen=True):
    id: int
    name: str
    created_at: datetime
    last_used_at: datetime | None


class Own(msgspec.Struct, frozen=True):
    """An agent's ways: `begun` is what an app reads off the screen while it is being set up, and what is typed else."""

    has_codes: bool
    recovery_codes_left: int
    begun: str
    begun_letters: str
    passkeys: list[Key]
    companies: list[str]
    accepted: list[str]  # what their role accepts, of proofs.PROOFS
    passkeys_are_possible: bool


def codes_of(agent_id: int) -> bytes:
    """What the secret of somebody's codes is sealed for."""
    return f"codes:{agent_id}".encode()


def own(actor: Actor) -> Own:
    agent = Agent.objects.select_related("role").get(pk=reach.oneself(actor))
    begun = Codes.objects.filter(agent=agent, confirmed_at=None).first()
    secret = signing.unseal(bytes(begun.secret), codes_of(agent.pk)) if begun else None
    house = Organization.objects.values_list("name", flat=True).first() or "Careline"
    return Own(
        has_codes=agent.has_codes,
        recovery_codes_left=agent.recovery_codes.filter(used_at=None).count(),
        begun=totp.address(secret, house=house, account=agent.email) if secret else "",
        begun_letters=totp.letters(secret) if secret else "",
        passkeys=[Key(one.pk, one.name, one.created_at, one.last_used_at) for one in agent.passkeys.order_by("pk")],
        companies=sorted(agent.company_accounts.values_list("provider__name", flat=True)),
        accepted=list(agent.role.only_proofs or PROOFS),
        passkeys_are_possible=passkeys.are_possible(),
    )


def of_agents(actor: Actor) -> dict[int, list[str]]:
    """Which ways beside the password each agent has, by their number, for whoever manages agents."""
    actor.must("agents.manage")
    found: dict[int, list[str]] = {}
    agents = Agent.objects.visible_to(actor)
    for name, having in (
        ("code", agents.filter(codes__confirmed_at__isnull=False)),
        ("passkey", agents.filter(passkeys__isnull=False).distinct()),
        ("company", agents.filter(company_accounts__isnull=False).distinct()),
    ):
        for agent_id in having.values_list("pk", flat=True):
            found.setdefault(agent_id, []).append(name)
    return found


def securing(key: str) -> Actor:
    """Who sets up on the way in what their role wants; until they are in, they may do nothing else."""
    agent = steps.look(key, "secure").agent
    assert agent is not None
    return Actor(kind="agent", id=agent.pk, name=agent.name, agent_id=agent.pk, language=agent.language)


def carried(key: str, kind: str) -> dict[str, object]:
    """What the door wanted back at the next step."""
    found: dict[str, object] = steps.look(key, kind).facts.get("carried", {})
    return found


def doors() -> list[tuple[int, str]]:
    """Number and name of the providers anybody may come by; seen by everybody at the door."""
    return list(Provider.objects.filter(is_active=True).order_by("name").values_list("pk", "name"))


def providers(actor: Actor) -> QuerySet[Provider]:
    actor.must("roles.manage")
    return Provider.objects.prefetch_related("groups__role", "groups__team").order_by("name", "pk")


def provider(actor: Actor, provider_id: int) -> Provider:
    found = providers(actor).filter(pk=provider_id).first()
    if found is None:
        raise NotVisible(_("There is no such provider."))
    return found
