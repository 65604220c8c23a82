"""The form of a step: its fields read into the raw form, and what its rows become by a button."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from careline.service.bots.core.shapes import MOST_OPTIONS

Raw = dict[str, Any]
Post = Mapping[str, str]
FIELDS = {
    "say": ("words", "next"), "ask": ("words", "into", "check", "again", "tries", "next", "otherwise"),
    "choose": ("words", "options", "tries", "otherwise"), "branch": ("cases", "otherwise"), "set": ("values", "next"),
    "call": (
        "url", "method", "secret", "sends", "takes", "irreversible", "confirm", "next", "declined", "failed",
    ),
    "look": ("at", "by", "takes", "next", "failed"), "offer": ("about", "next", "otherwise"),
    "wait": ("minutes", "next"), "hand_over": ("words",), "end": ("words", "resolves"),
}  # fmt: skip
TARGETS = ("next", "otherwise", "declined", "failed")
_DEFAULTS = {"check": "text", "tries": 2, "method": "POST", "irreversible": False, "resolves": False, "how": "is"}
_WORDS, _TICKS, _NUMBERS, _PAIRS = ("words", "again", "confirm"), ("irreversible", "resolves"), ("tries", "minutes"), (
    "takes", "values",
)  # fmt: skip
_NUMBER = re.compile(r"[-+]?\d{1,15}(\.\d{1,9})?")


def step(post: Post) -> Raw:
    """As the form says; what of it cannot be is told by whoever reads the flow."""
    do = post.get("s.do", "")
    made: Raw = {"do": do}
    for name in FIELDS.get(do, ()):
        value = _read(post, name)
        if value not in ("", None, {}, []) and value != _DEFAULTS.get(name):
            made[name] = value
    return made


def _read(post: Post, name: str) -> Any:
    said = post.get(f"s.{name}", "").replace("\r\n", "\n").strip()
    if name in _WORDS:
        return _said(post, f"s.{name}")
    if name in _TICKS:
        return said == "on"
    if name in _NUMBERS:
        return int(said) if said.isascii() and said.isdecimal() and len(said) < 10 else said
    if name in _PAIRS:
        rows = (line.partition("=") for line in said.split("\n") if line.strip())
        return {key.strip(): typed(value.strip()) if name == "values" else value.strip() for key, _is, value in rows}
    if name == "sends":
        return [one for part in said.split(",") if (one := part.strip())]
    if name in ("options", "cases"):
        return [_row(post, name, number) for number in range(MOST_OPTIONS + 1) if f"s.{name}.{number}.next" in post]
    return said


def _row(post: Post, name: str, number: int) -> Raw:
    place = f"s.{name}.{number}"
    target = post[f"{place}.next"]
    if name == "options":
        return {"words": _said(post, f"{place}.words"), "next": target}
    how = post.get(f"{place}.how", "is")
    made: Raw = {"value": post.get(f"{place}.value", "").strip()}
    if how != "is":
        made["how"] = how
    if how not in ("known", "unknown"):
        made["than"] = typed(post.get(f"{place}.than", "").strip())
    return made | {"next": target}


def _said(post: Post, place: str) -> Raw:
    begins = f"{place}."
    found = {name.removeprefix(begins): one.replace("\r\n", "\n").strip() for name, one in post.items()
             if name.startswith(begins)}  # fmt: skip
    return {language: one for language, one in found.items() if one}


def typed(said: str) -> Any:
    """true, false and numbers are what they look like; in quotes they are words."""
    if said in ("true", "false"):
        return said == "true"
    if _NUMBER.fullmatch(said):
        return float(said) if "." in said else int(said)
    return said[1:-1] if len(said) > 1 and said[0] == said[-1] == '"' else said


def shown(value: Any) -> str:
    """The other way round."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str) and not isinstance(typed(value), str):
        return f'"{value}"'
    return str(value)


def plain(raw: Any) -> Any:
    """Without what says nothing, so that two forms of the same are equal."""
    if isinstance(raw, dict):
        said = {name: plain(one) for name, one in raw.items() if one != _DEFAULTS.get(name)}
        return {name: one for name, one in said.items() if one not in ("", None, {}, [])}
    return [plain(one) for one in raw] if isinstance(raw, list) else raw


def changed(found: Raw, word: str) -> Raw:
    """What a button did: "option-add", "case-drop:1", "option-up:1"."""
    verb, _colon, place = word.partition(":")
    kind, _dash, act = verb.partition("-")
    key = {"option": "options", "case": "cases"}.get(kind)
    rows = list(found.get(key or "", []))
    number = int(place) if place.isascii() and place.isdecimal() and len(place) < 4 else -1
    if key is None:
        return found
    if act == "add" and len(rows) < MOST_OPTIONS:
        rows.append(dict(rows[-1]) if rows else {})
        rows[-1].pop("words", None)
    elif act == "drop" and 0 <= number < len(rows):
        rows.pop(number)
    elif act == "up" and 0 < number < len(rows):
        rows[number - 1], rows[number] = rows[number], rows[number - 1]
    return {**found, key: rows}


def turned(found: Raw, do: str) -> Raw:
    """Another kind of step, with what both have."""
    kept = {name: one for name, one in found.items() if name in FIELDS.get(do, ())}
    return {"do": do, **kept}


def pairs(found: Any) -> str:
    """A line each: name = value."""
    return "\n".join(f"{name} = {value}" for name, value in found.items()) if isinstance(found, dict) else ""
