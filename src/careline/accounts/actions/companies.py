"""Company accounts: where they come from, what their groups mean here, and signing in with one."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from typing import Any

import msgspec
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from careline.accounts import attempts, audit, company, reach, steps, values
from careline.accounts.actions.agents import found_role, is_last_owner
from careline.accounts.actions.signing_in import SignedIn, entered
from careline.accounts.actor import SYSTEM, Actor
from careline.accounts.models import Agent, CompanyAccount, Organization, Provider, ProviderGroup, Team, TeamMember
from careline.kit import contacts, signing, text
from careline.kit.refusals import Conflicting, NotAllowed, NotVisible, Refused

MOST_GROUPS = 200


class Group(msgspec.Struct, frozen=True):
    """A group over there, and what belonging to it means here: a role, a team or both."""

    name: str
    role_id: int | None = None
    team_id: int | None = None


class Given(msgspec.Struct, frozen=True):
    """A provider as somebody sets it up; without a secret the one that is known stays."""

    name: str
    issuer: str
    client_id: str
    secret: str = ""
    groups_claim: str = "groups"
    trusts_addresses: bool = False
    role_id: int | None = None
    is_active: bool = True
    groups: tuple[Group, ...] = ()


def keep_provider(given: Given, *, actor: Actor, provider_id: int | None = None) -> Provider:
    """Whoever does it decides who gets in as whom: it takes the right to write roles, and what those roles may."""
    actor.must("roles.manage")
    issuer = text.clean(given.issuer, field="issuer", limit=500, required=True)
    company.places(issuer, fresh=True)  # asked now, so that a wrong address is found by who writes it
    with transaction.atomic():
        provider = Provider() if provider_id is None else _locked(provider_id)
        provider.name = text.clean(given.name, field="name", limit=120, required=True)
        provider.issuer = issuer
        provider.client_id = text.clean(given.client_id, field="client_id", limit=300, required=True)
        provider.groups_claim = text.clean(given.groups_claim, field="groups_claim", limit=120) or "groups"
        provider.trusts_addresses, provider.is_active = given.trusts_addresses, given.is_active
        provider.role = _role(given.role_id, actor=actor)
        if given.secret or provider_id is None:
            provider.secret = _sealed(given.secret)
        try:
            with transaction.atomic():
                provider.save()
        except IntegrityError:
            raise Conflicting(_("There is already a provider of this name or address."), field="name") from None
        _group(provider, given.groups, actor=actor)
        audit.record("provider.kept", f"provider:{provider.pk}", actor=actor, groups=len(given.groups))
    return provider


@transaction.atomic
def drop_provider(provider_id: int, *, actor: Actor) -> None:
    """Nobody comes in by it any more; who came keeps their place here."""
    actor.must("roles.manage")
    _locked(provider_id).delete()
    audit.record("provider.dropped", f"provider:{provider_id}", actor=actor)


def begin_company(provider_id: int, *, carried: dict[str, Any] | None = None) -> tuple[str, str]:
    """The key of the step for the browser's cookie, and where to send it."""
    provider = Provider.objects.filter(pk=provider_id, is_active=True).first()
    if provider is None:
        raise NotVisible(_("There is no such provider."))
    found = company.places(provider.issuer)
    state, nonce, verifier = (secrets.token_urlsafe(32) for _n in range(3))
    # The verifier is of use to nobody without our secret for the provider, nor the state without the cookie.
    key = steps.begin(
        "company", provider=provider.pk, state=state, nonce=nonce, verifier=verifier, carried=carried or {}
    )
    return key, company.way_there(
        found, provider.client_id, state=state, nonce=nonce, verifier=verifier, groups_claim=provider.groups_claim
    )


def sign_in_with_company(
    key: str, *, state: str, code: str, address: str, user_agent: str = "", issuer: str = ""
) -> tuple[SignedIn, dict[str, Any]]:
    """Back from the provider, which may name itself. The session, and what the door had wanted back."""
    attempts.begin("company", key, address)
    with transaction.atomic():
        facts = steps.take(key, "company").facts
    if not signing.same(facts["state"], state):
        raise steps.over()
    provider = Provider.objects.filter(pk=facts["provider"], is_active=True).first()
    if provider is None:
        raise NotVisible(_("There is no such provider."))
    found = company.places(provider.issuer)
    company.must_be_it(found, issuer)
    said = company.who(
        found, provider.client_id, _secret(provider),
        code=code, nonce=facts["nonce"], verifier=facts["verifier"], groups_claim=provider.groups_claim,
    )  # fmt: skip
    with transaction.atomic():
        agent = _agent_of(provider, said)
        _place(agent, provider, said.groups)
        signed_in = entered(agent, "company", address=address, user_agent=user_agent)
        attempts.forgive("company", key, address)
    return signed_in, facts["carried"]


