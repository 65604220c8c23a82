"""Where a role ends: which inboxes, teams, networks and proofs. Inboxes are known here, the rest below."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext as _

from careline.accounts import actions
from careline.accounts.actor import Actor
from careline.accounts.models import Role
from careline.accounts.proofs import PROOFS
from careline.channels import queries
from careline.kit.refusals import NotVisible


def confine(
    role_id: int,
    *,
    actor: Actor,
    inbox_ids: Iterable[int] | None = None,
    team_ids: Iterable[int] | None = None,
    teamless: bool = False,
    networks: Iterable[str] = (),
    proofs: Iterable[str] = PROOFS,
    address: str = "",
) -> Role:
    """As `accounts.actions.confine_role`, to inboxes that are there."""
    actor.must("roles.manage")
    wanted = None if inbox_ids is None else set(inbox_ids)
    if wanted is not None and wanted - set(queries.visible_to(actor).values_list("pk", flat=True)):
        raise NotVisible(_("There is no such inbox."), field="inbox_ids")
    return actions.confine_role(
        role_id, actor=actor, inbox_ids=wanted, team_ids=team_ids, teamless=teamless, networks=networks, proofs=proofs,
        address=address,
    )  # fmt: skip
