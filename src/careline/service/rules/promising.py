"""Promises as rules know them."""

from __future__ import annotations

from django.utils.translation import gettext as _

from careline.accounts.actor import Actor
from careline.kit.refusals import Refused
from careline.service.sla import actions, queries


def policies(actor: Actor) -> list[tuple[str, str]]:
    """Number and name of each."""
    return [(str(one.pk), one.name) for one in queries.policies(actor)]


def use(conversation_id: int, policy_id: str | None, *, actor: Actor) -> None:
    """This one whatever its conditions say; None lets them say again."""
    actions.use(conversation_id, None if policy_id is None else int(policy_id), actor=actor)


def must_be_there(policy_id: str | None, *, actor: Actor) -> None:
    if policy_id is not None and policy_id not in dict(policies(actor)):
        raise Refused(_("There is no such promise."), field="then")
