"""`careline extract`: the operator's file, and what is told of it."""

from __future__ import annotations

import pytest

from careline.cli import program
from tests.cli.places import Place


@pytest.mark.long
def test_everybodys_line_is_written_into_a_file(filled: Place):
    target = filled.folder / "line.parquet"
    told = filled.run("extract", str(target))
    assert told.returncode == 0, told.stderr
    assert " moments of 1 customers until " in told.stdout
    assert target.read_bytes()[:4] == b"PAR1"
    again = filled.run("extract", str(target))
    assert again.returncode == 1
    assert again.stderr == f"{target} is there already.\n"


def test_a_time_that_is_none_is_told(tmp_path, capsys):
    assert program.main(["extract", str(tmp_path / "line.parquet"), "--from", "yesterday"]) == 1
    assert capsys.readouterr().err.startswith("--from is a day or a moment")
