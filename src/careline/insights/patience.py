"""How long somebody waits for a figure while they write a rule; saving it takes as long as it takes."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import OperationalError, connection, transaction
from django.db.backends.utils import CursorWrapper
from django.utils.translation import gettext as _
from psycopg import errors

from careline.kit.refusals import Refused

LONGEST = "5s"


@contextmanager
def cursor() -> Iterator[CursorWrapper]:
    """What is asked of it is answered in time, or there is a sentence that it takes too long."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"SET LOCAL statement_timeout = '{LONGEST}'")
            yield cursor
            cursor.execute("SET LOCAL statement_timeout = 0")
    except OperationalError as error:
        if isinstance(error.__cause__, errors.QueryCanceled):
            raise Refused(_("Counting takes too long while you write; save it to see how many there are.")) from None
        raise
