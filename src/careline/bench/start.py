"""`bench start`: from the command to the first page of a warm installation, and what it holds while idle."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path
from typing import Any

from careline.bench import usage
from careline.bench.house import free_port

ROUNDS = 3
IDLE_S = 5.0


def measure() -> dict[str, Any]:
    """In a data folder of its own, with the embedded database unless DATABASE_URL names one."""
    with tempfile.TemporaryDirectory(prefix="careline-bench-") as folder:
        Path(folder).chmod(0o711)
        environment = {k: v for k, v in os.environ.items() if k not in ("DATABASE_URL", "CARELINE_SECRET_KEY")}
        environment["CARELINE_DATA"] = folder
        cold, _held = _once(environment)
        rounds = [_once(environment) for _n in range(ROUNDS)]
    return {
        "metrics": {"first_page_s": min(r[0] for r in rounds), "pss_mb": min(r[1] for r in rounds)},
        "baseline": {"first_page_limit_s": 4.0, "pss_limit_mb": 350.0, "cold_first_page_s": cold},
        "ratios": {},
    }


def _once(environment: dict[str, str]) -> tuple[float, float]:
    port = free_port()
    began = time.monotonic()
    program = [str(Path(sys.executable).with_name("careline")), "up", "--port", str(port)]
    up = subprocess.Popen(program, env=environment, stdout=subprocess.DEVNULL, process_group=0)
    try:
        while True:
            if up.poll() is not None:
                raise RuntimeError("careline up ended before its first page.")
            with contextlib.suppress(OSError), urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=5) as page:
                page.read()
                break
            if time.monotonic() - began > 120:
                raise RuntimeError("careline up showed no page within two minutes.")
            time.sleep(0.02)
        seconds = time.monotonic() - began
        time.sleep(IDLE_S)
        return seconds, usage.pss_mb(_family(up.pid))
    finally:
        up.send_signal(signal.SIGINT)
        up.wait(timeout=30)


def _family(pid: int) -> list[int]:
    found = [pid]
    for child in usage.children(pid):
        found += _family(child)
    return found
