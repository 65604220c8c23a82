"""Roles an organization makes for itself, beside those every installation begins with."""

from collections.abc import Iterable
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import ProtectedError
from django.utils.translation import gettext as _

from careline.accounts import audit, reach
from careline.accounts import networks as near
from careline.accounts.actor import Actor
from careline.accounts.models import Agent, Invitation, Provider, Role, Team
from careline.accounts.proofs import PROOFS, accepted
from careline.kit import text
from careline.kit.refusals import Conflicting, NotVisible


@transaction.atomic
def create_role(name: str, *, actor: Actor, permissions: Iterable[str]) -> Role:
    actor.must("roles.manage")
    given = reach.known(permissions)
    reach.must_hold(given, actor=actor)
    role = _saved(Role(name=text.clean(name, field="name", limit=60, required=True), permissions=given))
    audit.record("role.created", f"role:{role.pk}", actor=actor, permissions=given)
    return role


@transaction.atomic
def update_role(
    role_id: int, *, actor: Actor, name: str | None = None, permissions: Iterable[str] | None = None
) -> Role:
    """Of a builtin role the permissions may change, except an owner's; its name is what the house calls it by."""
    actor.must("roles.manage")
    role = _locked(role_id)
    # Only what is added must be held: a role that outgrew its editor can still be made smaller.
    given = role.permissions if permissions is None else reach.known(permissions)
    added = set(given) - set(role.permissions)
    removed = set(role.permissions) - set(given)
    reach.must_hold(added, actor=actor)
    if role.builtin and name is not None and name != role.name:
        raise Conflicting(_("A role that came with Careline keeps its name."), field="name")
    if "roles.manage" in added and (role.only_inboxes is not None or role.only_teams is not None):
        raise Conflicting(
            _("A role that writes roles ends nowhere: it could write itself another."), field="permissions"
        )
    if role.builtin and role.name == "owner" and (added or removed):
        raise Conflicting(_("Owners may do everything, always."), field="permissions")
    renamed = name is not None and name != role.name
    if added or removed or renamed:
        role.name = text.clean(name, field="name", limit=60, required=True) if name is not None else role.name
        role.permissions = given
        _saved(role)
        reach.changed()
        audit.record(
            "role.updated",
            f"role:{role.pk}",
            actor=actor,
            renamed=renamed,
            added=sorted(added),
            removed=sorted(removed),
        )
    return role


@transaction.atomic
def confine_role(
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
    """Where a role ends, from where it may be used, and by what its people prove who they are.

    None is everywhere; `teamless` adds to some teams what no team has. Who no longer fits is out with the next request.
    `address` is where the actor is: nobody locks their own role out of where they stand, or out of all they can prove.
    """
    actor.must("roles.manage")
    role = _locked(role_id)
    ends = {
        "only_inboxes": None if inbox_ids is None else sorted(set(inbox_ids)),
        "only_teams": None if team_ids is None else _teams(team_ids),
        "teamless": teamless and team_ids is not None,
        "only_networks": near.checked(networks),
        "only_proofs": accepted(proofs),
    }
    if "roles.manage" in role.permissions and (ends["only_inboxes"] is not None or ends["only_teams"] is not None):
        raise Conflicting(_("A role that writes roles ends nowhere: it could write itself another."))
    if ends["only_proofs"] == ["company"] and not Provider.objects.filter(is_active=True).exists():
        raise Conflicting(_("Nobody could sign in: set up a company sign-in first."), field="proofs")
    _refuse_own_lock(role, ends, actor=actor, address=address)
    changed = sorted(name for name, value in ends.items() if getattr(role, name) != value)
    if changed:
        for name in changed:
            setattr(role, name, ends[name])
        role.save(update_fields=changed)
        reach.changed()
        audit.record("role.confined", f"role:{role.pk}", actor=actor, fields=changed)
    return role


@transaction.atomic
def delete_role(role_id: int, *, actor: Actor) -> None:
    actor.must("roles.manage")
    role = _locked(role_id)
    if role.builtin:
        raise Conflicting(_("A role that came with Careline stays."))
    if Agent.objects.filter(role=role).exists() or Invitation.objects.filter(role=role, accepted_at=None).exists():
        raise Conflicting(_("Someone still has this role; give them another one first."))
    Invitation.objects.filter(role=role).delete()  # accepted long ago
    try:
        role.delete()
    except ProtectedError:
        raise Conflicting(_("Company accounts still bring this role; take it from their groups first.")) from None
    audit.record("role.deleted", f"role:{role_id}", actor=actor)


def _teams(team_ids: Iterable[int]) -> list[int]:
    wanted = sorted(set(team_ids))
    if Team.objects.filter(pk__in=wanted).count() < len(wanted):
        raise NotVisible(_("There is no such team."), field="team_ids")
    return wanted


def _refuse_own_lock(role: Role, ends: dict[str, Any], *, actor: Actor, address: str) -> None:
    own = Agent.objects.filter(pk=actor.agent_id, role=role).first() if actor.agent_id else None
    if own is None:
        return
    if address and not near.holds(ends["only_networks"], address):
        sentence = _("You are at %(address)s, which is in none of these networks: you would lock yourself out.")
        raise Conflicting(sentence % {"address": address}, field="networks")
    can_prove = {
        "password": own.has_usable_password(), "code": own.has_codes, "passkey": own.passkeys.exists(),
        "company": own.company_accounts.filter(provider__is_active=True).exists(),
    }  # fmt: skip
    if ends["only_proofs"] is not None and not any(can_prove[name] for name in ends["only_proofs"]):
        raise Conflicting(
            _("You would lock yourself out: set up one of these ways for yourself first."), field="proofs"
        )


def _locked(role_id: int) -> Role:
    role = Role.objects.select_for_update().filter(pk=role_id).first()
    if role is None:
        raise NotVisible(_("There is no such role."))
    return role


def _saved(role: Role) -> Role:
    try:
        with transaction.atomic():
            role.save()
    except IntegrityError:
        raise Conflicting(_("There is already a role with this name."), field="name") from None
    return role
