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
    inbox_ids: tuple[int, ...] = ()
    # The teams an actor's reach ends at: whom they see, manage and hand work to. None: it ends nowhere.
    team_ids: tuple[int, ...] | None = None
    language: str = "en"
    zone: str = "UTC"

    @classmethod
    def customer(cls, person_id: int, inbox_id: int, *, name: str = "", language: str = "en") -> Actor:
        return cls(kind="customer", id=person_id, name=name, inbox_ids=(inbox_id,), language=language)

    def may(self, permission: str) -> bool:
        return permission in self.permissions

    def must(self, permission: str) -> None:
        """Refuse with a sentence that names what the role lacks."""
        if permission not in self.permissions:
            raise NotAllowed(refusal(permission))


def refusal(permission: str) -> str:
    return _("Your role does not allow this: %(what)s.") % {"what": PERMISSIONS[permission]}


SYSTEM = Actor(kind="system", id=None, name="Careline", permissions=frozenset(PERMISSIONS))
