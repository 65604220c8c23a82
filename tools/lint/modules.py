"""Rules about Python modules: who writes whose rows, what things are called, how shallow a job is."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache

from tools.lint.finding import Finding, Source, room_of, sources

WRITES = {
    "create", "bulk_create", "get_or_create", "update_or_create", "update", "bulk_update", "delete", "save",
    "acreate", "asave", "adelete", "aupdate",
}  # fmt: skip
BANNED_WORDS = {"manager", "managers", "handler", "handlers", "helper", "helpers", "util", "utils"}
BANNED_MODULES = BANNED_WORDS | {"data", "info", "process", "misc", "common"}
BANNED_FUNCTIONS = BANNED_WORDS | {"info", "process"}
# What Django calls a middleware's hooks.
HOOKS = {"process_exception", "process_view", "process_template_response"}
NOTIFY = re.compile(r"\bpg_notify\s*\(|^\s*NOTIFY\s+\w|;\s*NOTIFY\s", re.IGNORECASE | re.MULTILINE)
# Exceptions whose sentence somebody reads; whatever is made of them is one too.
READ = {"Refused", "DeliveryFailed", "Unreadable", "NotSent"}
# Programs and operators are answered in English.
ENGLISH = {"api", "cli", "config", "bench", "demo"}
LETTER = re.compile(r"[^\W\d_]")
DOCUMENTED = ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef


def foreign_writes(source: Source) -> Iterator[Finding]:
    """Only a room itself writes its rows; others call its actions."""
    foreign = {name: room for name, room in models_imported(source) if room != source.room}
    if not foreign:
        return
    yield from writes_of(foreign, source)


def models_imported(source: Source) -> Iterator[tuple[str, str]]:
    for node in source.nodes:
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("careline."):
            parts = tuple((node.module or "").split("."))[1:]
            for alias in node.names:
                if "models" in parts or alias.name == "models":
                    yield alias.asname or alias.name, room_of(parts)


def writes_of(foreign: dict[str, str], source: Source) -> Iterator[Finding]:
    held = dict(foreign)
    for node in source.nodes:
        # `person = Person.objects.get(...)` makes `person` a row of the other room too.
        if isinstance(node, ast.Assign) and (name := root_name(node.value)) in foreign:
            held |= {target.id: foreign[name] for target in node.targets if isinstance(target, ast.Name)}
    for node in source.nodes:
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in WRITES:
            name = root_name(node.func)
            if name in held:
                yield Finding(
                    source.path,
                    node.lineno,
                    "foreign-write",
                    f"`{name}` is of the room {held[name]}; call one of its actions instead of `.{node.func.attr}`.",
                )


def root_name(node: ast.expr) -> str:
    """The name a chain of attributes, calls and indexes begins with."""
    while not isinstance(node, ast.Name):
        if isinstance(node, ast.Attribute | ast.Subscript | ast.Await):
            node = node.value
        elif isinstance(node, ast.Call):
            node = node.func
        else:
            return ""
    return node.id


def prints(source: Source) -> Iterator[Finding]:
    for node in source.nodes:
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in {"print", "pprint"}:
            yield Finding(source.path, node.lineno, "print", "Commands speak through careline.cli.say; rooms log.")


def banned_names(source: Source) -> Iterator[Finding]:
    """A name that fits anything says nothing."""
    for part in source.module:
        if set(part.split("_")) & BANNED_MODULES:
            yield Finding(source.path, 1, "banned-name", f"`{part}` says nothing; name what the module holds.")
    for node in source.nodes:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            words = set(node.name.lower().split("_"))
            banned = words & BANNED_FUNCTIONS or node.name.startswith(("do_", "_do_"))
            if banned and node.name not in HOOKS:
                yield Finding(source.path, node.lineno, "banned-name", f"`{node.name}`: use the verb of the domain.")
        elif isinstance(node, ast.ClassDef):
            words = {word.lower() for word in re.findall(r"[A-Z][a-z0-9]*", node.name)}
            if words & BANNED_FUNCTIONS:
                yield Finding(source.path, node.lineno, "banned-name", f"`{node.name}`: use the noun of the domain.")


def deep_jobs(source: Source) -> Iterator[Finding]:
    """A job makes one call; what it does is an action that anybody may call."""
    if source.module[-1:] != ("jobs",) or source.room == "kit":
        return
    for node in source.tree.body:
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            continue
        body = [line for line in node.body if not isinstance(line, ast.Import | ast.ImportFrom) and not is_text(line)]
        if len(body) != 1 or not isinstance(body[0], ast.Expr | ast.Return):
            yield Finding(source.path, node.lineno, "deep-job", f"`{node.name}` does more than one call.")


def notifies(source: Source) -> Iterator[Finding]:
    """NOTIFY takes a lock at commit that all writers share: only the bus sends it, on its own connection."""
    if source.room == "kit":
        return
    documented = [node.body[0] for node in source.nodes if isinstance(node, DOCUMENTED) and node.body]
    told = {id(line.value) for line in documented if isinstance(line, ast.Expr)}
    for node in source.nodes:
        if not isinstance(node, ast.Constant) or not isinstance(node.value, str) or id(node) in told:
            continue
        if NOTIFY.search(node.value):
            yield Finding(source.path, node.lineno, "notify", "Publish on kit.bus after commit instead of NOTIFY.")


def untranslated_refusals(source: Source) -> Iterator[Finding]:
    """A refusal comes in the language of whoever reads it: its sentence is made by gettext where it is raised."""
    if source.room in ENGLISH:
        return
    for node in source.nodes:
        if not isinstance(node, ast.Call) or not node.args:
            continue
        name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        if name in refusals() and is_written(node.args[0]):
            yield Finding(source.path, node.lineno, "untranslated-refusal", f"`{name}` takes a sentence of _().")


@cache
def refusals() -> frozenset[str]:
    bases: dict[str, set[str]] = {}
    for source in sources("*.py"):
        for node in source.nodes:
            if isinstance(node, ast.ClassDef):
                bases.setdefault(node.name, set()).update(one.id for one in node.bases if isinstance(one, ast.Name))
    found = set(READ)
    while more := {name for name, made_of in bases.items() if made_of & found} - found:
        found |= more
    return frozenset(found)


def is_written(sentence: ast.expr) -> bool:
    """Words in the code itself, filled in or not, or a constant of them."""
    while isinstance(sentence, ast.BinOp | ast.Call | ast.Attribute):
        if isinstance(sentence, ast.BinOp):
            sentence = sentence.left
        elif isinstance(sentence, ast.Attribute):
            sentence = sentence.value
        elif isinstance(sentence.func, ast.Attribute):
            sentence = sentence.func.value
        else:
            return False
    if isinstance(sentence, ast.Name):
        return sentence.id.isupper()
    parts = sentence.values if isinstance(sentence, ast.JoinedStr) else [sentence]
    return any(isinstance(part, ast.Constant) and LETTER.search(str(part.value)) for part in parts)


def is_text(line: object) -> bool:
    return isinstance(line, ast.Expr) and isinstance(line.value, ast.Constant) and isinstance(line.value.value, str)


RULES = [foreign_writes, prints, banned_names, deep_jobs, notifies, untranslated_refusals]
