"""An answer as one sheet: a row for what it says altogether, then its lists one below the other.

`table` says which list a row is of; what stands in lists of lists becomes a row each, beside what it belongs to.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec

from careline.customers.sheets import cells

ALTOGETHER = "total"
Row = dict[str, Any]


def written(shape: msgspec.Struct) -> str:
    told: Row = msgspec.to_builtins(shape)
    lists = [name for name, value in told.items() if isinstance(value, list)]
    whole = {name: value for name, value in told.items() if name not in lists}
    as_of = whole.pop("as_of", None)
    rows: list[Row] = [{"table": ALTOGETHER, "as_of": as_of, **whole}] if whole else []
    for name in lists:
        rows += [{"table": name, "as_of": as_of, **row} for item in told[name] for row in _rows(item)]
    heads = list(dict.fromkeys(["table", "as_of", *(head for row in rows for head in row)]))
    lines = [cells.line([_cell(row.get(head)) for head in heads]) for row in rows]
    return "".join([cells.line(heads), *lines])


def _rows(item: Row) -> Iterator[Row]:
    """A list of texts is a cell, a list of anything else is rows."""
    nested = [name for name, value in item.items() if isinstance(value, list) and value and isinstance(value[0], dict)]
    flat = {name: value for name, value in item.items() if name not in nested}
    if not nested:
        yield flat
    for name in nested:
        for inner in item[name]:
            yield flat | inner


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, list):
        return "\n".join(map(str, value))
    return ("yes" if value else "no") if isinstance(value, bool) else str(value)
