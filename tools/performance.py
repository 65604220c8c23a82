"""`make bench`: runs the benches and writes docs/performance.md from their JSON.

Given files, it only writes what they hold; what was measured before stays, under its own day.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "performance.md"
# `SCALE=20000 make bench` measures among fewer conversations than usual.
SCALE = os.environ.get("SCALE", "")


@dataclass(frozen=True)
class Promise:
    key: str
    what: str
    limit: float
    at_least: bool = False

    def kept(self, value: float) -> bool:
        return value >= self.limit if self.at_least else value <= self.limit

    def words(self) -> str:
        return f"at {'least' if self.at_least else 'most'} {self.limit:g}"


PROMISES = {
    "messages": [
        Promise("create_cpu_ms", "a customer's first words, stored with person, conversation and moments", 3.5),
        Promise("reply_cpu_ms", "an agent's reply through the API", 1.8),
        Promise("reply_django_cpu_ms", "the same through the desk's page", 4),
        Promise("create_vs_insert", "one INSERT behind the same door, as a share of create", 0.25, at_least=True),
        Promise("reply_vs_insert", "and of reply", 0.45, at_least=True),
        Promise("create_vs_statement", "a hand-written statement of the same rows, as a share of create", 0.6, True),
        Promise("reply_vs_statement", "and of reply", 0.6, at_least=True),
    ],
    "inbox": [
        Promise(
            "html_cpu_ms", "the inbox page with its first 50 rows; rows drawn before are kept, as on a desk in use", 6
        ),
        Promise("thread_cpu_ms", "a thread of 50 messages; lines drawn before are kept", 6),
        Promise("json_vs_sql", "the JSON list against the same rows by hand-written SQL", 2),
        Promise("growth_cpu", "CPU of the page at full scale against a thousand conversations", 1.2),
        Promise("growth_p95", "its p95 likewise", 1.5),
    ],
    "ingest": [
        Promise("events_per_s", "tracked events over HTTP in batches of 100, each batch a durable commit", 6000, True),
        Promise(
            "vs_copy",
            "beside COPY of the same rows, 100 a commit, into the same tables at the same concurrency",
            0.5,
            at_least=True,
        ),
    ],
    "mail": [
        Promise("mails_per_s", "mails accepted, read in a process of their own and threaded", 100, at_least=True),
        Promise(
            "vs_parse_insert",
            "beside Python's email package and one INSERT a mail, neither threaded nor sealed",
            0.4,
            at_least=True,
        ),
    ],
    "lag": [
        Promise("lag_max_s", "the copy behind a line with a thousand events a second: the most, in seconds", 10),
    ],
    "timeline": [
        Promise("p95_ms", "the slower of a line's first page and a jump to a day, each time of another customer", 20),
    ],
    "contact": [
        Promise("p95_ms", "decided and kept whether somebody may be written to, with a short log or the longest", 20),
    ],
    "routing": [
        Promise("p95_ms", "an event decided among 5,000 waiting, 500 agents and 50 skills: the slowest kind", 50),
        Promise("cpu_ms", "CPU of one, of Python and PostgreSQL together: the dearest kind", 20),
        Promise(
            "service_level_vs_best",
            "answered in time in small days, beside the best way that leaves nobody idle whom somebody waits for",
            0.97,
            at_least=True,
        ),
        Promise("in_order", "of a whole day, the share nobody behind them was served before", 1, at_least=True),
        Promise("erlang_c_vs_interval", "off Erlang C, of half its interval of 95 %", 1),
        Promise("erlang_a_vs_interval", "off Erlang A likewise", 1),
    ],
    "board": [
        Promise("core_share", "of one core, what 200 windows on the live board cost at 50 events a second", 0.1),
        Promise("told_p95_s", "seconds from an event to the figures in a window", 2),
    ],
    "journeys": [
        Promise("map_cold_cpu_s", "what follows what with exact medians, from the moments as they lie, in CPU s", 3),
        Promise("map_stored_cpu_s", "the same from what is stored beside them", 0.5),
        Promise("paths_cpu_s", "the first five steps, repetitions taken once", 5),
        Promise("funnel_cpu_s", "four steps within thirty days", 1),
        Promise("cohorts_cpu_s", "weekly cohorts over twelve weeks", 2),
        Promise("sessions_cpu_s", "sessions with thirty minutes' pause, medians of size and length", 4),
        Promise("peak_mb", "the most memory a question took", 1500),
        Promise("vs_pm4py_parquet", "pm4py's CPU for the map, both from the same Parquet", 5, at_least=True),
        Promise("vs_pm4py_stored", "the same against the stored form", 12, at_least=True),
    ],
    "scoreboard": [
        Promise("p95_ms", "the whole scoreboard, each time of another period, the copy opened anew", 1000),
        Promise("vs_sql", "beside one query a tile, written by hand over the same tables", 1.5),
    ],
    "intelligence": [
        Promise("embed_p50_ms", "a sentence read, on one core", 5),
        Promise("nearest_p95_ms", "a message read and the nearest of the stored vectors found", 300),
        Promise("suggestion_p95_ms", "replies suggested for a message, its database included, among 100,000", 300),
        Promise("fit_s", "a head of 10,000 phrasings fitted from their stored vectors", 30),
        Promise("publish_s", "the same with its threshold by 5-fold, in the background", 150),
        Promise("models_mb", "memory of all models loaded", 350),
        Promise("banking77_intent_accuracy", "Banking77, a fifth kept aside: understood, %", 92, at_least=True),
        Promise("banking77_intent_accuracy_10_each", "ten phrasings each, mean of five draws, %", 84, at_least=True),
        Promise("banking77_intent_accuracy_5_each", "five phrasings each, mean of five draws, %", 80, at_least=True),
        Promise("clinc150_intent_accuracy", "CLINC150 in scope without refusal, %", 95, at_least=True),
        Promise("clinc150_intent_in_scope_accuracy", "understood and not refused, %", 92, at_least=True),
        Promise("clinc150_intent_out_of_scope_recall", "of what is out of scope, refused, %", 82, at_least=True),
        Promise("banking77_retrieval_r_at_3", "the entry among the first three, ten phrasings each, %", 94, True),
        Promise("clinc150_retrieval_r_at_3", "likewise, %", 94, at_least=True),
        Promise("amazon_sentiment_calibrated", "side of a snippet after 100 labels, mean of five draws, %", 73, True),
    ],
    "start": [
        Promise("first_page_s", "seconds from `careline up` to the first page, warm", 4),
        Promise("pss_mb", "memory of the whole idle group, shared pages counted once", 350),
    ],
}

# Beside the promised ones.
WHAT = {
    "suggestion_p50_ms": "the same, of the middle one",
    "suggestion_r_at_1": "200 kept-aside sentences of Banking77: an answer of the right intent is first, %",
    "suggestion_r_at_3": "or among the three that are shown, %",
    "suggestion_r_at_1_bm25": "likewise by BM25 over the same answers, %",
    "suggestion_r_at_3_bm25": "likewise by BM25 over the same answers, %",
    "suggestion_p95_ms_bm25": "BM25 in memory among as many, without a database",
    "read_s": "seconds to read 10,000 phrasings, once each",
    "load_s": "seconds the first text waits for the model",
    "judge_p50_ms": "a read text judged by a head of 10,000 phrasings",
    "head_kb": "such a head as bytes",
    "embed_p95_ms": "the same, of the slowest twentieth",
    "unwatched_core_share": "of one core, what the events cost while nobody looks",
    "frames_per_s": "pushes a window got each second",
    "told_median_s": "the same, of the middle one",
    "bytes_per_frame": "size of one",
    "html_cold_cpu_ms": "the page where no row was drawn before",
    "thread_cold_cpu_ms": "the thread where no line was drawn before",
    "filled_s": "seconds it took to write the moments",
    "first_cpu_ms": "the first page of a line",
    "first_p95_ms": "the same by the clock, one request after another",
    "day_cpu_ms": "fifty moments up to a day within two years",
    "day_p95_ms": "the same by the clock",
    "long_cpu_ms": "a jump to a day of the customer with the longest line",
    "long_p95_ms": "the same by the clock",
    "door_vs_sql_cpu": "CPU of the first page against one statement written by hand",
    "mean_kb": "a mail's size, in the middle of all",
    "messages": "messages there are in the end",
    "conversations": "conversations they lie in",
    "cpu_ms": "CPU of a decision, of Python and PostgreSQL together",
    "freed_p95_ms": "somebody has hands free",
    "arrived_p95_ms": "one more waits and nobody is free, its placing in a queue included",
    "arrived_idle_p95_ms": "one waits and all 500 are free",
    "freed_cpu_ms": "CPU where somebody has hands free",
    "arrived_cpu_ms": "CPU where one more waits",
    "arrived_idle_cpu_ms": "CPU where one waits and all are free",
    "freed_statements": "statements of it, BEGIN and COMMIT included",
    "arrived_statements": "likewise",
    "arrived_idle_statements": "likewise",
    "waiting": "conversations that wait",
    "growth_cpu": "CPU of an event beside the same among a fifth of them",
    "service_level": "of small days, answered in time by the matcher",
    "service_level_vs_all_knowing": "beside the best way of whoever knows what comes and lets somebody idle for it",
    "best_vs_all_knowing": "what the best way that leaves nobody idle reaches of that itself",
    "longest_s": "the longest wait of a whole day",
    "p_wait": "one queue of one skill: the share that waits",
    "p_abandon": "and that gives up",
    "heavy_p95_ms": "the same of the customer with ten thousand decisions",
    "vs_by_hand_cpu": "CPU against a lock, a count and a row written by hand",
    "vs_oldest_cpu": "CPU against giving away the oldest, whoever it suits",
    "placed_s": "seconds it took to place all that waits in its queues",
    "lag_median_s": "the middle of all looks",
    "caught_up_s": "from the last event until the copy held them all",
    "versions": "versions of the copy made meanwhile",
    "subscribers_cpu_ms": "what hears of a message later, for each",
}

# Said below a table for as long as the promise is not kept; by the name of the figure, with its bench before it where
# others have one of that name.
WHY = {
    "routing.p95_ms": "By the clock of a machine that others keep busy at the same time; a decision itself takes what"
    " `cpu_ms` says, and as many statements as are counted here, however many wait.",
    "reply_vs_insert": "A reply is one statement that writes the message, its conversation, the tally, the line and the"
    " outbox where an INSERT writes one row; beside the same rows written by hand it keeps its promise with room. Runs"
    " of one state of the code fall on both sides of this limit.",
    "html_cpu_ms": "About three quarters is Python: the way through Django's doors, and templates filled from kept"
    " rows. It is kept in the quick minutes of this machine and not in the slow ones; growth and the comparison with"
    " SQL hold in both.",
    "thread_cpu_ms": "As for the page; beside the kept lines the customer's side and the composer are drawn each time.",
    "vs_copy": "Half of an event's CPU is PostgreSQL's, about what COPY of a row costs; the other half is Python's,"
    " which reads each event, says whose it is and finds what came before. Python runs on one core at a time, and each"
    " statement of a transaction waits for its turn. More threads, smaller groups and a shorter turn changed nothing"
    " that could be told from the machine's own variation.",
}

HEAD = """# Performance

