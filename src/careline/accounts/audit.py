"""The audit trail: who did what to what. Only ever added to, so it holds ids and names of fields, never values."""

from careline.accounts.actor import Actor
from careline.accounts.models import AuditEntry

Fact = int | bool | list[int] | list[str] | None


def record(verb: str, subject: str, *, actor: Actor, **facts: Fact) -> None:
    """Belongs inside the transaction of the verb. `verb` is `noun.past-verb`, `subject` is `noun:id`."""
    AuditEntry.objects.create(actor_kind=actor.kind, actor_id=actor.id, verb=verb, subject=subject, facts=facts)
