"""PostgreSQL's 64-bit transaction id as a column."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models.expressions import Combinable
from typing_extensions import override

if TYPE_CHECKING:
    IntField = models.Field[int | str | Combinable, int]
else:
    IntField = models.Field  # not generic when it runs


class TransactionId(IntField):
    """It never wraps, so it can order what was committed."""

    @override
    def db_type(self, connection: BaseDatabaseWrapper) -> str:
        return "xid8"

    def from_db_value(self, value: Any, expression: Any, connection: BaseDatabaseWrapper) -> int | None:
        return None if value is None else int(value)

    @override
    def get_prep_value(self, value: Any) -> Any:
        return str(value) if isinstance(value, int) else value


class CurrentTransaction(models.Func):
    function = "pg_current_xact_id"
    output_field: ClassVar[models.Field[Any, Any]] = TransactionId()
