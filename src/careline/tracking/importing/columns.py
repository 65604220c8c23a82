"""What the columns of a file mean: asked of whoever imports, with a guess to begin with."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Literal
from zoneinfo import ZoneInfo, available_timezones

import msgspec
from django.utils.translation import gettext as _

from careline.kit.refusals import Refused
from careline.tracking.importing import becoming, events
from careline.tracking.importing.becoming import Into, People
from careline.tracking.importing.cells import Order
from careline.tracking.shapes import Json

# Rows whose columns mean something, events as clients of the tracking API send them, or rows that say what customers
# are: their columns become attributes.
Form = Literal["columns", "events", "profiles"]
_NOUN = re.compile(r"[a-z][a-z0-9_]{0,39}")
_SLASHED = re.compile(r"\s*(\d{1,2})[/.-](\d{1,2})[/.-]\d{2,4}\b")
_GUESSES = {
    "person": (
        "user_id", "userid", "customer_id", "customer", "email", "case:concept:name", "anonymousid", "unique key",
        "external_id", "email_address", "e-mail", "phone", "phone_number",
    ),
    "event": ("event", "event_name", "concept:name", "activity", "type", "complaint type", "name"),
    "time": ("timestamp", "time:timestamp", "time", "occurred_at", "created_at", "created date", "date"),
    "journey": ("order_id", "case:concept:name", "session_id", "case_id"),
    "value": ("value", "total", "amount", "revenue"),
    "id": ("messageid", "message_id", "event_id"),
}  # fmt: skip


class Columns(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """Names of columns, and what holds for all rows; "" is none. Events say all of it themselves."""

    form: Form = "columns"
    person: str = ""
    person_kind: People = "external"
    event: str = ""
    # For a file all of whose rows are the same event.
    event_name: str = ""
    time: str = ""
    order: Order = "auto"
    # Of times that name none.
    zone: str = "UTC"
    journey: str = ""
    journey_noun: str = "case"
    value: str = ""
    currency: str = ""
    id: str = ""
    # None: all that are nothing else.
    properties: list[str] | None = None
    # Of profiles: what the columns become, and which were left out of those there were.
    attributes: list[Into] = []
    left_out: list[str] = []
    # Whoever nobody knows yet becomes a customer; an empty cell takes the value away.
    new_customers: bool = False
    clear_empty: bool = False


def checked(wanted: Columns, known: Sequence[str]) -> Columns:
    if wanted.form == "events":
        return Columns(form="events")
    if not wanted.person:
        raise Refused(_("Say which column names the customer."), field="person")
    if wanted.form == "profiles":
        return _profiles(wanted, known)
    if bool(wanted.event) == bool(wanted.event_name.strip()):
        raise Refused(_("Name either the column of events or one event for all rows."), field="event")
    if not wanted.time:
        raise Refused(_("Say which column holds the time."), field="time")
    for field in ("person", "event", "time", "journey", "value", "currency", "id"):
        _must_be_there(getattr(wanted, field), known, field)
    _must_be_a_zone(wanted.zone)
    if wanted.journey and not _NOUN.fullmatch(wanted.journey_noun):
        raise Refused(_("A journey is of something like “order”: small letters and digits."), field="journey_noun")
    ZoneInfo(wanted.zone)
    return wanted


def _profiles(wanted: Columns, known: Sequence[str]) -> Columns:
    if wanted.person_kind == "visitor":
        told = _("Customers whose attributes are brought are named by numbers of yours, addresses or phone numbers.")
        raise Refused(told, field="person_kind")
    _must_be_there(wanted.person, known, "person")
    for one in wanted.attributes:
        _must_be_there(one.column, known, "attributes")
    becoming.kept(wanted.attributes)
    _must_be_a_zone(wanted.zone)
    used = {wanted.person, *(one.column for one in wanted.attributes)}
    return Columns(
        form="profiles", person=wanted.person, person_kind=wanted.person_kind, order=wanted.order, zone=wanted.zone,
        attributes=wanted.attributes, left_out=[name for name in known if name not in used],
        new_customers=wanted.new_customers, clear_empty=wanted.clear_empty,
    )  # fmt: skip


def _must_be_there(name: str, known: Sequence[str], field: str) -> None:
    if name and name.split(".")[0] not in known and name not in known:
        raise Refused(_("There is no column “%(name)s” in this file.") % {"name": name[:100]}, field=field)


def _must_be_a_zone(zone: str) -> None:
    if zone not in available_timezones():
        raise Refused(_("“%(zone)s” is not a time zone.") % {"zone": zone[:60]}, field="zone")


def guessed(known: Sequence[str], rows: Sequence[Json], zone: str, form: Form | None = None) -> Columns:
    """By the usual names, and by what the times look like; rows that say of nobody what happened are profiles."""
    if form == "events" or (form is None and events.are_events(rows)):
        return Columns(form="events")
    meant = _columns(known, rows, zone)
    if form == "columns" or (form is None and (not meant.person or (meant.event and meant.time))):
        return meant
    return _as_profiles(known, rows, meant)


def _as_profiles(known: Sequence[str], rows: Sequence[Json], meant: Columns) -> Columns:
    person = becoming.person_of(known, meant.person)
    return Columns(
        form="profiles", person=person, person_kind=becoming.kind_of(person, rows, meant.person_kind),
        order=order_in(rows), zone=meant.zone, attributes=becoming.guessed(known, rows, person),
    )  # fmt: skip


def _columns(known: Sequence[str], rows: Sequence[Json], zone: str) -> Columns:
    by_name = {name.strip().lower(): name for name in known}
    found = {field: next((by_name[name] for name in names if name in by_name), "") for field, names in _GUESSES.items()}
    kind: People = "external"
    if "mail" in found["person"].lower():
        kind = "email"
    elif "anonymous" in found["person"].lower():
        kind = "visitor"
    return Columns(
        person=found["person"],
        person_kind=kind,
        event=found["event"],
        time=found["time"],
        order=_order([row.get(found["time"]) for row in rows]),
        zone=zone,
        journey=found["journey"],
        journey_noun=_noun(found["journey"]),
        value=found["value"],
        id=found["id"],
    )


def _noun(column: str) -> str:
    short = column.lower().removesuffix("_id")
    return short if _NOUN.fullmatch(short) else "case"


def order_in(rows: Sequence[Json]) -> Order:
    """Of whatever looks like a date in them."""
    return _order([value for row in rows for value in row.values() if isinstance(value, str)])


def _order(times: Sequence[object]) -> Order:
    pairs = [found.groups() for one in times if isinstance(one, str) and (found := _SLASHED.match(one))]
    if not pairs:
        return "auto"
    return "day_first" if any(int(first) > 12 for first, _second in pairs) else "month_first"
