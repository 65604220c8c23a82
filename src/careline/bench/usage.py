"""CPU and memory of other processes as the kernel accounts them (Linux)."""

from __future__ import annotations

import os
import statistics
from pathlib import Path

_TICKS = os.sysconf("SC_CLK_TCK") if hasattr(os, "sysconf") else 100


def _stat(pid: int) -> list[str]:
    return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()


def cpu_ms(pid: int) -> float:
    """User and system time a process has used, its living threads included.

    To the nanosecond where the kernel keeps that: in ticks of ten milliseconds, eight connections that each did four
    have done nothing.
    """
    try:
        tasks = list(Path(f"/proc/{pid}/task").iterdir())
        return sum(int((task / "schedstat").read_text().split()[0]) for task in tasks) / 1e6
    except (FileNotFoundError, IndexError):
        fields = _stat(pid)
        return (int(fields[11]) + int(fields[12])) * 1000 / _TICKS


def children(pid: int) -> list[int]:
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                if int(_stat(int(entry.name))[1]) == pid:
                    found.append(int(entry.name))
            except (OSError, IndexError):
                continue  # it has ended meanwhile
    return found


def tree_cpu_ms(pid: int) -> dict[int, float]:
    """A process and its children, each by itself: one that ends keeps its last figure."""
    used = {}
    for one in [pid, *children(pid)]:
        try:
            used[one] = cpu_ms(one)
        except OSError:
            continue
    return used


def spent(before: dict[int, float], after: dict[int, float]) -> float:
    return sum(value - before.get(pid, 0.0) for pid, value in after.items())


def pss_mb(pids: list[int]) -> float:
    """Proportional set size: shared pages counted once among those who share them."""
    total = 0
    for pid in pids:
        try:
            text = Path(f"/proc/{pid}/smaps_rollup").read_text()
        except OSError:
            continue
        total += next(int(line.split()[1]) for line in text.splitlines() if line.startswith("Pss:"))
    return total / 1024


def machine() -> dict[str, object]:
    """What the figures were taken on, and what else it was doing."""
    model = ""
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
        model = next((line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")), "")
    except OSError:
        pass
    pages = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    return {
        "cpu": model,
        "cores": os.cpu_count(),
        "memory_gib": round(pages / 2**30, 1),
        "load_1_min": round(os.getloadavg()[0], 2),
    }


def parent(pid: int) -> int:
    return int(_stat(pid)[1])


def share(some: list[float], whole: list[float]) -> float:
    """What the first cost of the second, in rounds that met the same seconds: the middle one of them.

    The quickest round of each is not of one moment, and would give a small figure the luck of more quiet moments.
    """
    return statistics.median(one / other for one, other in zip(some, whole, strict=True))
