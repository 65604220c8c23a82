"""Of whom the events of a batch are: found, made and joined with few statements, however many events there are.

A person's id (`userId`) is strong, a device's (`anonymousId`) is weak. A device nobody claimed belongs to whoever is
first known on it; one that belongs to somebody else stays theirs, and the event goes to the person it names. Nobody who
proved who they are is joined to another who did, and what a page claims opens no proved address.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from careline.accounts.actor import SYSTEM
from careline.customers import actions as customers
from careline.customers import resolving
from careline.customers.identities import Given, known
from careline.customers.resolving import Naming, Place, Raced
from careline.kit.refusals import Refused
from careline.tracking.shapes import Event

STRONG = ("email", "phone", "external")


class Joining(Exception):
    """Two turn out to be one: done again with both held, so that nobody waits in a circle."""


class Node:
    """A person, found or about to be made."""

    __slots__ = ("first_seen", "into", "name", "person", "proved", "root", "strong")

    def __init__(self, first_seen: datetime, person: int | None = None, root: int | None = None) -> None:
        self.person, self.root, self.first_seen = person, root, first_seen
        self.into: Node | None = None
        self.strong: set[tuple[str, str]] = set()
        self.proved = False
        self.name = ""

    def top(self) -> Node:
        found = self
        while found.into is not None:
            found = found.into
        return found

    @property
    def number(self) -> int:
        """Who it is on a line: a device that was joined keeps the id it was recorded under."""
        found: Node = self
        while found.person is None and found.into is not None:
            found = found.into
        assert found.person is not None
        return found.person

    def values(self, kind: str) -> set[str]:
        return {value for one, value in self.strong if one == kind}


class Household:
    """Everybody a batch is about, and what became known of them in it."""

    def __init__(self, *, proves: bool, may_join: bool) -> None:
        self.proves = proves  # what this source says of a person is proved
        self.may_join = may_join
        self.places: dict[Place, Node] = {}
        self.proved_places: set[Place] = set()
        self.roots: dict[int, Node] = {}
        self.nodes: list[Node] = []
        self.names: list[tuple[Node, Place, str]] = []
        self.to_prove: list[Place] = []
        self.joins: list[tuple[Node, Node, str]] = []
        # Two who each proved who they are, and what one claimed of the other.
        self.claims: list[tuple[Node, Node, str]] = []

    def find(self, events: Sequence[Event]) -> None:
        named = [asked(event) for event in events]
        places = {place for names in named for place in names}
        people: dict[int, Node] = {}
        for place, owner in resolving.owners(list(places), to_join=self.may_join):
            top = self.roots.get(owner.root)
            if top is None:
                top = self.roots[owner.root] = people.setdefault(owner.root, Node(events[0].occurred_at, owner.root))
                top.root = owner.root
            node = people.get(owner.person_id)
            if node is None:
                node = people[owner.person_id] = Node(events[0].occurred_at, owner.person_id, owner.root)
                node.into = top
            self.places[place] = node
            if owner.verified:
                self.proved_places.add(place)
        if roots := self.doubtful(named):
            for strong in resolving.strong(sorted(roots)):
                node = self.roots[strong.root]
                node.strong.add((strong.kind, strong.value))
                node.proved = node.proved or strong.verified

    def doubtful(self, named: Iterable[Sequence[Place]]) -> set[int]:
        """Customers of whom more must be known: what names them names something new as well, or another customer."""
        found: set[int] = set()
        for names in named:
            if len(names) == 1:
                continue
            known = {node.top() for place in names if (node := self.places.get(place)) is not None}
            if len(known) > 1 or any(place not in self.places for place in names):
                found.update(node.root for node in known if node.root is not None)
        return found

    def person_of(self, event: Event) -> Node:
        name = strong_name(event)
        user = self.places.get(name) if name is not None else None
        device = self.places.get(visitor(event.anonymous)) if event.anonymous else None
        if user is not None:
            if device is not None:
                self.claim(user, device, "visitor")
            elif event.anonymous:
                self.bind(user, visitor(event.anonymous))
            return user
        if device is not None and (name is None or not device.top().values("external")):
            if name is not None:
                self.bind(device, name)
            return device
        fresh = Node(event.occurred_at)
        self.nodes.append(fresh)
        if name is not None:
            self.bind(fresh, name)
        if event.anonymous and device is None:
            self.bind(fresh, visitor(event.anonymous))
        return fresh

    def bind(self, node: Node, place: Place, original: str = "") -> None:
        self.places[place] = node
        self.names.append((node, place, original or place[2]))
        if place[0] in STRONG:
            top = node.top()
            top.strong.add((place[0], place[2]))
            top.proved = top.proved or self.proves

    def claim(self, person: Node, other: Node, evidence: str) -> bool:
        """`other` turns out to be `person`; False when they stay two."""
        kept, joined = person.top(), other.top()
        if kept is joined:
            return True
        if not may_join(kept, joined, evidence):
            # A browser that two people share says nothing of who they are.
            if kept.proved and joined.proved and evidence != "visitor":
                self.claims.append((kept, joined, evidence))
            return False
        if joined.person is not None and kept.person is not None:
            # Whoever is known by more stands for both; of two alike, the older.
            weak, strong = not kept.values("external"), bool(joined.values("external"))
            if (weak and strong) or (weak != strong and joined.person < kept.person):
                kept, joined = joined, kept
            self.joins.append((kept, joined, evidence))
        elif kept.person is None and joined.person is not None:
            kept, joined = joined, kept
        joined.into = kept
        kept.strong |= joined.strong
        kept.proved = kept.proved or joined.proved
        kept.first_seen = min(kept.first_seen, joined.first_seen)
        return True

    def know(self, node: Node, place: Place, original: str) -> bool:
        """An address or a number of somebody; False when it stays with the one who proved it is theirs."""
        owner = self.places.get(place)
        if owner is None:
            self.bind(node, place, original)
            return True
        if owner.top() is not node.top():
            if place in self.proved_places and not self.proves:
                if node.top().proved:
                    self.claims.append((owner.top(), node.top(), place[0]))
                return False
            if not self.claim(node, owner, place[0]):
                return False
        if self.proves and place not in self.proved_places:
            self.to_prove.append(place)
        return True

    def rename(self, node: Node, previous: str) -> bool:
        """An alias: what came under another id is this person's. Numbers of customers only a server may join."""
        old = self.places.get(external(previous))
        if old is not None and old.top() is not node.top():
            return self.proves and self.claim(node, old, "external")
        device = self.places.get(visitor(previous))
        if device is None:
            self.bind(node, visitor(previous))
            return True
        return self.claim(node, device, "visitor")

    def newly_named(self) -> dict[int, set[str]]:
        """Who has a name they had not, by its kinds; devices are no names."""
        found: dict[int, set[str]] = {}
        for node, place, _original in self.names:
            if place[0] in STRONG:
                found.setdefault(node.top().number, set()).add(place[0])
        return found

    def settle(self) -> None:
        """Write down what was found out: people first, then their names, then who is who."""
        if self.joins and not self.may_join:
            raise Joining
        fresh = [node for node in self.nodes if node.into is None]
        if fresh:
            for node, number in zip(fresh, resolving.make([node.first_seen for node in fresh]), strict=True):
                node.person = number
        if self.names and not resolving.name(
            [
                Naming(node.number, *place, original, self.proves and place[0] in STRONG)
                for node, place, original in self.names
            ]
        ):
            raise Raced
        if self.to_prove:
            resolving.prove(self.to_prove)
        for kept, joined, evidence in self.joins:
            try:
                customers.merge(kept.number, joined.number, actor=SYSTEM, evidence=[evidence])
            except Refused:  # one already, or proved meanwhile
                continue
        customers.suggest_claimed((one.number, other.number, kind) for one, other, kind in self.claims)


