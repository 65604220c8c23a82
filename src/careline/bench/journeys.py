"""`bench journeys`: every question over the columnar copy, in CPU seconds of all threads, beside pm4py where it is.

pm4py is under the AGPL, so it is a rival in a process of its own, run by the Python that CARELINE_RIVAL_PYTHON names,
and no part of this program. It is measured at its best: what it reads, sorts and renames beforehand is not counted.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec

from careline.insights.warehouse import rehearsal
from careline.insights.warehouse.rehearsal import Taken

ROUNDS = 3
LIMITS = {
    "map_cold_limit_cpu_s": 3.0, "map_stored_limit_cpu_s": 0.5, "paths_limit_cpu_s": 5.0, "funnel_limit_cpu_s": 1.0,
    "cohorts_limit_cpu_s": 2.0, "sessions_limit_cpu_s": 4.0, "peak_limit_mb": 1500.0,
}  # fmt: skip
RIVAL = """
import json, resource, sys
import pandas, pm4py
def cpu():
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime
began = cpu()
log = pandas.read_parquet(sys.argv[1]).rename(
    columns={"customer_id": "case:concept:name", "kind": "concept:name", "occurred_at": "time:timestamp"})
log["time:timestamp"] = pandas.to_datetime(log["time:timestamp"], utc=True)
log = log.sort_values(["case:concept:name", "time:timestamp", "id"]).reset_index(drop=True)
log["case:concept:name"] = log["case:concept:name"].astype(str)
loaded = cpu()
edges, starts, ends = pm4py.discover_dfg(log)
gaps, starts, ends = pm4py.discover_performance_dfg(log)
done = cpu()
top = max(edges, key=lambda edge: (edges[edge], edge))
print(json.dumps({"load_cpu_s": loaded - began, "map_cpu_s": done - loaded, "edges": len(edges), "n": edges[top],
    "median_s": gaps[top]["median"], "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}))
"""


class Rival(msgspec.Struct):
    load_cpu_s: float
    map_cpu_s: float
    edges: int
    n: int
    median_s: float
    peak_mb: float


def measure(scale: int, told: Callable[[str], None]) -> dict[str, Any]:
    with tempfile.TemporaryDirectory(prefix="careline-bench-") as name:
        folder = Path(name)
        parquet = rehearsal.sample(folder, scale)
        told(f"{scale:,} moments, {parquet.stat().st_size / 1e6:,.0f} MB in Parquet")
        base = rehearsal.lay_out(folder, parquet)
        told(f"laid out: {base.stat().st_size / 1e6:,.0f} MB")
        taken = {}
        for question in (*rehearsal.ASKED, "map_parquet"):
            taken[question] = _best(question, folder)
            told(f"{question:12} {taken[question].cpu_s:7.3f} CPU s, {taken[question].wall_s:7.3f} s")
        rival = _rival(parquet, told)
        return _told(taken, rival, base.stat().st_size)


def _best(question: str, folder: Path) -> Taken:
    """The least disturbed of a few processes; the peak is that of the hungriest."""
    rounds = [
        msgspec.json.decode(
            subprocess.run(
                [sys.executable, "-m", "careline.bench.asking", question, str(folder)],
                stdout=subprocess.PIPE, check=True,
            ).stdout,
            type=Taken,
        )
        for _n in range(ROUNDS)
    ]  # fmt: skip
    best = min(rounds, key=lambda one: one.cpu_s)
    return msgspec.structs.replace(best, peak_mb=max(one.peak_mb for one in rounds))


def _rival(parquet: Path, told: Callable[[str], None]) -> Rival | None:
    python = os.environ.get("CARELINE_RIVAL_PYTHON")
    if not python:
        told("CARELINE_RIVAL_PYTHON names no Python that has pm4py, so there is no comparison.")
        return None
    answer = subprocess.run([python, "-c", RIVAL, str(parquet)], stdout=subprocess.PIPE, check=True)
    return msgspec.json.decode(answer.stdout.splitlines()[-1], type=Rival)


def _told(taken: dict[str, Taken], rival: Rival | None, size: int) -> dict[str, Any]:
    maps = {taken[name].first for name in ("map_cold", "map_stored", "map_parquet")}
    if len(maps) != 1:
        raise RuntimeError(f"The ways to the map disagree: {maps}")
    metrics = {f"{name}_cpu_s": taken[name].cpu_s for name in rehearsal.ASKED}
    metrics |= {f"{name}_wall_s": taken[name].wall_s for name in rehearsal.ASKED}
    metrics["peak_mb"] = max(one.peak_mb for one in taken.values())
    baseline = {**LIMITS, "map_parquet_cpu_s": taken["map_parquet"].cpu_s, "copy_mb": size / 1e6}
    ratios = {}
    if rival is not None:
        baseline |= {f"pm4py_{name}": value for name, value in msgspec.structs.asdict(rival).items()}
        ratios = {
            "vs_pm4py_parquet": rival.map_cpu_s / taken["map_parquet"].cpu_s,
            "vs_pm4py_stored": rival.map_cpu_s / taken["map_stored"].cpu_s,
        }
    return {"metrics": metrics, "baseline": baseline, "ratios": ratios}
