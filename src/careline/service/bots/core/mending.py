"""A step put into a flow's text, taken out or renamed, with everything else left as it was written, comments and all.

Text is cut by its lines and read again; where that does not read as what was meant, all of it is written anew.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Mapping
from typing import Any

from django.utils.translation import gettext as _

from careline.kit.refusals import Refused
from careline.service.bots.core import text as texts

Raw = dict[str, Any]
_TABLE = re.compile(r"^[ \t]*\[", re.MULTILINE)
_HEAD = ("name", "start", "intents", "knows")
_TARGETS = ("next", "otherwise", "failed", "declined")
_ROWS = ("options", "cases")


def put(text: str, name: str, step: Mapping[str, Any], *, after: str = "") -> str:
    """`step` in the place of the one of this name; a new one after `after`, or at the end."""
    raw = texts.parsed(text)
    steps = raw.setdefault("steps", {})
    if name in steps:
        steps[name] = dict(step)
        return _told(raw, lambda: _cut(text, name, texts.written_step(name, step)))
    raw["steps"] = _after(steps, name, dict(step), after)
    return _told(raw, lambda: _inserted(text, name, step, after))


def drop(text: str, name: str) -> str:
    """Ways that led to it are left as they are, so that nothing leads elsewhere unseen."""
    raw = texts.parsed(text)
    steps = raw.pop("steps", {})
    if steps := {one: step for one, step in steps.items() if one != name}:
        raw["steps"] = steps
    return _told(raw, lambda: _cut(text, name, ""))


def rename(text: str, old: str, new: str) -> str:
    """With every way that leads there. Refused: the name is taken."""
    raw = texts.parsed(text)
    steps = raw.get("steps", {})
    if new in steps:
        raise Refused(_("Another step is called “%(name)s” already.") % {"name": new}, field="name")
    if old not in steps:
        raise Refused(_("There is no step “%(name)s”.") % {"name": old}, field="name")
    steps[old] = _led(steps[old], old, new)
    whole = {**raw, "steps": {new if name == old else name: step for name, step in steps.items()}}
    changed = _told(whole, lambda: _cut(text, old, texts.written_step(new, steps[old])))
    for name, step in steps.items():
        if name != old and (moved := _led(step, old, new)) != step:
            changed = put(changed, name, moved)
    return head(changed, {"start": new}) if raw.get("start") == old else changed


def head(text: str, changed: Mapping[str, Any]) -> str:
    """What stands above the steps; an empty list is left out."""
    raw = texts.parsed(text)
    for key, value in changed.items():
        if value or key in ("name", "start"):
            raw[key] = value
        else:
            raw.pop(key, None)
    ordered = {key: raw[key] for key in (*_HEAD, *raw) if key in raw}
    return _told(ordered, lambda: _headed(text, ordered, changed))


def led(text: str, step: str, way: str, target: str) -> str:
    """One way of a step leads elsewhere: `next`, `otherwise`, `option 2`, `case 1`."""
    raw = texts.parsed(text)
    found = dict(raw["steps"][step])
    word, _space, number = way.partition(" ")
    if number:
        rows = [dict(one) for one in found[f"{word}s"]]
        rows[int(number) - 1]["next"] = target
        found[f"{word}s"] = rows
    else:
        found[way] = target
    return put(text, step, found)


def _told(raw: Raw, cut: Callable[[], str]) -> str:
    try:
        made = cut()
        if tomllib.loads(made) == raw:
            return made
    except (tomllib.TOMLDecodeError, ValueError):
        pass
    made = texts.written(raw)
    try:
        if tomllib.loads(made) == raw:
            return made
    except tomllib.TOMLDecodeError:
        pass
    raise Refused(_("This can be changed in the text alone."), field="text")


def _place(text: str, name: str) -> tuple[int, int]:
    """Where a step's table begins and ends, with tables of its own and without the comments before the next."""
    named = rf'(?:{re.escape(name)}|"{re.escape(name)}")'
    own = re.compile(rf"^[ \t]*\[\[?[ \t]*steps[ \t]*\.[ \t]*{named}[ \t]*[\].]", re.MULTILINE)
    first = own.search(text)
    if first is None:
        raise ValueError(name)
    ends = (one.start() for one in _TABLE.finditer(text, first.end()) if own.match(text, one.start()) is None)
    end = next(ends, len(text))
    kept = re.search(r"(?:^[ \t]*(?:#.*)?\n)*\Z", text[first.start() : end], re.MULTILINE)
    return first.start(), first.start() + (kept.start() if kept and kept[0] else end - first.start())


def _cut(text: str, name: str, made: str) -> str:
    start, end = _place(text, name)
    return text[:start] + made + (text[end:] if made else text[end:].lstrip("\n"))


def _inserted(text: str, name: str, step: Mapping[str, Any], after: str) -> str:
    made = texts.written_step(name, step)
    if not after:
        return f"{text.rstrip()}\n\n{made}"
    _start, end = _place(text, after)
    return f"{text[:end].rstrip()}\n\n{made}" + (f"\n{text[end:].lstrip()}" if text[end:].strip() else "")


def _headed(text: str, raw: Raw, changed: Mapping[str, Any]) -> str:
    first = _TABLE.search(text)
    above, below = (text[: first.start()], text[first.start() :]) if first else (text, "")
    for key in changed:
        line = re.compile(rf"^[ \t]*{key}[ \t]*=.*\n?", re.MULTILINE)
        made = texts.written({key: raw[key]}) if key in raw else ""
        if line.search(above):
            above = line.sub(made.replace("\\", r"\\"), above, count=1)
        elif made:
            above = f"{above.rstrip()}\n{made}\n" if above.strip() else f"{made}\n"
    return above + below


def _after(steps: Raw, name: str, step: Raw, after: str) -> Raw:
    if after not in steps:
        return {**steps, name: step}
    found: Raw = {}
    for one, kept in steps.items():
        found[one] = kept
        if one == after:
            found[name] = step
    return found


def _led(step: Any, old: str, new: str) -> Any:
    if not isinstance(step, dict):
        return step
    found = {key: new if key in _TARGETS and value == old else value for key, value in step.items()}
    for key in _ROWS:
        if isinstance(found.get(key), list):
            found[key] = [
                {**one, "next": new} if isinstance(one, dict) and one.get("next") == old else one for one in found[key]
            ]
    return found
