"""How much longer than promised a test waits: CARELINE_PATIENCE=5 for a machine that has other work to do."""

from __future__ import annotations

import os

PATIENCE = float(os.environ.get("CARELINE_PATIENCE", "1"))
