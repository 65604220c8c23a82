"""Roles an organization makes for itself, beside those every installation begins with."""

from collections.abc import Iterable

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from careline.accounts import audit, reach
from careline.accounts.actor import Actor
from careline.accounts.models import Agent, Invitation, Role
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
def delete_role(role_id: int, *, actor: Actor) -> None:
    actor.must("roles.manage")
    role = _locked(role_id)
    if role.builtin:
        raise Conflicting(_("A role that came with Careline stays."))
    if Agent.objects.filter(role=role).exists() or Invitation.objects.filter(role=role, accepted_at=None).exists():
        raise Conflicting(_("Someone still has this role; give them another one first."))
    Invitation.objects.filter(role=role).delete()  # accepted long ago
    role.delete()
    audit.record("role.deleted", f"role:{role_id}", actor=actor)


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
