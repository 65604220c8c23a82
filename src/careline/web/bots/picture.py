"""A flow drawn: steps in layers by how far they are from the start, their ways as lines between them.

Drawn from the raw form, so that what is being written is seen whether it can be kept or not. Coordinates are numbers
for an SVG; in a language written from right to left they are mirrored here.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import msgspec

WIDE, HIGH, GAP, DROP = 184, 62, 28, 66
EDGE = 20
# Ways back run beside the steps, each in a lane of its own; further ones share the last.
LANE, LANES = 12, 8
# More of a layer stand below each other.
_BESIDE = 8
# Passes over the layers that put steps beside what leads to them.
_PASSES = 4
PERSON = ""
Raw = Mapping[str, Any]
Way = tuple[str, str]


class Node(msgspec.Struct, frozen=True):
    name: str
    do: str
    words: str
    x: int
    y: int
    is_start: bool = False
    is_loose: bool = False


class Line(msgspec.Struct, frozen=True):
    """`path` of an SVG; the way's number or word stands at `x`, `y` where a step has several."""

    step: str
    way: str
    target: str
    path: str
    word: str = ""
    x: int = 0
    y: int = 0
    is_lost: bool = False


class Picture(msgspec.Struct, frozen=True):
    width: int
    height: int
    nodes: list[Node]
    lines: list[Line]


def ways(step: Raw) -> list[tuple[str, str | None]]:
    """As core.shapes.exits, of a step that may be half written: None leads to a person."""
    do = step.get("do")
    found: list[tuple[str, str | None]] = []
    for key, word in (("options", "option"), ("cases", "case")):
        rows = step.get(key) if do in ("choose", "branch") else None
        if isinstance(rows, list):
            found += [(f"{word} {n}", _to(row, "next")) for n, row in enumerate(rows, 1) if isinstance(row, dict)]
    named = {
        "say": ("next",), "set": ("next",), "wait": ("next",), "ask": ("next", "otherwise"),
        "offer": ("next", "otherwise"), "choose": ("otherwise",), "branch": ("otherwise",), "look": ("next", "failed"),
        "call": ("next", "declined", "failed") if step.get("irreversible") is True else ("next", "failed"),
    }.get(str(do), ())  # fmt: skip
    return found + [(way, _to(step, way)) for way in named]


def _to(row: Raw, key: str) -> str | None:
    target = row.get(key)
    return target if isinstance(target, str) and target else None


def draw(raw: Raw, said: Mapping[str, str], *, mirrored: bool = False) -> Picture:
    """`said` is what each step shows of its words."""
    steps = {name: step for name, step in (_table(raw.get("steps"))).items() if isinstance(step, dict)}
    led = {name: [(way, to) for way, to in ways(step) if to is not None] for name, step in steps.items()}
    start = raw.get("start") if raw.get("start") in steps else next(iter(steps), "")
    layers, loose = _layers(steps, led, str(start))
    layers = [layer[n : n + _BESIDE] for layer in layers for n in range(0, len(layer), _BESIDE)]
    width = max((len(one) for one in layers), default=1) * (WIDE + GAP) - GAP
    at: dict[str, tuple[int, int]] = {}
    for depth, layer in enumerate(layers):
        left = EDGE + (width - len(layer) * (WIDE + GAP) + GAP) // 2
        for place, name in enumerate(layer):
            at[name] = left + place * (WIDE + GAP), EDGE + depth * (HIGH + DROP)
    lines, lanes = _lines(led, at, width)
    whole = width + 2 * EDGE + lanes * LANE
    nodes = [
        Node(name, str(steps[name].get("do", "")), said.get(name, ""), x, y, name == start, name in loose)
        for name, (x, y) in at.items()
    ]
    if mirrored:
        nodes, lines = _mirrored(nodes, lines, whole)
    return Picture(whole, 2 * EDGE + len(layers) * (HIGH + DROP) - DROP, nodes, lines)


def _table(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _layers(steps: Iterable[str], led: Mapping[str, list[Way]], start: str) -> tuple[list[list[str]], set[str]]:
    """The nearest first; what nothing leads to begins a part of its own below."""
    depth: dict[str, int] = {}
    loose: set[str] = set()
    for name in [start, *steps]:
        if name in depth or not name:
            continue
        below = max(depth.values(), default=-1) + 1
        if name != start:
            loose.add(name)
        todo = [(name, below)]
        while todo:
            following: list[tuple[str, int]] = []
            for one, far in todo:
                if one not in depth:
                    depth[one] = far
                    following += [(to, far + 1) for _way, to in led[one] if to in led]
            todo = following
    layers: list[list[str]] = [[] for _layer in range(max(depth.values(), default=-1) + 1)]
    for name, far in depth.items():
        layers[far].append(name)
    return _ordered(layers, led), loose


def _ordered(layers: list[list[str]], led: Mapping[str, list[Way]]) -> list[list[str]]:
    """Each step near the middle of what leads to it and what it leads to, so that few lines cross."""
    near: dict[str, list[str]] = defaultdict(list)
    for name, found in led.items():
        for _way, to in found:
            if to in led:
                near[name].append(to)
                near[to].append(name)
    for _pass in range(_PASSES):
        place = {name: n - len(layer) / 2 for layer in layers for n, name in enumerate(layer)}
        layers = [
            sorted(layer, key=lambda name: _middle([place[one] for one in near[name]], place[name]))
            for layer in layers
        ]  # fmt: skip
    return layers


def _middle(places: Sequence[float], own: float) -> float:
    return sum(places) / len(places) if places else own


def _lines(led: Mapping[str, list[Way]], at: Mapping[str, tuple[int, int]], width: int) -> tuple[list[Line], int]:
    found, back = [], 0
    for name, leads in led.items():
        x, y = at[name]
        for number, (way, to) in enumerate(leads, 1):
            out = x + WIDE * number // (len(leads) + 1)
            word = way.split(" ")[-1] if len(leads) > 1 else ""
            if to not in at:
                path = f"M{out} {y + HIGH}v{DROP // 2}"
                found.append(Line(name, way, to, path, word, out, y + HIGH + 16, is_lost=True))
                continue
            into, below = at[to][0] + WIDE // 2, at[to][1]
            if below > y:
                half = (y + HIGH + below) // 2
                path = f"M{out} {y + HIGH}C{out} {half} {into} {half} {into} {below}"
            else:
                back += 1
                side = width + 2 * EDGE + LANE * (min(back, LANES) - 1)
                path = (
                    f"M{out} {y + HIGH}v12Q{out} {y + HIGH + 20} {out + 8} {y + HIGH + 20}H{side - 8}"
                    f"Q{side} {y + HIGH + 20} {side} {y + HIGH + 12}V{below - 8}"
                    f"Q{side} {below - 16} {side - 8} {below - 16}H{into + 8}"
                    f"Q{into} {below - 16} {into} {below - 8}V{below}"
                )
            found.append(Line(name, way, to, path, word, out, y + HIGH + 16))
    return found, min(back, LANES)


def _mirrored(nodes: list[Node], lines: list[Line], whole: int) -> tuple[list[Node], list[Line]]:
    turned = [msgspec.structs.replace(one, x=whole - one.x - WIDE) for one in nodes]
    return turned, [msgspec.structs.replace(one, x=whole - one.x) for one in lines]
