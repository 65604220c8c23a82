"""What can be done to sources, to rules and with files."""

from careline.tracking.actions.imports import drop, import_file, start, start_as, stop, upload
from careline.tracking.actions.meeting import meet
from careline.tracking.actions.rules import drop_rule, set_rule
from careline.tracking.actions.sources import archive_source, create_source, rename_source, restore_source
from careline.tracking.importing.waiting import forget, run_waiting

__all__ = [
    "archive_source", "create_source", "drop", "drop_rule", "forget", "import_file", "meet", "rename_source",
    "restore_source", "run_waiting", "set_rule", "start", "start_as", "stop", "upload",
]  # fmt: skip
