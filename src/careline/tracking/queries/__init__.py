"""What can be asked of sources, rules, the last events and files brought in."""

from careline.tracking.queries.imports import (
    Change,
    Columns,
    KnownImport,
    Look,
    Trial,
    attribute_label,
    attribute_name,
    columns,
    import_names,
    imported,
    imports,
    look,
    look_at,
    refused_lines,
    refused_rows,
    tried,
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
    "Change", "Columns", "Known", "KnownImport", "Look", "Seen", "Trial", "attribute_label",
    "attribute_name", "columns", "import_names", "imported", "imports", "look", "look_at",
    "names", "preview", "refused_lines", "refused_rows", "rules", "sightings", "source", "source_names", "sources",
    "tried", "usual",
]  # fmt: skip
