"""Who the people of some events are, settled in one transaction, and again where somebody changed them meanwhile."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from typing import Any, TypeVar

from django.db import OperationalError, transaction
from django.utils.translation import gettext as _
from psycopg import errors

from careline import touchpoints
from careline.accounts.actor import SYSTEM
from careline.customers.resolving import Raced
from careline.kit.refusals import TooMany
from careline.tracking.shapes import Event
from careline.tracking.who import Household, Joining, Node, address

TRIES = 5
T = TypeVar("T")


def held(land: Callable[[bool], T]) -> T:
    """`land` in a transaction; it is told whether people may be joined in it, and raises Joining where they must be."""
    may_join = False
    for attempt in range(TRIES):
        try:
            with transaction.atomic():
                return land(may_join)
        except Joining:
            may_join = True
        except Raced:
            continue
        except OperationalError as error:
            if not isinstance(error.__cause__, errors.DeadlockDetected) or attempt == TRIES - 1:
                raise
    raise TooMany(_("The same customers are being changed by others. Send this again in a second."), retry_after=1)


def resolve(events: Sequence[Event], *, proves: bool, may_join: bool) -> tuple[list[Node], dict[int, set[str]]]:
    """Whose each event is; and who has a name they had not, by its kinds."""
    house = Household(proves=proves, may_join=may_join)
    house.find(events)
    nodes = []
    for event in events:
        node = house.person_of(event)
        nodes.append(node)
        if event.type == "alias" and not house.rename(node, event.previous):
            event.remark = ("previousId", "apart")
        if event.type == "identify":
            for kind in ("email", "phone"):
                known = address(event, kind)
                if known is not None and not house.know(node, *known):
                    event.remark = (f"traits.{kind}", "apart")
    house.settle()
    return nodes, house.newly_named()


def told(named: dict[int, set[str]], at: datetime) -> Iterator[tuple[Any, ...]]:
    """Whoever has a new name may be known under another: who looks for the same hears of it."""
    for person, names in named.items():
        yield touchpoints.row(
            "customer.identified", person=person, actor=SYSTEM, source=f"customer:{person}", recorded_at=at,
            kinds=sorted(names),
        )  # fmt: skip
