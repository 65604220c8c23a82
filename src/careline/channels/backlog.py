"""Deliveries that wait to be taken in: the oldest of them, and what they say, read while others are taken in."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cache, partial

from django.db import InterfaceError, OperationalError
from django.db.models.functions import Length

from careline.channels import adapter, hot, queries
from careline.channels.adapter import Endpoint, Receipt
from careline.channels.models import Inbound
from careline.files import queries as keys
from careline.files.sealing import unseal_raw
from careline.kit import clock

# Of one batch; a single delivery may be larger.
BATCH_BYTES = 48 * 1024 * 1024
# Deliveries whose reading is slow are read by so many at once.
READERS = 2

Items = Sequence[adapter.Inbound | Receipt]


def oldest(limit: int) -> list[Inbound]:
    """The oldest that wait, as far as they fit together into memory."""
    waiting = Inbound.objects.select_for_update(skip_locked=True).filter(
        state=Inbound.State.NEW, next_attempt_at__lte=clock.now()
    )
    sizes = waiting.order_by("next_attempt_at", "id").annotate(size=Length("raw")).values_list("pk", "size")[:limit]
    chosen: list[int] = []
    room = BATCH_BYTES
    for pk, size in sizes:
        room -= size
        if chosen and room < 0:
            break
        chosen.append(pk)
    if not chosen:
        return []
    rows = Inbound.objects.select_related("inbox").defer("raw").filter(pk__in=chosen)
    # The driver reads bytes in half the time where they come as such.
    raws = {one.id: one.raw for one in hot.RAW.all(ids=chosen)}
    found = list(rows.order_by("next_attempt_at", "id"))
    for row in found:
        row.raw = raws[row.pk]
    return found


def read_ahead(rows: Sequence[Inbound]) -> Iterator[tuple[Inbound, bytes, Callable[[], Items]]]:
    """Rows in their order, with how to get at what they say; slow ones are being read while others are taken in."""
    inboxes: dict[int, Endpoint] = {}
    begun: list[tuple[Inbound, bytes, Callable[[], Items]]] = []
    for row in rows:
        raw = b""
        try:
            if row.inbox_id not in inboxes:
                inboxes[row.inbox_id] = queries.endpoint(row.inbox_id)
            channel, raw = adapter.of(row.inbox.kind), raw_of(row)
        except (OperationalError, InterfaceError):
            raise
        except Exception as error:
            begun.append((row, raw, partial(_fail, error)))
            continue
        read = partial(_items, channel, inboxes[row.inbox_id], raw, row.headers)
        begun.append((row, raw, _readers().submit(read).result if channel.capabilities.slow else read))
    yield from begun


@cache
def _readers() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(READERS, thread_name_prefix="reading")


def _fail(error: Exception) -> Items:
    raise error


def _items(channel: adapter.Adapter, inbox: Endpoint, raw: bytes, headers: Mapping[str, str]) -> Items:
    return list(channel.parse(inbox, raw, headers))


def raw_of(row: Inbound) -> bytes:
    """As it came; sealed for whoever it turned out to be of."""
    key = None if row.person_id is None else keys.key_of(row.person_id)
    return unseal_raw(bytes(row.raw), key)
