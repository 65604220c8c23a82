"""The strings that break things, where a folder of test data is named; a dozen of the worst everywhere."""

from __future__ import annotations

import json
import os
from pathlib import Path

NAUGHTY = [
    "", " ", "\0", "a\0b", "\ud800", "Ω≈ç√∫˜µ≤≥÷", "田中さんにあげて下さい", "👩‍👩‍👧‍👦 👾", "ﷺ" * 100, "Z̸̢̛A̶LGO͝",
    "'; DROP TABLE customers_person; --", "<script>alert(1)</script>", "\\' OR 1=1", "a" * 299, "\u202egnirts",
    "\ufeffBOM", "1;DROP", "%_%\\", "NULL", "  two  spaces\t\n", "İstanbul ß", "':* & !", "( | )",
]  # fmt: skip


def naughty_strings(extent: str) -> list[str]:
    """Some of each kind, or all."""
    folder = os.environ.get("CARELINE_TEST_DATA")
    if not folder:
        return NAUGHTY
    given: list[str] = json.loads((Path(folder) / "robust-blns" / "blns.json").read_text())
    return NAUGHTY + (given if extent == "all" else given[::5])
