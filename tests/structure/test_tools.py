"""The general linters say nothing; `make lint` runs the same."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
BIN = Path(sys.executable).parent

TOOLS = {
    "ruff": ["ruff", "check", "--quiet", "."],
    "format": ["ruff", "format", "--check", "--quiet", "."],
    "mypy": ["mypy", "--no-error-summary"],
    "djlint": ["djlint", "--lint", "--quiet", "src/careline"],
}


# Types take as long as a twentieth of the suite; .ci/run looks at them by `make lint`.
@pytest.mark.parametrize("name", [pytest.param(n, marks=pytest.mark.long if n == "mypy" else []) for n in TOOLS])
def test_a_linter_says_nothing(name: str):
    program, *words = TOOLS[name]
    answer = subprocess.run([BIN / program, *words], cwd=ROOT, capture_output=True, text=True, check=False)
    assert answer.returncode == 0, answer.stdout + answer.stderr
