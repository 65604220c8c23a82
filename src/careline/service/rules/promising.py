"""Promises as rules know them: nothing where the house has no room for them."""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec

from django.utils.translation import gettext as _

from careline.accounts.actor import Actor
from careline.kit.refusals import Refused

_ROOM = "careline.service.sla"


def policies(actor: Actor) -> list[tuple[str, str]]:
    """Number and name of each."""
    if find_spec(_ROOM) is None:
        return []
    return [(str(one.pk), one.name) for one in import_module(f"{_ROOM}.queries").policies(actor)]


def use(conversation_id: int, policy_id: str | None, *, actor: Actor) -> None:
    """This one whatever its conditions say; None lets them say again."""
    if find_spec(_ROOM) is None:
        raise Refused(_("There is no such promise."), field="then")
    number = None if policy_id is None else int(policy_id)
    import_module(f"{_ROOM}.actions").use(conversation_id, number, actor=actor)


def must_be_there(policy_id: str | None, *, actor: Actor) -> None:
    if policy_id is not None and policy_id not in dict(policies(actor)):
        raise Refused(_("There is no such promise."), field="then")
