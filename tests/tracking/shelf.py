"""Rows of a file that is uploaded, and what is left of it where files are kept."""

from __future__ import annotations

from pathlib import Path

from careline.files import storage

HEAD = b"user_id,event,timestamp\n"
ROWS = [b"u%d,Visited,2026-03-01T10:%02d:00Z\n" % (n % 7, n % 60) for n in range(60)]


def kept() -> list[Path]:
    return [path for path in storage.folder().rglob("*") if path.is_file()]
