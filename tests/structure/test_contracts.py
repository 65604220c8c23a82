"""The import contracts hold, and each of them is able to fail."""

from __future__ import annotations

import configparser
import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SOURCE = ROOT / "src"
CONTRACTS = ROOT / ".importlinter"

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


def emptied(folder: Path) -> Path:
    """The house with every module in its place and not a word in any: nothing but a planted import can be wrong."""
    for path in SOURCE.rglob("careline/**/*.py"):
        put(folder, ".".join(path.relative_to(SOURCE).with_suffix("").parts), "")
    for promised in ("careline.channels.api", "careline.channels.webchat", "careline.kit.jobs"):
        put(folder, f"{promised}.__init__", "")
    for room in ("accounts", "customers", "service.conversations"):
        if not (folder / "careline" / room.replace(".", "/") / "models").is_dir():
            put(folder, f"careline.{room}.models", "")
    return folder


@pytest.fixture(scope="module")
def answers(tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[int, str]]:
    """What the linter says of each planted tree, of the emptied house and of the real one."""
    trees = [(SOURCE, ""), (emptied(tmp_path_factory.mktemp("emptied")), "")]
    for contract, module, text, rooms in (*VIOLATIONS, *ALLOWED):
        folder = emptied(tmp_path_factory.mktemp("planted"))
        plant(folder, module, text, rooms)
        trees.append((folder, contract))
    answer = subprocess.run(
        [sys.executable, Path(__file__).with_name("contracts_in_turn.py"), CONTRACTS],
        input=json.dumps([(str(folder), contract) for folder, contract in trees]),
        capture_output=True,
        text=True,
        check=False,
    )
    assert answer.returncode == 0, answer.stderr
    said = [(status, words) for status, words in json.loads(answer.stdout)]
    return dict(zip(["house", "emptied", *map(str, (*VIOLATIONS, *ALLOWED))], said, strict=True))


def test_the_house_keeps_every_contract(answers):
    status, said = answers["house"]
    assert status == 0, said


def test_the_emptied_house_keeps_every_contract(answers):
    status, said = answers["emptied"]
    assert status == 0, said


@pytest.mark.parametrize("planted", VIOLATIONS, ids=lambda planted: f"{planted[0]}-{planted[1]}")
def test_a_planted_violation_breaks_its_contract(answers, planted):
    status, said = answers[str(planted)]
    assert status == 1, said
    assert "0 kept, 1 broken" in said


@pytest.mark.parametrize("planted", ALLOWED, ids=lambda planted: f"{planted[0]}-{planted[1]}")
def test_what_a_contract_allows_passes(answers, planted):
    status, said = answers[str(planted)]
    assert status == 0, said


def test_every_contract_has_been_seen_to_fail():
    written = configparser.ConfigParser()
    written.read(CONTRACTS)
    named = {section.split(":")[2] for section in written.sections() if section.startswith("importlinter:contract:")}
    assert named == {contract for contract, *_rest in VIOLATIONS}


def test_every_channel_is_named_in_both_channel_contracts():
    written = configparser.ConfigParser()
    written.read(CONTRACTS)
    folders = {
        f"careline.channels.{path.parent.name}"
        for module in ("adapter", "explaining")
        for path in SOURCE.glob(f"careline/channels/*/{module}.py")
    }
    assert folders == set(written["importlinter:contract:channels-apart"]["modules"].split())
    assert folders == set(written["importlinter:contract:channels-unnamed"]["protected_modules"].split())
