"""Who is acting: a value carried by every verb and every look, drawn once per request."""

from __future__ import annotations

from typing import Literal

import msgspec
from django.utils.translation import gettext as _

from careline.accounts.permissions import PERMISSIONS
from careline.kit.refusals import NotAllowed

Kind = Literal["agent", "customer", "bot", "rule", "token", "system"]


class Actor(msgspec.Struct, frozen=True):
    kind: Kind
    id: int | None
    name: str
    agent_id: int | None = None
    permissions: frozenset[str] = frozenset()
    # Inboxes that are seen whole. What knows nothing of teams asks for these: it shows too little, never too much.
    inbox_ids: tuple[int, ...] = ()
    # Inboxes of which only the conversations of `team_ids` are seen, and one's own; with `teamless`, of no team too.
    team_inbox_ids: tuple[int, ...] = ()
    # The teams an actor's reach ends at: whom they see, manage and hand work to. None: it ends nowhere.
    team_ids: tuple[int, ...] | None = None
    teamless: bool = False
    language: str = "en"
    zone: str = "UTC"

    @classmethod
    def customer(cls, person_id: int, inbox_id: int, *, name: str = "", language: str = "en") -> Actor:
        return cls(kind="customer", id=person_id, name=name, inbox_ids=(inbox_id,), language=language)

    @property
    def works_in(self) -> tuple[int, ...]:
        """Every inbox something is seen of."""
        return self.inbox_ids + self.team_inbox_ids

    @property
    def talk_teams(self) -> list[int] | None:
        """Whose conversations are seen, 0 for those of no team; None: everybody's."""
        return None if self.team_ids is None else [*self.team_ids, *([0] if self.teamless else ())]

    def sees(self, *, team_id: int | None, assignee_id: int | None) -> bool:
        """Whether a conversation of an inbox one works in is within one's teams."""
        teams = self.talk_teams
        return teams is None or (team_id or 0) in teams or (assignee_id is not None and assignee_id == self.agent_id)

    def may(self, permission: str) -> bool:
        return permission in self.permissions

    def must(self, permission: str) -> None:
        """Refuse with a sentence that names what the role lacks."""
        if permission not in self.permissions:
            raise NotAllowed(refusal(permission))


def refusal(permission: str) -> str:
    return _("Your role does not allow this: %(what)s.") % {"what": PERMISSIONS[permission]}


SYSTEM = Actor(kind="system", id=None, name="Careline", permissions=frozenset(PERMISSIONS))
