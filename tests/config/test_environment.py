"""Settings are read once; what cannot be used is named in one line."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from careline.config import environment
from careline.config.environment import BadSetting

PRIVATE = "CARELINE_ALLOW_PRIVATE_HTTP"


@pytest.mark.parametrize(
    ("written", "is_set"), [(None, False), ("", False), ("0", False), ("false", False), ("1", True), ("True", True)]
)
def test_a_flag_is_one_or_nought(written, is_set):
    assert environment.flag(PRIVATE, {} if written is None else {PRIVATE: written}) is is_set


def test_anything_else_is_refused_by_name():
    with pytest.raises(BadSetting, match=rf"^{PRIVATE} must be 1 or 0\.$"):
        environment.flag(PRIVATE, {PRIVATE: "perhaps"})


@pytest.mark.parametrize(("written", "said"), [("1", "True"), ("", "False")])
def test_the_private_network_is_opened_by_the_environment_alone(written, said, tmp_path):
    asked = "from django.conf import settings; print(settings.CARELINE_ALLOW_PRIVATE_HTTP)"
    env = {**os.environ, "DJANGO_SETTINGS_MODULE": "careline.config.settings", "CARELINE_DATA": str(tmp_path)}
    answer = subprocess.run(
        [sys.executable, "-c", asked], env=env | {PRIVATE: written}, capture_output=True, text=True, check=True
    )
    assert answer.stdout.strip() == said


@pytest.mark.parametrize("value", ["800MB", "2GB", "1 GiB", "64mb"])
def test_an_amount_of_memory_is_taken_as_it_is_written(value):
    assert environment.memory("DUCKDB_MEMORY", {"DUCKDB_MEMORY": value}) == value


@pytest.mark.parametrize("value", ["plenty", "0MB", "12", "1.5GB", "-1GB", "1GB; ATTACH 'x'"])
def test_an_amount_of_memory_that_is_none_is_refused(value):
    with pytest.raises(environment.BadSetting, match="DUCKDB_MEMORY must be an amount of memory"):
        environment.memory("DUCKDB_MEMORY", {"DUCKDB_MEMORY": value})


def test_without_a_word_analysis_takes_a_part_of_the_machine():
    amount = environment.memory("DUCKDB_MEMORY", {})
    assert amount.endswith("MB")
    assert 128 <= int(amount[:-2]) <= 1000
