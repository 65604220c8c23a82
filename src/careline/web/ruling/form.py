"""The form of a rule: its fields read into raw forms, its steps changed by a button, and drawn again."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from careline.accounts import queries as accounts
from careline.accounts.actor import Actor
from careline.customers import queries as customers
from careline.hooks import queries as hooks
from careline.service.conversations.conditions import catalog
from careline.service.rules import promising
from careline.service.rules.reading import HEARD
from careline.service.rules.shapes import MOST
from careline.web import kind_words
from careline.web.people.drawn import language_words
from careline.web.ruling import words

UNITS = {"minutes": 1, "hours": 60, "days": 1440}
Step = dict[str, Any]


def when(form: Mapping[str, str]) -> dict[str, Any]:
    kind, _colon, name = form.get("when", "").partition(":")
    if kind == "since":
        return {"since": name, "minutes": _minutes(form, "when")}
    return {"kind": name}


def steps(form: Mapping[str, str]) -> list[Step]:
    """As the form says; what of it cannot be is refused by whoever checks it."""
    count = form.get("steps", "")
    number = min(int(count), MOST) if count.isdecimal() and len(count) < 4 else 0
    return [_step(form, f"step.{n}") for n in range(number) if f"step.{n}.do" in form]


def _step(form: Mapping[str, str], place: str) -> Step:
    def said(name: str) -> str:
        return form.get(f"{place}.{name}", "").strip()

    match form[f"{place}.do"]:
        case "tag" | "untag" as do:
            return {"do": do, "tags": [one for part in said("tags").split(",") if (one := part.strip())]}
        case "priority":
            return {"do": "priority", "priority": int(said("priority")) if said("priority").isdecimal() else 0}
        case "assign":
            named = {"agent_id": said("agent"), "team_id": said("team")}
            return {"do": "assign"} | {name: one for name, one in named.items() if one}
        case "reply":
            begins = f"{place}.words."
            languages = {name.removeprefix(begins): one for name, one in form.items() if name.startswith(begins)}
            written = {language: one.replace("\r\n", "\n") for language, one in languages.items() if one.strip()}
            return {"do": "reply", "words": written}
        case "note":
            return {"do": "note", "words": said("words").replace("\r\n", "\n")}
        case "webhook":
            return {"do": "webhook", "endpoint_id": said("program")}
        case "promise":
            return {"do": "promise"} | ({"policy_id": said("promise")} if said("promise") else {})
        case "field":
            return {"do": "field", "name": said("name"), "value": _typed(said("name"), said("value"))}
        case "state" if said("state") == "snoozed":
            return {"do": "state", "state": "snoozed", "minutes": _minutes(form, place)}
        case "state":
            return {"do": "state", "state": said("state") or "resolved"}
        case "thread":
            return {"do": "thread", "next_words": said("next") or "begin"}
        case "wait":
            return {"do": "wait", "minutes": _minutes(form, place)}
        case other:
            return {"do": other}


def _minutes(form: Mapping[str, str], place: str) -> Any:
    written = form.get(f"{place}.number", "").strip()
    number = int(written) if written.isdecimal() and len(written) < 7 else None
    return 60 if number is None else number * UNITS.get(form.get(f"{place}.unit", ""), 1)


def _typed(name: str, value: str) -> Any:
    """As an attribute keeps it; empty takes it away."""
    definition = next(iter(customers.attributes("conversation").filter(name=name)), None) if "\0" not in name else None
    if definition is None or not value:
        return value or None
    if definition.type == "boolean":
        return {"yes": True, "no": False}.get(value.casefold(), value)
    if definition.type == "number":
        try:
            number = float(value.replace(",", "."))
        except ValueError:
            return value
        return int(number) if number.is_integer() else number
    return value


def changed(found: list[Step], word: str) -> list[Step]:
    """What a button did: "step-add", "step-drop:2", "step-up:2"."""
    verb, _colon, place = word.partition(":")
    number = int(place) if place.isdecimal() and len(place) < 4 else -1
    if verb == "step-add":
        found.append({"do": "tag", "tags": []})
    elif verb == "step-drop" and 0 <= number < len(found):
        found.pop(number)
    elif verb == "step-up" and 0 < number < len(found):
        found[number - 1], found[number] = found[number], found[number - 1]
    return found


def drawn(found: list[Step], actor: Actor) -> dict[str, Any]:
    """What `settings/_automation_steps.html` needs."""
    promises = promising.policies(actor)
    # A house without promises is not offered any.
    kinds = [one for one in words.steps().items() if promises or one[0] != "promise"]
    return {
        "steps": [{**one, **_long(one.get("minutes"))} for one in found], "kinds_of_step": kinds,
        "promises": [("", _("the one its conditions say")), *promises],
        "agents": [("", "–"), *((str(one.pk), one.name) for one in accounts.agents(actor).filter(is_active=True))],
        "teams": [("", "–"), *((str(one.pk), one.name) for one in accounts.teams(actor))],
        "programs": [(str(one.pk), one.name) for one in hooks.endpoints(actor)],
        "fields": [(one.name, one.label) for one in customers.attributes("conversation")],
        "priorities": list(catalog.choice_words("priority").items()), "states": list(words.states().items()),
        "nexts": list(words.next_words().items()), "languages": _languages(), "most": MOST,
    }  # fmt: skip


def _languages() -> list[tuple[str, str]]:
    """Those the house speaks."""
    reader = get_language() or "en"
    return [(one, language_words(one, reader)) for one in accounts.organization().languages or ["en"]]


def whens() -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
    """What a rule can be asked on: times, and kinds of touchpoint by their word."""
    times = [(f"since:{name}", word) for name, word in words.sinces().items()]
    kinds = sorted(((f"kind:{one}", kind_words.word(one)) for one in HEARD), key=lambda one: one[1].casefold())
    return times, kinds


def asked_on(raw: Mapping[str, Any]) -> dict[str, Any]:
    """When it is asked, as the form shows it."""
    chosen = f"since:{raw['since']}" if raw.get("since") else f"kind:{raw.get('kind') or 'conversation.opened'}"
    return {"when": chosen, **_long(raw.get("minutes"))}


def _long(minutes: Any) -> dict[str, Any]:
    """In the largest unit that says it exactly."""
    if not isinstance(minutes, int) or minutes < 1:
        return {"number": 1, "unit": "hours"}
    unit = next(name for name, one in reversed(UNITS.items()) if minutes % one == 0)
    return {"number": minutes // UNITS[unit], "unit": unit}
