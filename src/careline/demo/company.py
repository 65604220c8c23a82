"""Who works at the demo company, and through which doors customers come."""

from __future__ import annotations

import hashlib
import hmac
from typing import Any

import msgspec
from django.conf import settings

from careline.accounts import actions as accounts
from careline.accounts import loopback, queries
from careline.accounts.actor import SYSTEM, Actor
from careline.channels import access
from careline.channels import actions as channels
from careline.channels import queries as inbox_queries
from careline.kit import clock
from careline.service.recovery import actions as recovery
from careline.tracking import actions as tracking
from careline.tracking import queries as sources

NAME = "Harbor & Hearth"
DOMAIN = loopback.DEMO_DOMAIN
STAFF = (
    ("Rosa Varga", "rosa", "owner", "en"),
    ("Ines Calder", "ines", "lead", "en"),
    ("Tomas Reyl", "tomas", "agent", "en"),
    ("Sari Wulandari", "sari", "agent", "id"),
    ("Karim Aziz", "karim", "agent", "ar"),
    ("Nadia Orlov", "nadia", "analyst", "en"),
    ("Lena Marsh", "lena", "weekend help", "en"),
)
# How much a role may give to make good, in cents.
GOODWILL = {"agent": 2500, "lead": 10_000, "owner": 50_000}
# A role of the house's own: who helps out answers in the chat and sees nothing else.
HELP = ("weekend help", ("conversations.view", "conversations.reply", "conversations.note", "customers.view"))
_WEEK, _LUNCH = ("mon", "tue", "wed", "thu", "fri"), [["09:00", "12:30"], ["13:30", "18:00"]]
TEAMS = {"Deliveries": ("tomas", "sari"), "Returns and repairs": ("karim", "tomas")}


class Company(msgspec.Struct):
    owner: Actor
    agents: dict[str, Actor]
    teams: dict[str, int]
    chat: int
    partner: int
    # The mailbox; none in a company that was founded without one.
    post: int
    told: dict[str, Any]


def secret(purpose: str) -> str:
    """The same for this installation at this address, and guessed by nobody."""
    words = f"demo:{settings.CARELINE_BASE_URL}:{purpose}".encode()
    return hmac.new(settings.SECRET_KEY.encode(), words, hashlib.sha256).hexdigest()


def password(handle: str) -> str:
    return f"{handle}-{secret('password:' + handle)[:12]}"


def token(handle: str) -> str:
    return f"cl_{secret('token:' + handle)[:43]}"


def key(name: str) -> str:
    return f"{name}-{secret('inbox:' + name)[:10]}"


def write_key() -> str:
    return f"wk_{secret('source:shop')[:32]}"


def email(handle: str) -> str:
    return f"{handle}@{DOMAIN}"


def found() -> Company:
    """The firm with its people, teams, tokens and inboxes; called once, on an installation nobody has set up."""
    name, handle, _role, language = STAFF[0]
    owner = accounts.set_up(
        organization_name=NAME, name=name, email=email(handle), password=password(handle), currency="EUR",
        country="GB", zone="Europe/London", language=language, hours=_hours(),
    )  # fmt: skip
    boss = owner.as_actor()
    accounts.update_organization(actor=boss, languages=["en", "id", "ar"])
    chat = channels.create_inbox(
        actor=boss, kind="webchat", name="Shop chat", key=key("chat"),
        settings={"title": NAME, "greeting": "Hello! Ask us about a pan, a parcel or a recipe that went wrong."},
    )  # fmt: skip
    # The shop's own server: told beside tokens and passwords, its key is as secret as they are.
    tracking.create_source("Shop", "server", actor=SYSTEM, key=write_key())
    partner = channels.create_inbox(actor=boss, kind="api", name="Marketplace", key=key("marketplace"))
    post = channels.create_inbox(
        actor=boss, kind="email", name="Mailbox", key=key("mailbox"),
        settings={
            "address": email("hello"), "sender": NAME, "signature": f"{NAME}, Mill Street 4", "quote": "on",
            "form": "on",
        },
    )  # fmt: skip
    role, permissions = HELP
    help_out = accounts.create_role(role, actor=boss, permissions=permissions)
    accounts.confine_role(help_out.pk, actor=boss, inbox_ids=[chat.pk])
    for name, handle, role, language in STAFF[1:]:
        colleague = accounts.add_agent(
            email(handle), actor=boss, name=name, password=password(handle), language=language,
            role_id=queries.role_named(boss, role).pk,
        )  # fmt: skip
        if role in ("agent", HELP[0]):
            channels.add_member(chat.pk, colleague.pk, actor=boss)
        if role == "agent":
            channels.add_member(post.pk, colleague.pk, actor=boss)
            if handle != "sari":
                channels.add_member(partner.pk, colleague.pk, actor=boss)
    everybody = {agent.email.partition("@")[0]: agent for agent in queries.agents(boss)}
    for handle, agent in everybody.items():
        accounts.create_token(agent.pk, actor=SYSTEM, name="Demo", secret=token(handle))
    teams = {
        name: accounts.create_team(name, actor=boss, agent_ids=[everybody[handle].pk for handle in handles]).pk
        for name, handles in TEAMS.items()
    }
    for role, most in GOODWILL.items():
        recovery.allow(queries.role_named(boss, role).pk, most, actor=boss)
    actors = {handle: _actor(handle) for handle in everybody}
    return Company(actors["rosa"], actors, teams, chat.pk, partner.pk, post.pk, told())


def _hours() -> dict[str, Any]:
    """A lunch break, a short Saturday, and the feasts of this year and the next."""
    year = clock.now().year
    feasts = [f"{one}-{day}" for one in (year, year + 1) for day in ("01-01", "05-01", "12-25", "12-26")]
    days = {**dict.fromkeys(_WEEK, _LUNCH), "sat": [["10:00", "14:00"]]}
    return {"The shop": {"days": days, "holidays": feasts}}


def _actor(handle: str) -> Actor:
    known = access.actor_of_token(token(handle))
    assert known is not None
    return Actor(
        kind="agent", id=known.agent_id, name=known.name, agent_id=known.agent_id, permissions=known.permissions,
        inbox_ids=known.inbox_ids, language=known.language, zone=known.zone,
    )  # fmt: skip


def is_here() -> bool:
    return access.actor_of_token(token("rosa")) is not None


def told() -> dict[str, Any]:
    """What `careline demo --json` prints. A source that was put away has no key to tell."""
    boss = _actor("rosa")
    keys = sources.sources(boss).filter(key=write_key(), archived_at=None).values_list("key", flat=True)
    inboxes = inbox_queries.visible_to(boss)
    return {
        "url": settings.CARELINE_BASE_URL,
        "write_key": keys.first(),
        "agents": [
            {"email": email(handle), "password": password(handle), "token": token(handle), "role": role}
            for _name, handle, role, _language in STAFF
        ],
        "inboxes": [{"id": str(one.pk), "kind": one.kind, "name": one.name, "key": one.key} for one in inboxes],
    }


def again() -> Company:
    """The company that is already there."""
    actors = {handle: _actor(handle) for _name, handle, _role, _language in STAFF}
    inboxes = {one.kind: one.pk for one in inbox_queries.visible_to(actors["rosa"])}
    teams = {team.name: team.pk for team in queries.teams(actors["rosa"])}
    return Company(actors["rosa"], actors, teams, inboxes["webchat"], inboxes["api"], inboxes.get("email", 0), told())
