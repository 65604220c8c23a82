"""Two who turn out to be one, and taking that back. Rows keep the id they were written with; only `canonical` moves."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from careline import touchpoints
from careline.accounts.actor import Actor
from careline.customers import hot, ledger, locking
from careline.customers.actions import suggesting
from careline.customers.actions.taking import taken
from careline.customers.models import Identity, Merge, Person, Suggestion
from careline.customers.queries import canonical_of, is_proved
from careline.kit import bus, clock
from careline.kit.refusals import Conflicting, NotVisible, Refused

# People decide over people; a program may join what nobody proved.
PEOPLE = ("agent", "token")
# What may speak for it: the kind of an identity they share. Values would be personal data in a ledger that stays.
EVIDENCE = (*Identity.Kind.values, "name")


@transaction.atomic
def merge(person_id: int, other_id: int, *, actor: Actor, evidence: Sequence[str] = ()) -> Merge:
    """`other_id` is the same customer as `person_id`, who goes on standing for both.

    Two who each proved who they are (a verified identity) are joined by a person only, never by a program.
    """
    if unknown := [one for one in evidence if one not in EVIDENCE]:
        raise Refused(_("“%(what)s” is no evidence.") % {"what": str(unknown[0])[:100]}, field="evidence")
    kept, joined = _both_taken(person_id, other_id, actor=actor)
    if actor.kind not in PEOPLE and is_proved(kept.pk) and is_proved(joined.pk):
        raise Refused(_("Both customers proved who they are; only a person may join them."))
    both = ({kept.pk, *_joined_to(kept.pk)}, {joined.pk, *_joined_to(joined.pk)})
    entry = Merge.objects.create(
        kept_id=person_id,
        joined_id=other_id,
        evidence=sorted({*evidence, *suggesting.close(*both, Suggestion.State.TAKEN, actor=actor)}),
        actor_kind=actor.kind,
        actor_id=actor.id,
    )
    _settle(_entries_of({kept.pk, joined.pk}), both[1])
    touchpoints.record(
        "customer.merged", person=kept.pk, actor=actor, source=f"customer:{kept.pk}", merge=entry.pk, other=joined.pk
    )
    _tell_windows(both[0] | both[1])
    return entry


@transaction.atomic
def split(merge_id: int, *, actor: Actor, person_id: int | None = None) -> Merge:
    """Take an entry back: both are again who they were, and every other entry holds as before.

    With `person_id` the entry must be one of that customer's.
    """
    found = Merge.objects.filter(pk=merge_id).first()
    if found is None:
        raise NotVisible(_("There is no such merge."))
    person = taken(found.kept_id, actor=actor)
    entry = Merge.objects.select_for_update().get(pk=merge_id)
    if person_id is not None and canonical_of([person_id]).get(person_id) != person.pk:
        raise NotVisible(_("There is no such merge."))
    if entry.undone_at is not None:
        raise Conflicting(_("This merge was taken back already."))
    entry.undone_at, entry.undone_by_kind, entry.undone_by_id = clock.now(), actor.kind, actor.id
    entry.save(update_fields=["undone_at", "undone_by_kind", "undone_by_id"])
    group = {person.pk, *_joined_to(person.pk)}
    _settle(_entries_of(group), group)
    # Who stood for both goes on standing for one of the two sides, and that may be the one that was joined.
    sides = canonical_of([entry.joined_id, entry.kept_id])
    other = next((one for one in (sides[entry.joined_id], sides[entry.kept_id]) if one != person.pk), person.pk)
    touchpoints.record(
        "customer.split", person=person.pk, actor=actor, source=f"customer:{person.pk}", merge=entry.pk, other=other
    )
    _tell_windows(group)
    return entry


def _both_taken(person_id: int, other_id: int, *, actor: Actor) -> tuple[Person, Person]:
    both = {person_id, other_id}
    if Person.objects.visible_to(actor).filter(pk__in=both).count() < len(both):
        raise NotVisible(_("There is no such customer."))
    actor.must("customers.edit")
    held = locking.held(both)
    kept, joined = held[person_id], held[other_id]
    if kept.pk == joined.pk:
        raise Conflicting(_("These two are one customer already."))
    if kept.erased_at is not None or joined.erased_at is not None:
        raise Conflicting(_("This customer was erased."))
    return kept, joined


def _tell_windows(people: Iterable[int]) -> None:
    """Rows show another name and line now, and a visitor may have another thread."""
    bus.after_commit(hot.SCRAPS, {"people": sorted(people), "regrouped": True})


def _joined_to(root: int) -> list[int]:
    return list(Person.objects.filter(canonical=root).values_list("pk", flat=True))


def _entries_of(group: Iterable[int]) -> list[ledger.Entry]:
    """Every entry that counts among these and those they are joined to, oldest first."""
    seen, fresh = set(), set(group)
    rows: dict[int, ledger.Entry] = {}
    while fresh:
        found = Merge.objects.filter(Q(kept__in=fresh) | Q(joined__in=fresh), undone_at=None)
        seen |= fresh
        rows |= {one.pk: ledger.Entry(one.kept_id, one.joined_id) for one in found}
        fresh = {person for one in rows.values() for person in (one.kept, one.joined)} - seen
    return [rows[pk] for pk in sorted(rows)]


def _settle(entries: Sequence[ledger.Entry], group: Iterable[int]) -> None:
    """Write down whom each of the group stands for now."""
    roots = ledger.roots(entries)
    wanted = {person: roots.get(person, person) for person in {*group, *roots}}
    for person in Person.objects.filter(pk__in=wanted).only("pk", "canonical_id"):
        root = wanted[person.pk] if wanted[person.pk] != person.pk else None
        if person.canonical_id != root:
            Person.objects.filter(pk=person.pk).update(canonical=root)
