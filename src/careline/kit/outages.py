"""The database is away, or its disk is full: told from a fault of ours, and in words."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar, TypeVar

import django.db
import psycopg
from django.utils.translation import gettext as _
from psycopg import errors
from psycopg_pool import PoolClosed, PoolTimeout

from careline.kit.refusals import Refused

T = TypeVar("T")
LOST = (
    psycopg.OperationalError, psycopg.InterfaceError, PoolTimeout, PoolClosed,
    django.db.OperationalError, django.db.InterfaceError,
)  # fmt: skip


class Away(Refused):
    status: ClassVar[int] = 503
    code: ClassVar[str] = "unavailable"


class Full(Refused):
    status: ClassVar[int] = 507
    code: ClassVar[str] = "storage_full"


def is_full(error: BaseException) -> bool:
    return isinstance(error, errors.DiskFull) or isinstance(error.__cause__, errors.DiskFull)


def is_away(error: BaseException) -> bool:
    return isinstance(error, LOST) and not is_full(error)


def refusal(error: BaseException) -> Refused | None:
    """What a person is told; nothing when it is neither of the two."""
    if is_full(error):
        return Full(_("There is no room left to store this. Nothing was written."))
    if is_away(error):
        return Away(_("The database does not answer just now. Try again in a moment."))
    return None


def once_more(read: Callable[[], T]) -> T:
    """For the first question of a request: a connection that broke since the last one is replaced without a word."""
    try:
        return read()
    except LOST as error:
        if is_full(error):
            raise
        django.db.close_old_connections()
        return read()
