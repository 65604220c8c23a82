"""A flow as text (TOML) and back. What is unknown or leads nowhere is refused, with the line where it stands."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

import msgspec
from django.utils.translation import gettext as _

from careline.kit.refusals import Refused
from careline.service.bots.core.shapes import (
    MOST_STEPS,
    Ask,
    Branch,
    Call,
    Choose,
    Flow,
    Look,
    Node,
    Offer,
    Set,
    Wait,
    exits,
)  # fmt: skip

LONGEST = 256 * 1024
_PLACES = re.compile(r"\{([^{}]*)\}")
_UNKNOWN = re.compile(r"unknown field `(\w+)`")
_WHERE = re.compile(r" - at `\$(?:\.steps)?(?:\[\.\.\.\])?(.*)`$")


class Fault(NamedTuple):
    """What is wrong: the `line` it stands in (0 where that is not to be seen), the `step` ("" is the head), and why."""

    line: int
    step: str
    why: str

    @property
    def sentence(self) -> str:
        said = (_("Step “%(step)s”: %(why)s.") if self.step else "%(why)s.") % {"step": self.step, "why": self.why}
        return _("Line %(line)s: %(why)s") % {"line": self.line, "why": said} if self.line else said


def read(text: str) -> Flow:
    """Refused: "Line 12: …"."""
    return checked(parsed(text), text)


def parsed(text: str) -> dict[str, Any]:
    """Its raw form, sensible or not."""
    if len(text) > LONGEST:
        raise Refused(_("A flow is at most %(most)s KB of text.") % {"most": LONGEST // 1024}, field="text")
    try:
        return tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise Refused(_("This is no TOML: %(why)s.") % {"why": str(error).rstrip(".")}, field="text") from None


def checked(raw: Mapping[str, Any], text: str = "") -> Flow:
    """From its raw form; `text` is where lines are looked for."""
    for fault in faults(raw, text):
        raise Refused(fault.sentence, field="text")
    return msgspec.convert(raw, Flow)


def faults(raw: Mapping[str, Any], text: str = "") -> Iterator[Fault]:
    """All that is wrong: first what no step can be, then where ways lead."""
    steps = raw.get("steps")
    is_whole = True
    if isinstance(steps, dict):
        if len(steps) > MOST_STEPS:
            sentence = _("A flow has at most %(most)s steps; this one has %(count)s")
            yield Fault(0, "", sentence % {"most": MOST_STEPS, "count": len(steps)})
            return
        # One by one, so that a refusal can name the step.
        for name, step in steps.items():
            try:
                msgspec.convert({name: step}, dict[str, Node])
            except msgspec.ValidationError as error:
                yield _fault(text, name, str(error))
                is_whole = False
    if not is_whole:
        return
    try:
        flow = msgspec.convert(raw, Flow)
    except msgspec.ValidationError as error:
        yield _fault(text, "", str(error))
        return
    for name, why in _wrong(flow):
        yield _fault(text, name, why)


def _fault(text: str, step: str, why: str) -> Fault:
    said = _WHERE.sub(lambda found: f" ({found[1].lstrip('.')})" if found[1] else "", why).rstrip(".")
    return Fault(_line(text, step, why), step, said)


def _line(text: str, step: str, why: str) -> int:
    """Where a step begins, or where a field stands that is unknown at the top; 0 where that is not to be seen."""
    field = _UNKNOWN.search(why)
    named = rf'"?{re.escape(step)}"?[ \t]*'
    if step:
        wanted = [rf"^[ \t]*\[[ \t]*steps[ \t]*\.[ \t]*{named}[\].]", rf"^[ \t]*(?:steps[ \t]*\.[ \t]*)?{named}[.=]"]
    else:
        wanted = [rf"^[ \t]*\[*[ \t]*{re.escape(field[1])}\b"] if field else []
    found = next((one for way in wanted if (one := re.search(way, text, re.MULTILINE))), None)
    return text.count("\n", 0, found.start()) + 1 if found else 0


def _wrong(flow: Flow) -> Iterator[tuple[str, str]]:
    """What no shape can say: where ways lead, which values there are, and what goes round without waiting."""
    if flow.start not in flow.steps:
        yield "", _("it starts at “%(name)s”, and there is no such step") % {"name": flow.start}
        return
    leads_on = True
    for name, node in flow.steps.items():
        for way, target in exits(node).items():
            if target is not None and target not in flow.steps:
                leads_on = False
                yield name, _("its exit “%(way)s” leads to “%(name)s”, and there is no such step") % {
                    "way": way, "name": target,
                }  # fmt: skip
    if not leads_on:
        return
    known = {*flow.knows, *(value for node in flow.steps.values() for value in _sets(node))}
    for name, node in flow.steps.items():
        for value in _uses(node):
            if value not in known:
                yield name, _("no step brings the value “%(name)s”") % {"name": value[:60]}
        if isinstance(node, Call) and node.irreversible and node.confirm is None:
            yield name, _("what cannot be undone needs words to confirm it")
    reached = _reached(flow)
    for name in flow.steps:
        if name not in reached:
            yield name, _("no step leads here")
    if (around := _round(flow)) is not None:
        yield around, _("the flow goes round here without waiting for the customer")


def _sets(node: Node) -> list[str]:
    if isinstance(node, Ask):
        return [node.into]
    if isinstance(node, Set):
        return list(node.values)
    if isinstance(node, Call | Look):
        return list(node.takes)
    return ["article", "link"] if isinstance(node, Offer) else []


def _uses(node: Node) -> Iterator[str]:
    for said in (getattr(node, "words", None), getattr(node, "again", None), getattr(node, "confirm", None)):
        for words in (said or {}).values():
            yield from _PLACES.findall(words)
    if isinstance(node, Choose):
        yield from (place for one in node.options for words in one.words.values() for place in _PLACES.findall(words))
    elif isinstance(node, Branch):
        yield from (one.value for one in node.cases)
    elif isinstance(node, Call):
        yield from node.sends
    elif isinstance(node, Offer):
        yield node.about
    elif isinstance(node, Look) and node.by:
        yield node.by


def _reached(flow: Flow) -> set[str]:
    reached, todo = {flow.start}, [flow.start]
    while todo:
        new = {one for one in exits(flow.steps[todo.pop()]).values() if one is not None} - reached
        reached |= new
        todo += new
    return reached


def _round(flow: Flow) -> str | None:
    """A step on a way round on which nothing is awaited: what is left without all that begins or ends nowhere."""
    ways = {
        name: {one for one in exits(node).values() if one is not None}
        for name, node in flow.steps.items() if not isinstance(node, Ask | Choose | Wait)
    }  # fmt: skip
    while True:
        met = set().union(*ways.values())
        ends = {name for name, targets in ways.items() if name not in met or not targets & ways.keys()}
        if not ends:
            return next((name for name in flow.steps if name in ways), None)
        ways = {name: targets for name, targets in ways.items() if name not in ends}


def write(flow: Flow) -> str:
    """The text that reads as this flow: its head, then a table a step, in their order."""
    return written(msgspec.to_builtins(flow))


def written(raw: Mapping[str, Any]) -> str:
    """A raw form as text."""
    head = "".join(f"{key} = {_value(value)}\n" for key, value in raw.items() if key != "steps")
    return head + "".join("\n" + written_step(name, step) for name, step in raw.get("steps", {}).items())


def written_step(name: str, step: Mapping[str, Any]) -> str:
    """Its table; of options and cases each has a line."""
    return f"[steps.{_key(name)}]\n" + "".join(f"{key} = {_long(value)}\n" for key, value in step.items())


def _long(value: Any) -> str:
    if isinstance(value, list) and value and isinstance(value[0], dict):
        return "[\n" + "".join(f"  {_value(one)},\n" for one in value) + "]"
    return _value(value)


def _value(value: Any) -> str:
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{_key(key)} = {_value(one)}" for key, one in value.items()) + " }"
    if isinstance(value, list):
        return "[" + ", ".join(_value(one) for one in value) + "]"
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
    if isinstance(value, bool):
        return "true" if value else "false"
    return repr(value)


def _key(key: str) -> str:
    return key if re.fullmatch(r"[A-Za-z0-9_-]+", key) else json.dumps(key, ensure_ascii=False)
