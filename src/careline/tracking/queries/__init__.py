"""What can be asked of sources, rules, the last events and files brought in."""

from careline.tracking.queries.imports import (
    Columns,
    KnownImport,
    Look,
    Trial,
    columns,
    imported,
    imports,
    look,
    look_at,
    refused_lines,
    refused_rows,
)
from careline.tracking.queries.sources import (
    Known,
    Seen,
    names,
    preview,
    rules,
    sightings,
    source,
    source_names,
    sources,
    usual,
)

__all__ = [
    "Columns", "Known", "KnownImport", "Look", "Seen", "Trial", "columns", "imported", "imports", "look", "look_at",
    "names", "preview", "refused_lines", "refused_rows", "rules", "sightings", "source", "source_names", "sources",
    "usual",
]  # fmt: skip
