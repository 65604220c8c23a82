"""One question in a process of its own: `python -m careline.bench.asking NAME FOLDER` prints what it took."""

from __future__ import annotations

import sys
from pathlib import Path

import msgspec

from careline.insights.warehouse import rehearsal

if __name__ == "__main__":
    sys.stdout.write(msgspec.json.encode(rehearsal.ask(sys.argv[1], Path(sys.argv[2]))).decode() + "\n")
