"""Each bench runs whole, at a small scale, and says what was promised under the names outside programs read."""

from __future__ import annotations

import json
import os
import subprocess

import pytest

from tests.conftest import with_database
from tests.house import PROGRAM, environment

pytestmark = pytest.mark.long

METRICS = {
    "messages": {
        "create_cpu_ms", "reply_cpu_ms", "reply_django_cpu_ms", "subscribers_cpu_ms",
    },
    "inbox": {"html_cpu_ms", "json_cpu_ms", "thread_cpu_ms"},
    "start": {"first_page_s", "pss_mb"},
    "lag": {"lag_max_s", "lag_median_s", "events_per_s", "versions"},
    "timeline": {"p95_ms", "first_p95_ms", "day_p95_ms", "long_p95_ms"},
    "mail": {"mails_per_s", "messages", "conversations"},
    "contact": {"p95_ms", "cpu_ms", "heavy_p95_ms"},
    "board": {"core_share", "told_p95_s", "frames_per_s", "bytes_per_frame"},
    "routing": {"p95_ms", "cpu_ms", "service_level", "longest_s", "in_order"},
}  # fmt: skip
RATIOS = {
    "messages": {"create_vs_statement", "reply_vs_statement", "create_vs_insert", "reply_vs_insert"},
    "inbox": {"growth_cpu", "growth_p95", "json_vs_sql"},
    "start": set(),
    "lag": set(),
    "timeline": {"growth_cpu", "growth_p95", "door_vs_sql_cpu"},
    "mail": {"vs_parse_insert"},
    "contact": {"growth_cpu", "growth_p95", "vs_by_hand_cpu"},
    "board": {"vs_limit"},
    "routing": {
        "growth_cpu", "vs_oldest_cpu", "service_level_vs_best", "service_level_vs_all_knowing", "best_vs_all_knowing",
        "erlang_c_vs_interval", "erlang_a_vs_interval",
    },
}  # fmt: skip
# What is over after another round is taken off: so near to nothing it may fall below.
DIFFERENCES = {"core_share", "vs_limit"}
# Of few events none may be behind whenever it is looked.
LAGS = {"lag_max_s", "lag_median_s"}


@pytest.mark.parametrize("name", METRICS)
def test_a_bench_says_what_it_found_in_one_object(name, tmp_path):
    env = environment(tmp_path, None if name == "start" else with_database(os.environ["DATABASE_URL"], "postgres"))
    done = subprocess.run(
        [PROGRAM, "bench", name, "--scale", "300", "--json"],
        env=env, capture_output=True, text=True, timeout=1200, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-2000:]
    found = json.loads(done.stdout.splitlines()[-1])
    assert found["name"] == name
    assert found["scale"] == 300
    assert found["machine"]["cores"] >= 1
    assert METRICS[name] <= found["metrics"].keys()
    assert found["ratios"].keys() == RATIOS[name]
    assert found["baseline"]
    told = found["metrics"] | found["ratios"]
    assert {key: value for key, value in told.items() if value <= 0 and key not in DIFFERENCES | LAGS} == {}
