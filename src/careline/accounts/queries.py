"""Looks at the organization, its people and their ways in; the viewer comes first."""

from datetime import datetime
from uuid import UUID

import msgspec
from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _

from careline.accounts import reach
from careline.accounts.actor import Actor
from careline.accounts.calendars import Calendar
from careline.accounts.models import (
    Agent,
    AuditEntry,
    Invitation,
    Organization,
    PasswordReset,
    PastHours,
    Role,
    Session,
    Team,
    Token,
)
from careline.kit import clock, signing
from careline.kit.refusals import NotVisible
from careline.kit.statement import Statement

LONGEST_PAGE = 200


def is_set_up() -> bool:
    return Organization.objects.exists()


def organization() -> Organization:
    """Its name and languages are seen by everybody, customers too."""
    found = Organization.objects.first()
    if found is None:
        raise NotVisible(_("Careline is not set up yet."))
    return found


def agents(actor: Actor) -> QuerySet[Agent]:
    """Colleagues by name; those who left are seen by who manages agents."""
    visible = Agent.objects.visible_to(actor)
    return visible.select_related("role").prefetch_related("teams").order_by("name", "pk")


def agent(actor: Actor, agent_id: int) -> Agent:
    found = agents(actor).filter(pk=agent_id).first()
    if found is None:
        raise NotVisible(_("There is no such agent."))
    return found


class Hours(msgspec.Struct, frozen=True):
    """Zone, calendars by name and who keeps which, in force since then; the first of them since ever."""

    since: datetime | None
    zone: str
    calendars: dict[str, Calendar]
    assigned: dict[str, str] = {}

    def of(self, inbox_id: int | None = None, team_id: int | None = None) -> list[Calendar]:
        """The team's, else the inbox's, else the house's; where nothing is said, all of them together."""
        places = (f"team:{team_id}", f"inbox:{inbox_id}", "house")
        name = next((self.assigned[place] for place in places if self.assigned.get(place) in self.calendars), None)
        return list(self.calendars.values()) if name is None else [self.calendars[name]]


def hours() -> list[Hours]:
    """All that were ever in force, the present ones last. Hours of a house are seen by whoever sees the house."""
    since, found = None, []
    for past in PastHours.objects.order_by("until", "pk"):
        found.append(Hours(since, past.zone, past.calendars, past.hours_of))
        since = past.until
    now = organization()
    return [*found, Hours(since, now.zone, now.calendars, now.hours_of)]


class Look(msgspec.Struct, frozen=True):
    """What a page knows of whoever looks at it."""

    name: str
    email: str
    theme: str
    density: str
    role: str


_LOOK = Statement(
    """SELECT agent.name, agent.email, agent.theme, agent.density, role.name
FROM accounts_agent agent JOIN accounts_role role ON role.id = agent.role_id WHERE agent.id = %(id)s::bigint""",
    Look,
)


def look(agent_id: int) -> Look:
    """One's own name and dress, for every page one opens; already known to be there."""
    found = _LOOK.one(id=agent_id)
    if found is None:
        raise NotVisible(_("There is no such agent."))
    return found


def signature(agent_id: int | None) -> str:
    """What an agent has below their mails; nothing of nobody."""
    if agent_id is None:
        return ""
    return Agent.objects.filter(pk=agent_id).values_list("signature", flat=True).first() or ""


def agent_by_email(actor: Actor, email: str) -> Agent | None:
    """For commands, which name people by their address."""
    return agents(actor).filter(email=email.strip().casefold()).first()


def works_here(email: str) -> bool:
    """Whether the address is a colleague's."""
    return Agent.objects.active().filter(email=email.strip().casefold()).exists()


def teams(actor: Actor) -> QuerySet[Team]:
    return Team.objects.visible_to(actor).prefetch_related("agents").order_by("name", "pk")


def team(actor: Actor, team_id: int) -> Team:
    found = teams(actor).filter(pk=team_id).first()
    if found is None:
        raise NotVisible(_("There is no such team."))
    return found


def team_name(team_id: int) -> str | None:
    """For rooms that write a team's name beside its id; the viewer was asked for before."""
    return Team.objects.filter(pk=team_id).values_list("name", flat=True).first()


def roles(actor: Actor) -> QuerySet[Role]:
    """Those that came with Careline first, in the order they were made; `people` counts who has the role now."""
    now_here = Count("agents", filter=Q(agents__is_active=True))
    return Role.objects.visible_to(actor).annotate(people=now_here).order_by("-builtin", "pk")


def role(actor: Actor, role_id: int) -> Role:
    found = roles(actor).filter(pk=role_id).first()
    if found is None:
        raise NotVisible(_("There is no such role."))
    return found


def role_named(actor: Actor, name: str) -> Role:
    found = roles(actor).filter(name=name).first()
    if found is None:
        raise NotVisible(_("There is no such role."))
    return found


