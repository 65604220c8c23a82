"""What the pages say is so: links lead somewhere, tables match the code."""

from __future__ import annotations

import argparse
import re
from importlib import import_module
from pathlib import Path

import msgspec
import pytest
from django.apps import apps

from tests.docs.pages import DOCS, ROOT, code, links, rows

PAGES = sorted([*DOCS.rglob("*.md"), ROOT / "README.md", ROOT / "CONTRIBUTING.md"])
# Settings that outside programs were promised; more may be added, none may go.
PROMISED = {
    "DATABASE_URL", "REDIS_URL", "PG_BINDIR", "DUCKDB_MEMORY", "EMAIL_URL", "STORAGE_URL", "CARELINE_DATA",
    "CARELINE_SECRET_KEY", "CARELINE_BASE_URL", "CARELINE_ALLOWED_HOSTS", "CARELINE_TRUSTED_PROXIES",
    "CARELINE_LLM_URL", "CARELINE_LLM_MODEL", "CARELINE_LLM_KEY",
}  # fmt: skip
# What one process of ours tells another it starts, and what the surroundings own.
OWN = {"CARELINE_ALONE", "CARELINE_WORKERS", "DJANGO_SETTINGS_MODULE"}
SURROUNDINGS = {"PATH", "HOME", "USER", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "TERM", "NO_COLOR"}
STOPS = re.findall(r"^`([^`]+)` · `([^`]+)`$", (DOCS / "tour.md").read_text(encoding="utf-8"), re.MULTILINE)
READ = re.compile(
    r"(?:environ(?:\.get)?[\[(]|\benv(?:\.get\(|\[)|(?:one_of|words|flag|number|networks|listen|file|endpoint|getenv)\()\s*\"([A-Z][A-Z_]+)\""
)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_lead_somewhere(page: Path):
    gone = []
    for link in links(re.sub(r"```.*?```", "", page.read_text(encoding="utf-8"), flags=re.DOTALL)):
        if re.match(r"[a-z]+:", link) or page.name == "template.md":
            continue
        target, _, place = link.partition("#")
        path = (page.parent / target).resolve() if target else page
        if not path.exists() or (place and path.suffix == ".md" and place not in headings(path)):
            gone.append(link)
    assert gone == []


def headings(page: Path) -> set[str]:
    names = re.findall(r"^#+ (.+)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", name.lower()).replace(" ", "-") for name in names}


def test_every_setting_has_its_row():
    documented = {name for cells in rows("settings.md") for name in code(cells[0])}
    read = {name for path in (ROOT / "src").rglob("*.py") for name in READ.findall(path.read_text())}
    assert documented == PROMISED | read - OWN - SURROUNDINGS


def test_settings_called_unread_are_unread():
    unread = {code(cells[0])[0] for cells in rows("settings.md") if "not read yet" in cells[2]}
    text = "".join(path.read_text() for path in (ROOT / "src").rglob("*.py"))
    assert [name for name in sorted(unread) if f'"{name}"' in text] == []


def test_every_kind_of_touchpoint_has_its_row():
    from careline.touchpoints.kinds import KINDS

    said = {code(cells[0])[0]: cells[2:] for cells in rows("touchpoints.md")[1:]}
    assert set(said) == set(KINDS)
    for name, kind in KINDS.items():
        about, journey, facts = said[name]
        fields = msgspec.structs.fields(kind.facts)
        assert about == kind.subject, name
        assert journey == (f"`{kind.journey}:…`" if kind.journey else ""), name
        assert code(facts) == [field.encode_name for field in fields], name
        assert re.findall(r"\*`(\w+)`", facts) == [
            f.encode_name for f in fields if f.encode_name in kind.facts.personal
        ]
        assert re.findall(r"`(\w+)`\?", facts) == [field.encode_name for field in fields if not field.required], name


def test_every_model_has_its_entry():
    glossary = (DOCS / "glossary.md").read_text(encoding="utf-8")
    entries = set(re.findall(r"^- \*\*[^*]+\*\* \(`([\w.]+)`\): \S", glossary, re.MULTILINE))
    models = {model._meta.label for model in apps.get_models() if model.__module__.startswith("careline.")}
    assert entries == models


def test_every_command_and_option_has_its_row():
    from careline.cli.program import COMMANDS

    table = rows("cli.md")[1:]
    # Mail is brought by a row of its own, with options of its own.
    apart = [cells for cells in table if code(cells[0])[0].startswith("careline import mail")]
    further = {code(cells[0])[0].split()[1]: (code(cells[0])[0].split()[3:], code(cells[2])) for cells in apart}
    said = {code(cells[0])[0].split()[1]: cells for cells in table if cells not in apart}
    assert set(said) == set(COMMANDS)
    for name in COMMANDS:
        parser = argparse.ArgumentParser(add_help=False)
        import_module(f"careline.cli.{name.replace('-', '_')}").options(parser)
        options = [action.option_strings[-1] for action in parser._actions if action.option_strings]
        named = [action.dest.upper() for action in parser._actions if not action.option_strings]
        assert sorted(code(said[name][2]) + further.get(name, ([], []))[1]) == sorted(options), name
        assert code(said[name][0])[0].split()[2:] + further.get(name, ([], []))[0] == named, name


@pytest.mark.parametrize(("path", "name"), STOPS)
def test_every_stop_of_the_tour_is_there(path: str, name: str):
    assert name in (ROOT / path).read_text(encoding="utf-8")


def test_every_metric_has_its_row_word_for_word():
    from careline.insights.metrics.catalog import DEFINITIONS, WAITING

    table = rows("metrics.md")
    said = {tuple(cells) for cells in table}
    for one in DEFINITIONS.values():
        goes_by = ", ".join(f"`{name}`" for name in one.narrowed)
        row = (f"`{one.name}`", one.title, one.counted, one.among, one.clock, one.unit, goes_by, one.source)
        assert row in said, one.name
    for one in WAITING.values():
        assert (f"`{one.name}`", one.title, one.waits_for) in said, one.name
    named = {code(cells[0])[0] for cells in table if len(cells) in (3, 8) and code(cells[0]) and "/" not in cells[0]}
    assert named - {"nps` `csat` `ces` `ces1"} == {*DEFINITIONS, *WAITING}
