"""Prometheus' text format, written by hand: there are few figures, and each has its sentence."""

from __future__ import annotations

import os
import resource
from collections.abc import Iterable, Iterator
from pathlib import Path

from careline.web.ops import counters
from careline.web.ops.figures import Figures

Sample = tuple[dict[str, object], float]
_ESCAPED = str.maketrans({"\\": r"\\", '"': r"\"", "\n": r"\n"})
_PAGE = os.sysconf("SC_PAGE_SIZE")


def page(figures: Figures | None) -> str:
    """Without figures when the database is not there; what was counted here is told all the same."""
    lines = [*_counted(), *_own()]
    lines += _one("careline_database_up", "gauge", "The database answers.", int(figures is not None))
    if figures is not None:
        lines += [*_line(figures), *_columnar(figures), *_traffic(figures), *_jobs(figures)]
    return "\n".join(lines) + "\n"


def _metric(name: str, kind: str, help_text: str, samples: Iterable[Sample]) -> Iterator[str]:
    yield f"# HELP {name} {help_text}"
    yield f"# TYPE {name} {kind}"
    for labels, value in samples:
        yield _sample(name, labels, value)


def _one(name: str, kind: str, help_text: str, value: float) -> Iterator[str]:
    return _metric(name, kind, help_text, [({}, value)])


def _sample(name: str, labels: dict[str, object], value: float) -> str:
    told = ",".join(f'{label}="{str(text).translate(_ESCAPED)}"' for label, text in labels.items())
    return f"{name}{{{told}}} {value:g}" if told else f"{name} {value:.12g}"


def _counted() -> Iterator[str]:
    yield from _metric(
        "careline_requests_total", "counter", "Requests answered.",
        (
            ({"method": method, "route": route, "status": status}, count)
            for (method, route, status), count in sorted(counters.requests.items())
        ),
    )  # fmt: skip
    name = "careline_request_seconds"
    yield f"# HELP {name} Time to the end of the answer."
    yield f"# TYPE {name} histogram"
    for route, latency in sorted(counters.latencies.items()):
        total = 0
        for limit, count in zip((*counters.BUCKETS, "+Inf"), latency.buckets, strict=True):
            total += count
            yield _sample(f"{name}_bucket", {"route": route, "le": limit}, total)
        yield _sample(f"{name}_sum", {"route": route}, latency.seconds)
        yield _sample(f"{name}_count", {"route": route}, total)
    yield from _metric(
        "careline_sockets_open", "gauge", "Open sockets.",
        (({"route": route}, count) for route, count in sorted(counters.sockets.items())),
    )  # fmt: skip


def _own() -> Iterator[str]:
    used = resource.getrusage(resource.RUSAGE_SELF)
    yield from _one("process_cpu_seconds_total", "counter", "Processor time used.", used.ru_utime + used.ru_stime)
    try:
        pages = int(Path("/proc/self/statm").read_text().split()[1])
        descriptors = len(os.listdir("/proc/self/fd"))
    except OSError:  # not every system tells
        return
    yield from _one("process_resident_memory_bytes", "gauge", "Memory in use.", pages * _PAGE)
    yield from _one("process_open_fds", "gauge", "Open files and connections.", descriptors)


def _line(figures: Figures) -> Iterator[str]:
    told = [
        ("behind", "Touchpoints a subscriber has not passed yet, counted to 10000.", "behind"),
        ("lag_seconds", "Age of the oldest touchpoint a subscriber has not passed.", "age"),
        ("parked", "Touchpoints a subscriber could not take.", "parked"),
        ("failures", "Times in a row a subscriber has failed.", "failures"),
    ]
    for name, help_text, field in told:
        yield from _metric(
            f"careline_subscriber_{name}", "gauge", help_text,
            (({"subscriber": one.subscriber}, getattr(one, field)) for one in figures.standings),
        )  # fmt: skip


def _columnar(figures: Figures) -> Iterator[str]:
    late = figures.columnar
    told = [
        ("behind", "Touchpoints the columnar copy has not got yet, counted to 10000.", late.touchpoints if late else 0),
        ("lag_seconds", "Age of the oldest touchpoint the columnar copy has not got yet.", late.age if late else 0),
        ("moments", "Moments in the columnar copy.", figures.columnar_moments),
    ]
    for name, help_text, value in told:
        yield from _one(f"careline_columnar_{name}", "gauge", help_text, value)


def _traffic(figures: Figures) -> Iterator[str]:
    told = {
        "outbox_waiting": ("Messages on their way out.", "out_waiting"),
        "outbox_age_seconds": ("Age of the oldest message on its way out.", "out_age"),
        "outbox_failed": ("Messages that could not be delivered.", "out_failed"),
        "inbound_waiting": ("What was received and not yet taken in.", "in_waiting"),
        "inbound_age_seconds": ("Age of the oldest not yet taken in.", "in_age"),
        "inbound_failed": ("What was received and not understood.", "in_failed"),
    }
    for name, (help_text, field) in told.items():
        yield from _one(f"careline_{name}", "gauge", help_text, getattr(figures.traffic, field, 0))


def _jobs(figures: Figures) -> Iterator[str]:
    states = ("due", "later", "doing", "stalled", "failed")
    yield from _metric(
        "careline_jobs", "gauge", "Jobs by state.",
        (({"state": state}, getattr(figures.backlog, state, 0)) for state in states),
    )  # fmt: skip
    oldest = getattr(figures.backlog, "age", 0)
    yield from _one("careline_jobs_age_seconds", "gauge", "Age of the oldest job that waits.", oldest)
