"""What can be done to sources, to rules and with files."""

from careline.tracking.actions.imports import import_file
from careline.tracking.actions.meeting import meet
from careline.tracking.actions.rules import drop_rule, set_rule
from careline.tracking.actions.sources import archive_source, create_source, rename_source, restore_source

__all__ = [
    "archive_source", "create_source", "drop_rule", "import_file", "meet", "rename_source", "restore_source",
    "set_rule",
]  # fmt: skip