Written by `make bench` from what `careline bench` measured; no figure here was typed. CPU is in milliseconds a request,
server and database processes together, the least disturbed of many short rounds: clocks depend on what else a machine
does, and CPU on a shared one does too. There the same code cost up to 1.8 times as much in some minutes as in others
(a fragment that shows nothing: 1.55 to 2.95), so a figure near its promise is kept in some runs and not in others. The
ratios say more: each compares with a limit or rival measured within the same seconds, and is the middle one of all
rounds. A limit passes the same door as what it limits, its counting and naming of requests included. CPU is read from
the kernel's account to the nanosecond; in its ticks of ten milliseconds small figures came out too small.
"""
RIVALS = """
For comparison, the best of four open desks on each line, measured once on a data set of 100,000 conversations: create
17.8, reply 3.7, inbox page 22.5, thread of 50 messages 9.6.
"""


def measured(name: str) -> dict[str, Any]:
    command = [ROOT / ".venv" / "bin" / "careline", "bench", name, "--json", *(["--scale", SCALE] if SCALE else [])]
    answer = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True, cwd=ROOT)
    found: dict[str, Any] = json.loads(answer.stdout.splitlines()[-1])
    return found


def table(found: dict[str, Any]) -> str:
    values = found["metrics"] | found["ratios"]
    promises = {promise.key: promise for promise in PROMISES.get(found["name"], [])}
    lines = ["| Figure | What it is | Measured | Promised | |", "|---|---|---|---|---|"]
    for key, promise in promises.items():
        if key in values:
            kept = "kept" if promise.kept(values[key]) else "**not kept**"
            lines.append(f"| `{key}` | {promise.what} | {values[key]:g} | {promise.words()} | {kept} |")
    for key, value in values.items():
        if key not in promises:
            lines.append(f"| `{key}` | {WHAT.get(key, '')} | {value:g} | | |")
    for key, value in found["baseline"].items():
        lines.append(f"| `{key}` | beside it, for comparison | {value:g} | | |")
    missed = [key for key, promise in promises.items() if key in values and not promise.kept(values[key])]
    why = {key: WHY.get(f"{found['name']}.{key}", WHY.get(key)) for key in missed}
    return "\n".join([*lines, *(f"\n`{key}`: {reason}" for key, reason in why.items() if reason)])


def section(found: dict[str, Any]) -> str:
    machine = ", ".join(f"{name.replace('_', ' ')} {value}" for name, value in found["machine"].items())
    return (
        f"## `careline bench {found['name']}`\n\nScale {found['scale']:,}; {machine};"
        f" measured on {datetime.now(UTC):%Y-%m-%d}.\n\n{table(found)}\n"
    )


def standing() -> dict[str, str]:
    """The sections the page has, by the name of their bench."""
    text = PAGE.read_text(encoding="utf-8") if PAGE.exists() else ""
    parts = text.removesuffix(RIVALS).split("\n## `careline bench ")[1:]
    return {part.partition("`")[0]: f"## `careline bench {part.rstrip()}\n" for part in parts}


def page(sections: dict[str, str]) -> str:
    told = [sections[name] for name in PROMISES if name in sections]
    return "\n".join([HEAD, *told]) + RIVALS


def main(files: list[str]) -> int:
    if files:
        results = [json.loads(Path(name).read_text().splitlines()[-1]) for name in files]
    else:
        results = [measured(name) for name in PROMISES]
    PAGE.write_text(page(standing() | {found["name"]: section(found) for found in results}), encoding="utf-8")
    broken = [
        promise.key
        for found in results
        for promise in PROMISES.get(found["name"], [])
        if promise.key in (found["metrics"] | found["ratios"])
        and not promise.kept((found["metrics"] | found["ratios"])[promise.key])
    ]
    print(f"{PAGE.relative_to(ROOT)} is written." + (f" Not kept: {', '.join(broken)}." if broken else ""))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
