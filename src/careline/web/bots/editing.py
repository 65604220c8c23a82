"""A flow being written: the text and the form of one step are one work, whichever of them was touched."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import msgspec
from django.utils.translation import gettext as _

from careline.kit.refusals import Refused
from careline.service.bots.core import mending, text
from careline.service.bots.core.shapes import MOST_STEPS
from careline.service.bots.core.text import Fault
from careline.web.bots import form, picture

Raw = dict[str, Any]
_NAME = re.compile(r"[a-z][a-z0-9_]{0,39}")
_LINE = re.compile(r"at line (\d+)")
NEW = "new:"


class Work(msgspec.Struct):
    """`step` is the name of the one in the form, "" for the head. `raw` is None where the text reads as nothing."""

    text: str
    step: str = ""
    raw: Raw | None = None
    faults: list[Fault] = []
    # Whether the form is another one than was sent.
    is_turned: bool = False

    @property
    def chosen(self) -> Raw | None:
        return (self.raw or {}).get("steps", {}).get(self.step) if self.step else None


def opened(written: str, step: str = "") -> Work:
    work = Work(written, step)
    _read(work)
    if work.step and work.chosen is None:
        work.step = ""
    return work


def sent(post: Mapping[str, str], language: str) -> Work:
    """What the form brought, with what a button did to it. `language` is that of words nobody has written yet."""
    work = Work(post.get("text", "").replace("\r\n", "\n"), post.get("s.step", ""))
    _read(work)
    if work.raw is None:
        return work
    try:
        if work.chosen is not None and "s.do" in post:
            _step(work, post, language)
        elif not work.step and "h.name" in post:
            _head(work, post)
        _act(work, post.get("do") or post.get("add", ""), language)
    except Refused as refusal:
        work.faults.insert(0, Fault(0, work.step, str(refusal).rstrip(".")))
    return work


def _read(work: Work) -> None:
    try:
        work.raw = text.parsed(work.text)
    except Refused as refusal:
        line = _LINE.search(str(refusal))
        work.raw, work.faults = None, [Fault(int(line[1]) if line else 0, "", str(refusal).rstrip("."))]
        return
    work.faults = list(text.faults(work.raw, work.text))
    steps = work.raw.get("steps", {})
    if (
        not isinstance(steps, dict)
        or not all(isinstance(one, dict) for one in steps.values())
        or len(steps) > MOST_STEPS
    ):
        # Nothing that could be drawn.
        work.raw = None


def _became(work: Work, written: str, *, step: str | None = None) -> None:
    work.text = written
    if step is not None:
        work.is_turned = work.is_turned or step != work.step
        work.step = step
    _read(work)


def _step(work: Work, post: Mapping[str, str], language: str) -> None:
    was = work.chosen or {}
    found = form.step(post)
    try:
        shown = msgspec.json.decode(post.get("s.was", "{}"))
    except msgspec.DecodeError:
        shown = {}
    do = post.get("do", "")
    if do.startswith(("option-", "case-")):
        found = form.changed(found, do)
        work.is_turned = True
    if found["do"] != shown.get("do"):
        # The fields of another kind are not there yet.
        found = _whole(work, form.turned({**shown, **found}, found["do"]), language)
        work.is_turned = True
    found, new = _grown(work, found, language)
    if form.plain(found) != form.plain(shown) and form.plain(found) != form.plain(was):
        _became(work, mending.put(work.text, work.step, _whole(work, found, language)))
    name = post.get("s.name", work.step).strip()
    if name != work.step:
        if not _NAME.fullmatch(name):
            raise Refused(_("A step's name is small letters, digits and underscores, and begins with a letter."))
        _became(work, mending.rename(work.text, work.step, name), step=name)
    if new:
        work.is_turned, work.step = True, new


def _grown(work: Work, found: Raw, language: str) -> tuple[Raw, str]:
    """With the new steps its ways were led to, and the last of them. A new one leads on to where the way led before."""
    was, new = work.chosen or {}, ""

    def to(target: Any, before: Any) -> Any:
        nonlocal new
        if not isinstance(target, str) or not target.startswith(NEW):
            return target
        do = target.removeprefix(NEW)
        made = {"do": do, "next": before} if before and "next" in form.FIELDS.get(do, ()) else {"do": do}
        new = _free(work, do)
        _became(work, mending.put(work.text, new, _whole(work, made, language), after=work.step))
        return new

    found = {key: to(one, was.get(key)) if key in form.TARGETS else one for key, one in found.items()}
    for key in ("options", "cases"):
        before = was.get(key, [])
        for number, row in enumerate(found.get(key, [])):
            row["next"] = to(row.get("next"), before[number].get("next") if number < len(before) else None)
    return found, new


def _head(work: Work, post: Mapping[str, str]) -> None:
    raw = work.raw or {}
    found: Raw = {"name": post["h.name"].strip(), "start": post.get("h.start", "")}
    for key in ("intents", "knows"):
        found[key] = [one for part in post.get(f"h.{key}", "").split(",") if (one := part.strip())]
    try:
        shown = msgspec.json.decode(post.get("s.was", "{}"))
    except msgspec.DecodeError:
        shown = {}
    changed = {key: one for key, one in found.items() if one != shown.get(key, []) and one != raw.get(key, [])}
    if changed:
        _became(work, mending.head(work.text, changed))


def _act(work: Work, do: str, language: str) -> None:
    verb, _colon, name = do.partition(":")
    steps = (work.raw or {}).get("steps", {})
    if verb == "choose" and (name in steps or not name):
        work.is_turned, work.step = True, name
    elif verb == "add" and name in form.FIELDS:
        made = _free(work, name)
        _became(work, mending.put(work.text, made, _whole(work, {"do": name}, language), after=work.step), step=made)
    elif verb == "drop" and work.chosen is not None:
        _became(work, mending.drop(work.text, work.step), step="")


def _free(work: Work, do: str) -> str:
    taken = (work.raw or {}).get("steps", {})
    stem = {"hand_over": "person", "end": "goodbye"}.get(do, do)
    return next(
        name
        for number in range(1, len(taken) + 3)
        if (name := stem if number == 1 else f"{stem}_{number}") not in taken
    )


def _whole(work: Work, found: Raw, language: str) -> Raw:
    """With what a step of its kind cannot be without, so that it can be kept as it is."""
    raw = work.raw or {}
    steps = raw.get("steps", {})
    ends = [name for name, one in steps.items() if one.get("do") in ("end", "hand_over") and name != work.step]
    last = next(iter(ends), "")
    known = next(iter(raw.get("knows", [])), "") or next((one["into"] for one in steps.values() if one.get("into")), "")
    words = {language: "…"}
    ready: dict[str, Raw] = {
        "say": {"words": words}, "ask": {"words": words, "into": "answer"},
        "choose": {"words": words, "options": [{"words": words, "next": last}]},
        "branch": {"cases": [{"value": known or "answer", "how": "known", "next": last}], "otherwise": last},
        "set": {"values": {"done": True}}, "call": {"url": "https://example.com/"},
        "look": {"at": "orders", "takes": {"status": "status"}}, "offer": {"about": known or "answer"},
        "wait": {"minutes": 60},
    }  # fmt: skip
    whole = dict(ready.get(str(found["do"]), {}))
    if "next" in form.FIELDS.get(found["do"], ()):
        whole["next"] = last
    made = {**whole, **{key: one for key, one in found.items() if one not in ("", None, {}, [])}}
    for row in made.get("options", []):
        row.setdefault("words", words)
    # In the order in which a step is read.
    order = ["do", *form.FIELDS.get(str(found["do"]), ())]
    return {key: made[key] for key in [*order, *(one for one in made if one not in order)] if made.get(key, "") != ""}


def excerpts(raw: Raw, language: str) -> dict[str, str]:
    """What each step of a picture shows of itself."""
    found = {}
    for name, step in raw.get("steps", {}).items():
        if not isinstance(step, dict):
            continue
        words = step.get("words")
        if isinstance(words, dict) and words:
            said = words.get(language) or next(iter(words.values()))
        else:
            said = step.get("url") or step.get("at") or step.get("about") or ""
            if "minutes" in step:
                said = _("%(minutes)s minutes") % {"minutes": step["minutes"]}
            elif step.get("cases") and isinstance(step["cases"], list):
                said = ", ".join({str(one.get("value")): 0 for one in step["cases"] if isinstance(one, dict)})
            elif isinstance(step.get("values"), dict):
                said = ", ".join(step["values"])
        found[name] = str(said)
    return found


def drawn(work: Work, language: str, *, mirrored: bool) -> picture.Picture | None:
    return None if work.raw is None else picture.draw(work.raw, excerpts(work.raw, language), mirrored=mirrored)