def invitations(actor: Actor) -> QuerySet[Invitation]:
    """Those still open, expired ones among them, the newest first."""
    actor.must("agents.manage")
    waiting = Invitation.objects.filter(accepted_at=None).select_related("role", "team", "invited_by")
    return waiting.order_by("-created_at", "-pk")


def invitation_of(key: str) -> Invitation:
    """What the page behind an invitation's link shows."""
    waiting = Invitation.objects.filter(accepted_at=None, expires_at__gt=clock.now()).select_related("role", "team")
    found = waiting.filter(digest=signing.digest(key)).first()
    if found is None:
        raise NotVisible(_("This invitation is no longer valid; ask for a new one."))
    return found


def agent_of_reset(key: str) -> Agent:
    """Whose password the page behind a reset's link is about."""
    links = PasswordReset.objects.filter(used_at=None, expires_at__gt=clock.now(), agent__is_active=True)
    found = links.filter(digest=signing.digest(key)).select_related("agent").first()
    if found is None:
        raise NotVisible(_("This link is no longer valid; ask for a new one."))
    return found.agent


class OpenSession(msgspec.Struct, frozen=True):
    id: str
    user_agent: str
    address: str
    created_at: datetime
    seen_at: datetime
    proof: str
    current: bool


def sessions_of(actor: Actor, agent_id: int, *, key: str = "") -> list[OpenSession]:
    """The last seen first; `key` is the viewer's own, to mark it."""
    reach.oneself_or("agents.manage", agent_id, actor=actor)
    mine = signing.digest(key)
    rows = Session.objects.filter(agent_id=agent_id, expire_date__gt=clock.now()).order_by("-seen_at", "pk")
    return [
        OpenSession(row.pk, row.user_agent, row.address, row.created_at, row.seen_at, row.proof, row.pk == mine)
        for row in rows
    ]


def tokens_of(actor: Actor, agent_id: int) -> QuerySet[Token]:
    """An agent's, revoked ones too, the newest first."""
    reach.oneself_or("tokens.manage", agent_id, actor=actor)
    return Token.objects.filter(agent_id=agent_id).select_related("agent").order_by("-created_at", "-pk")


def tokens(actor: Actor) -> QuerySet[Token]:
    """Everybody's that still work, the newest first."""
    actor.must("tokens.manage")
    return Token.objects.filter(revoked_at=None).select_related("agent").order_by("-created_at", "-pk")


class AuditLine(msgspec.Struct, frozen=True):
    id: UUID
    at: datetime
    actor_kind: str
    actor_id: int | None
    actor_name: str  # as it is now; the trail itself holds ids only
    verb: str
    subject: str
    facts: dict[str, object]


class Wanted(msgspec.Struct, frozen=True):
    """Of the trail: whose lines (an agent's, their tokens' too), with which verb or verbs that begin so, of what."""

    agent_id: int | None = None
    verb: str = ""
    subject: str = ""
    since: datetime | None = None
    until: datetime | None = None


EVERYTHING = Wanted()


def audit_trail(
    actor: Actor, *, before: UUID | None = None, wanted: Wanted = EVERYTHING, limit: int = 50
) -> tuple[list[AuditLine], UUID | None]:
    """The newest first, and where the next page begins."""
    actor.must("audit.view")
    limit = max(1, min(limit, LONGEST_PAGE))
    given: dict[str, object] = {
        "id__lt": before, "subject": wanted.subject, "verb__startswith": wanted.verb, "at__gte": wanted.since,
        "at__lt": wanted.until,
    }  # fmt: skip
    entries = AuditEntry.objects.filter(**{name: value for name, value in given.items() if value}).order_by("-id")
    if wanted.agent_id is not None:
        tokens = list(Token.objects.filter(agent_id=wanted.agent_id).values_list("pk", flat=True))
        entries = entries.filter(
            Q(actor_kind="agent", actor_id=wanted.agent_id) | Q(actor_kind="token", actor_id__in=tokens)
        )
    found = list(entries[: limit + 1])
    page = found[:limit]
    names = _names(page)
    lines = [
        AuditLine(
            id=entry.id,
            at=entry.at,
            actor_kind=entry.actor_kind,
            actor_id=entry.actor_id,
            actor_name=names.get((entry.actor_kind, entry.actor_id), ""),
            verb=entry.verb,
            subject=entry.subject,
            facts=entry.facts,
        )
        for entry in page
    ]
    return lines, page[-1].id if len(found) > limit else None


def _names(entries: list[AuditEntry]) -> dict[tuple[str, int | None], str]:
    agent_ids = {entry.actor_id for entry in entries if entry.actor_kind == "agent" and entry.actor_id is not None}
    token_ids = {entry.actor_id for entry in entries if entry.actor_kind == "token" and entry.actor_id is not None}
    names: dict[tuple[str, int | None], str] = {}
    for row in Agent.objects.filter(pk__in=agent_ids):
        names["agent", row.pk] = row.name
    for token in Token.objects.filter(pk__in=token_ids).select_related("agent"):
        names["token", token.pk] = f"{token.agent.name} ({token.name})"
    return names