def may_join(kept: Node, joined: Node, evidence: str) -> bool:
    """No two who proved themselves, no two with different numbers; for a device, with different addresses."""
    if kept.proved and joined.proved and kept.person is not None and joined.person is not None:
        return False
    kinds = STRONG if evidence == "visitor" else () if evidence == "external" else ("external",)
    return all(_agree(kept.values(kind), joined.values(kind)) for kind in kinds)


def _agree(one: set[str], other: set[str]) -> bool:
    return not one or not other or bool(one & other)


def external(value: str) -> Place:
    return "external", "", value


def strong_name(event: Event) -> Place | None:
    return event.place or (external(event.user) if event.user else None)


def visitor(value: str) -> Place:
    return "visitor", "", value


def asked(event: Event) -> list[Place]:
    """Every identity an event names."""
    found = [place] if (place := strong_name(event)) is not None else []
    if event.anonymous:
        found.append(visitor(event.anonymous))
    if event.type == "alias":
        found += [external(event.previous), visitor(event.previous)]
    if event.type == "identify":
        found += [one[0] for name in ("email", "phone") if (one := address(event, name)) is not None]
    return found


def address(event: Event, kind: str) -> tuple[Place, str] | None:
    """The address or number a trait states, and how it was written; Refused leaves it out with a remark."""
    written = event.traits.get(kind)
    if not isinstance(written, str) or not written.strip():
        return None
    try:
        one = known(Given(kind, written))
    except Refused:
        event.remark = (f"traits.{kind}", "no_address")
        return None
    return one.place, one.original
