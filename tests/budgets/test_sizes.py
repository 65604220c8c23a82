"""Files and functions stay short enough to be read in one go; over the limit they are split by noun or verb."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
PYTHON_LINES = 300
FUNCTION_LINES = 60
TEMPLATE_LINES = 120
SCRIPT_LINES = 120
STYLE_LINES = 300
# Brought in whole, or written by a program.
NOT_OURS = {"vendor", "migrations"}


def ours(pattern: str, *folders: str) -> Iterator[Path]:
    for folder in folders:
        for path in sorted((ROOT / folder).rglob(pattern)):
            if not NOT_OURS & set(path.relative_to(ROOT).parts):
                yield path


def too_long(pattern: str, limit: int, *folders: str) -> list[str]:
    lengths = ((path, len(path.read_text(encoding="utf-8").splitlines())) for path in ours(pattern, *folders))
    return [f"{path.relative_to(ROOT)}: {lines} lines, at most {limit}" for path, lines in lengths if lines > limit]


def test_python_files_are_short():
    assert too_long("*.py", PYTHON_LINES, "src", "tests", "tools") == []


def test_templates_are_short():
    assert too_long("*.html", TEMPLATE_LINES, "src") == []


def test_behaviour_scripts_are_short():
    assert too_long("*.js", SCRIPT_LINES, "src") == []


def test_style_sheets_are_short():
    assert too_long("*.css", STYLE_LINES, "src", "tests") == []


def test_functions_are_short():
    long = []
    for path in ours("*.py", "src", "tests", "tools"):
        text = path.read_text(encoding="utf-8")
        if text.count("\n") <= FUNCTION_LINES:
            continue
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                lines = (node.end_lineno or node.lineno) - node.lineno + 1
                if lines > FUNCTION_LINES:
                    long.append(f"{path.relative_to(ROOT)}:{node.lineno}: {node.name} has {lines} lines")
    assert long == []
