"""A plan as a form: what stands in its fields, and how they are read back."""

from __future__ import annotations

from datetime import date
from typing import Any

import msgspec
from django.http import QueryDict
from django.utils.translation import gettext as _

from careline.experience.surveys.sending.shapes import DAY, Planned
from careline.kit.refusals import Refused

# Empty lines for new conditions.
MORE = 1
MOST = 10
HOUR = 60
_MINUTES = {"minutes": 1, "hours": HOUR, "days": DAY}


def begun(kind: str) -> dict[str, Any]:
    wave = kind == "wave"
    return of(Planned(name="", kind="wave" if wave else "after", ways=["email"] if wave else ["conversation", "email"]))


def of(planned: Planned) -> dict[str, Any]:
    """What is kept, as text."""
    span, unit = _span(planned.delay_minutes)
    given = msgspec.structs.asdict(planned)
    numbers = ("every", "hour", "share", "reminders", "remind_days", "ends_days")
    return given | {name: str(given[name]) for name in numbers} | {
        "delay": str(span), "span": unit, "begins_on": planned.begins_on.isoformat() if planned.begins_on else "",
        "segment": "" if planned.segment_id is None else str(planned.segment_id),
        "inboxes": [str(one) for one in planned.inbox_ids], "ways": " ".join(planned.ways),
        "facts": _lines([(one.fact, one.test, one.value) for one in planned.facts]),
    }  # fmt: skip


def written(post: QueryDict) -> dict[str, Any]:
    """What the form brought, to be shown again."""
    names = (
        "name", "kind", "moment", "delay", "span", "every", "unit", "begins_on", "hour", "segment", "share", "ways",
        "reminders", "remind_days", "ends_days", "purpose",
    )  # fmt: skip
    several = {"inboxes": post.getlist("inboxes"), "facts": _lines(_facts(post))}
    return {name: post.get(name, "") for name in names} | several


def read(post: QueryDict) -> Planned:
    kind = post.get("kind", "")
    said: dict[str, Any] = {
        "name": post.get("name", ""), "kind": kind, "share": _whole(post, "share"),
        "reminders": _whole(post, "reminders"), "remind_days": _whole(post, "remind_days", 3),
        "ends_days": _whole(post, "ends_days"), "purpose": post.get("purpose", "") or "surveys",
    }  # fmt: skip
    if kind == "wave":
        said |= {
            "every": _whole(post, "every"), "unit": post.get("unit", ""), "begins_on": _day(post),
            "hour": _whole(post, "hour"), "ways": ["email"],
            "segment_id": _whole(post, "segment") if post.get("segment") else None,
        }  # fmt: skip
    else:
        said |= {
            "moment": post.get("moment", ""), "ways": post.get("ways", "").split(),
            "delay_minutes": _whole(post, "delay") * _MINUTES.get(post.get("span", ""), DAY),
            "inbox_ids": [_number(one, "inbox_ids") for one in post.getlist("inboxes")],
            "facts": [{"fact": fact, "test": test, "value": value} for fact, test, value in _facts(post) if fact],
        }  # fmt: skip
    try:
        return msgspec.convert(msgspec.to_builtins(said), Planned)
    except msgspec.ValidationError as wrong:
        raise _out_of_bounds(str(wrong)) from wrong


def _out_of_bounds(wrong: str) -> Refused:
    """By the name at the end of what msgspec says: `… - at `$.share``."""
    field = wrong.rpartition("$.")[2].rstrip("`").partition("[")[0] if "$." in wrong else ""
    said = {
        "share": _("Give 0 to 100 percent."), "delay": _("Ask at most 90 days later."),
        "every": _("Give 1 to 52."), "hour": _("Choose an hour."), "reminders": _("Remind at most twice."),
        "remind_days": _("Give 1 to 60 days."), "ends_days": _("Give 1 to 90 days."),
        "facts": _("A condition has a fact, a test and a value."),
    }  # fmt: skip
    field = {"delay_minutes": "delay"}.get(field, field)
    return Refused(said.get(field, _("Choose one from the list.")), field=field)


def _facts(post: QueryDict) -> list[tuple[str, str, str]]:
    columns = [[one.strip() for one in post.getlist(name)] for name in ("fact", "test", "value")]
    return list(zip(*columns, strict=False))[:MOST]


def _lines(facts: list[tuple[str, Any, str]]) -> list[tuple[str, str, str]]:
    left = [one for one in facts if one[0]]
    return [*left, *[("", "is", "")] * min(MORE, MOST - len(left))]


def _span(minutes: int) -> tuple[int, str]:
    for unit in ("days", "hours"):
        if minutes and minutes % _MINUTES[unit] == 0:
            return minutes // _MINUTES[unit], unit
    return minutes, "minutes"


def _whole(post: QueryDict, name: str, without: int | None = None) -> int:
    given = post.get(name, "").strip()
    if not given and without is not None:
        return without
    return _number(given, name)


def _number(given: str, field: str) -> int:
    if not (given.isascii() and given.isdecimal() and len(given) < 19):
        raise Refused(_("Give a whole number."), field=field)
    return int(given)


def _day(post: QueryDict) -> date | None:
    try:
        return date.fromisoformat(post.get("begins_on", "").strip())
    except ValueError:
        return None
