"""The import contracts hold, and each of them is able to fail."""

from __future__ import annotations

import configparser
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SOURCE = ROOT / "src"
CONTRACTS = ROOT / ".importlinter"
PROGRAM = Path(sys.executable).with_name("lint-imports")

# contract, the module that goes wrong, what it says, and (where the rule is about a new room) the modules that appear
VIOLATIONS = [
    ("layers", "careline.kit.planted", "import careline.accounts", []),
    ("layers", "careline.channels.planted", "import careline.service.conversations", []),
    ("layers", "careline.web.planted", "import careline.api", []),
    ("layers", "careline.experience.planted", "import careline.service", ["careline.experience"]),
    ("layers", "careline.somewhere.planted", "", ["careline.somewhere"]),
    ("service", "careline.service.conversations.planted", "from .. import routing", ["careline.service.routing"]),
    ("service", "careline.service.somewhere.planted", "", ["careline.service.somewhere"]),
    ("doors", "careline.web.planted", "from careline.accounts.models import Agent", []),
    ("doors", "careline.api.planted", "from careline.service.conversations import models", []),
    ("doors", "careline.cli.planted", "import careline.customers.models", []),
    ("channels-apart", "careline.channels.webchat.planted", "import careline.channels.api", []),
    ("channels-unnamed", "careline.service.conversations.planted", "import careline.channels.webchat", []),
    ("columnar", "careline.customers.planted", "import duckdb", []),
    ("models-of-language", "careline.service.planted", "import onnxruntime", []),
    ("job-queue", "careline.contact.planted", "from procrastinate import App", []),
    ("job-app", "careline.contact.planted", "from careline.kit.jobs import app", ["careline.kit.jobs"]),
    ("circles", "careline.customers.planted", "import careline.customers.other", ["careline.customers.other"]),
]  # fmt: skip

ALLOWED = [
    ("columnar", "careline.insights.warehouse.planted", "import duckdb", ["careline.insights.warehouse"]),
    ("models-of-language", "careline.intelligence.planted", "import onnxruntime", ["careline.intelligence"]),
    ("job-queue", "careline.contact.jobs", "from procrastinate import App", []),
    ("job-app", "careline.contact.jobs", "from careline.kit.jobs import app", ["careline.kit.jobs"]),
    ("doors", "careline.web.planted", "from careline.accounts import queries", ["careline.accounts.queries"]),
]  # fmt: skip


def check(source: Path, *options: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [PROGRAM, "--config", str(CONTRACTS), "--no-cache", "--no-logo", *options],
        env=os.environ | {"PYTHONPATH": str(source), "XDG_RUNTIME_DIR": str(source)},
        cwd=source,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture
def emptied(tmp_path: Path) -> Path:
    """The house with every module in its place and not a word in any: nothing but a planted import can be wrong."""
    for path in SOURCE.rglob("careline/**/*.py"):
        put(tmp_path, ".".join(path.relative_to(SOURCE).with_suffix("").parts), "")
    for promised in ("careline.channels.api", "careline.channels.webchat", "careline.kit.jobs"):
        put(tmp_path, f"{promised}.__init__", "")
    for room in ("accounts", "customers", "service.conversations"):
        if not (tmp_path / "careline" / room.replace(".", "/") / "models").is_dir():
            put(tmp_path, f"careline.{room}.models", "")
    return tmp_path


def put(folder: Path, module: str, text: str) -> None:
    path = folder.joinpath(*module.split(".")).with_suffix(".py")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


def plant(folder: Path, module: str, text: str, rooms: list[str]) -> None:
    for room in rooms:
        parent = room.rpartition(".")[0]
        put(folder, f"{parent}.__init__", "")
        closes_the_circle = f"import {module}" if room.endswith(".other") else ""
        put(folder, f"{room}.__init__", closes_the_circle)
    put(folder, module, text)


def test_the_house_keeps_every_contract():
    answer = check(SOURCE)
    assert answer.returncode == 0, answer.stdout + answer.stderr


def test_the_emptied_house_keeps_every_contract(emptied: Path):
    answer = check(emptied)
    assert answer.returncode == 0, answer.stdout + answer.stderr


@pytest.mark.parametrize(("contract", "module", "text", "rooms"), VIOLATIONS)
def test_a_planted_violation_breaks_its_contract(emptied, contract, module, text, rooms):
    plant(emptied, module, text, rooms)
    answer = check(emptied, "--contract", contract)
    assert answer.returncode == 1, answer.stdout + answer.stderr
    assert "0 kept, 1 broken" in answer.stdout


@pytest.mark.parametrize(("contract", "module", "text", "rooms"), ALLOWED)
def test_what_a_contract_allows_passes(emptied, contract, module, text, rooms):
    plant(emptied, module, text, rooms)
    answer = check(emptied, "--contract", contract)
    assert answer.returncode == 0, answer.stdout + answer.stderr


def test_every_contract_has_been_seen_to_fail():
    written = configparser.ConfigParser()
    written.read(CONTRACTS)
    named = {section.split(":")[2] for section in written.sections() if section.startswith("importlinter:contract:")}
    assert named == {contract for contract, *_rest in VIOLATIONS}


def test_every_channel_is_named_in_both_channel_contracts():
    written = configparser.ConfigParser()
    written.read(CONTRACTS)
    folders = {f"careline.channels.{path.parent.name}" for path in SOURCE.glob("careline/channels/*/adapter.py")}
    assert folders == set(written["importlinter:contract:channels-apart"]["modules"].split())
    assert folders == set(written["importlinter:contract:channels-unnamed"]["protected_modules"].split())