def _agent_of(provider: Provider, said: company.Said) -> Agent:
    """By the account once it is known; before, by an address the provider vouches for; else somebody new."""
    agents = Agent.objects.select_for_update(of=("self",)).select_related("role")
    known = CompanyAccount.objects.filter(provider=provider, subject=said.subject).first()
    if known is not None:
        agent = agents.active().filter(pk=known.agent_id).first()
        if agent is None:
            raise NotAllowed(_("Your account here is closed. Ask whoever leads the house."))
        return agent
    if not (said.email and (said.email_is_verified or provider.trusts_addresses)):
        raise NotAllowed(_("Your company account does not vouch for a mail address, so we cannot tell who you are."))
    email = contacts.email_key(said.email)
    agent = agents.filter(email=email).first()
    if agent is not None and not agent.is_active:
        raise NotAllowed(_("Your account here is closed. Ask whoever leads the house."))
    # An address is given to the next who bears the name: whoever came by another account before keeps their place.
    if agent is not None and CompanyAccount.objects.filter(provider=provider, agent=agent).exists():
        raise NotAllowed(_("Somebody else came by this address before. Ask whoever leads the house."))
    if agent is None:
        agent = _joined(provider, email, said)
    CompanyAccount.objects.create(provider=provider, subject=said.subject, agent=agent)
    audit.record("company-account.joined", f"agent:{agent.pk}", actor=SYSTEM, provider_id=provider.pk)
    return agent


def _joined(provider: Provider, email: str, said: company.Said) -> Agent:
    if provider.role is None:
        raise NotAllowed(_("Nobody works here under %(email)s. Ask for an invitation.") % {"email": email})
    house = Organization.objects.get()
    agent = Agent(
        email=email, name=text.clean(said.name, field="name", limit=200) or email, role=provider.role, zone=house.zone,
        language=next((one for one in house.languages if values.is_screen_language(one)), "en"),
    )  # fmt: skip
    agent.set_unusable_password()
    agent.save(force_insert=True)
    audit.record("agent.added", f"agent:{agent.pk}", actor=SYSTEM, role_id=provider.role.pk)
    return agent


def _place(agent: Agent, provider: Provider, groups: Iterable[str]) -> None:
    """Role and teams as the groups say; what no group of the provider speaks of stays as it is."""
    known, named = list(provider.groups.select_related("role").order_by("pk")), set(groups)
    role = next((one.role for one in known if one.name in named and one.role_id), None)
    if role is not None and role.pk != agent.role_id and not is_last_owner(agent):
        was, agent.role = agent.role_id, role
        agent.save(update_fields=["role"])
        reach.changed()
        audit.record("agent.role-changed", f"agent:{agent.pk}", actor=SYSTEM, was=was, role_id=role.pk)
    spoken_of = {one.team_id for one in known if one.team_id is not None}
    wanted = {one.team_id for one in known if one.team_id is not None and one.name in named}
    there = set(TeamMember.objects.filter(agent=agent, team__in=spoken_of).values_list("team_id", flat=True))
    if wanted == there:
        return
    TeamMember.objects.filter(agent=agent, team__in=there - wanted).delete()
    TeamMember.objects.bulk_create(TeamMember(agent=agent, team_id=one) for one in sorted(wanted - there))
    audit.record("agent.teams-changed", f"agent:{agent.pk}", actor=SYSTEM, was=sorted(there), team_ids=sorted(wanted))


def _group(provider: Provider, given: tuple[Group, ...], *, actor: Actor) -> None:
    if len(given) > MOST_GROUPS:
        raise Refused(_("At most %(most)s groups.") % {"most": MOST_GROUPS}, field="groups")
    rows = []
    for one in {group.name: group for group in given}.values():
        if one.role_id is None and one.team_id is None:
            raise Refused(_("Say what a group means: a role, a team or both."), field="groups")
        if one.team_id is not None and not Team.objects.filter(pk=one.team_id).exists():
            raise NotVisible(_("There is no such team."), field="groups")
        name = text.clean(one.name, field="groups", limit=300, required=True)
        rows.append(
            ProviderGroup(provider=provider, name=name, role=_role(one.role_id, actor=actor), team_id=one.team_id)
        )
    provider.groups.all().delete()
    ProviderGroup.objects.bulk_create(rows)


def _role(role_id: int | None, *, actor: Actor) -> Any:
    if role_id is None:
        return None
    role = found_role(role_id)
    reach.must_hold(role.permissions, actor=actor)
    return role


def _locked(provider_id: int) -> Provider:
    found = Provider.objects.select_for_update().filter(pk=provider_id).first()
    if found is None:
        raise NotVisible(_("There is no such provider."))
    return found


def _sealed(secret: str) -> bytes:
    return signing.seal(text.clean(secret, field="secret", limit=1000, required=True).encode(), b"provider")


def _secret(provider: Provider) -> str:
    return signing.unseal(bytes(provider.secret), b"provider").decode()
