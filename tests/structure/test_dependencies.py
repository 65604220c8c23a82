"""What the product leans on: declared, with its reason beside it, and locked to the public index."""

from __future__ import annotations

import ast
import re
import sys
import tomllib
from importlib.metadata import distributions, packages_distributions
from pathlib import Path

ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())
LOCK = tomllib.loads((ROOT / "uv.lock").read_text())
EXTRAS = [need for needs in PROJECT["project"]["optional-dependencies"].values() for need in needs]
NEEDS = PROJECT["project"]["dependencies"] + EXTRAS
# Parts of a dependency that come as a distribution of their own.
PARTS = {
    "asgiref": "django", "httpcore": "httpx", "markupsafe": "jinja2", "threadpoolctl": "scikit-learn",
    "httpx2": "pydantic-ai-slim", "openai": "pydantic-ai-slim", "pydantic": "pydantic-ai-slim",
}  # fmt: skip


def bare(need: str) -> str:
    return re.split(r"[\s\[<>=!~;]", need, maxsplit=1)[0].lower().replace("_", "-")


def imported() -> set[str]:
    names: set[str] = set()
    for path in (ROOT / "src").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Import):
                names |= {alias.name.split(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and not node.level:
                names.add((node.module or "").split(".")[0])
    return names - set(sys.stdlib_module_names) - {"careline"}


def test_every_import_is_a_declared_dependency():
    known = packages_distributions()
    declared = {bare(need) for need in NEEDS}
    undeclared = [
        name
        for name in sorted(imported())
        if PARTS.get(name) not in declared and not {bare(one) for one in known.get(name, [name])} & declared
    ]
    assert undeclared == []


def test_every_dependency_has_its_reason():
    lines = (ROOT / "pyproject.toml").read_text().splitlines()
    start = lines.index("dependencies = [")
    block = lines[start + 1 : lines.index("]", start)]
    groups = "\n".join(block).split("  #")
    assert groups[0].strip() == ""
    # One reason may stand over a few that belong together, never over a long list.
    assert [group for group in groups[1:] if len(re.findall(r'^  "', group, re.MULTILINE)) not in {1, 2, 3, 4}] == []


def test_the_lock_names_only_the_public_index():
    sources = {package["source"].get("registry") for package in LOCK["package"] if "registry" in package["source"]}
    assert sources == {"https://pypi.org/simple"}
    files = [file["url"] for package in LOCK["package"] for file in package.get("wheels", [])]
    assert {url.split("/")[2] for url in files} == {"files.pythonhosted.org"}


def test_the_lock_was_made_from_this_project():
    [ours] = [package for package in LOCK["package"] if package["name"] == "careline"]
    locked = {(need["name"], need.get("specifier", "")) for need in ours["metadata"]["requires-dist"]}
    written = {
        (bare(need), "".join(sorted(re.findall(r"[<>=!~]=?[\d.]\w*(?:\.\w+)*", need.split(";")[0])))) for need in NEEDS
    }
    assert {(name, "".join(sorted(specifier.split(",")))) for name, specifier in locked} == written


def test_the_house_is_under_an_open_license():
    assert PROJECT["project"]["license"] == "Apache-2.0"
    assert (ROOT / "LICENSE").read_text().split("\n")[1].strip() == "Apache License"
    closed = [
        f"{one.metadata['Name']}: {license}"
        for one in distributions()
        if bare(one.metadata["Name"]) in {bare(need) for need in NEEDS}
        for license in [" ".join(one.metadata.get_all("Classifier") or [])]
        if "Proprietary" in license
    ]
    assert closed == []
