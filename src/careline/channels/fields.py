"""An inbox's settings as somebody typed them, checked against the fields its channel names."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

import msgspec
from django.utils.translation import gettext as _

from careline.channels.adapter import Adapter, Field
from careline.kit import signing, text
from careline.kit.refusals import Refused

_MOST_LINES = 100


def clean(channel: Adapter, given: Mapping[str, Any]) -> dict[str, Any]:
    """Every field of the channel with its value, but for passwords; Refused names the field that cannot be taken."""
    fields = channel.settings_schema()
    strange = sorted(set(given) - {field.name for field in fields})
    if strange:
        raise Refused(_("This channel has no setting “%(name)s”.") % {"name": text.excerpt(strange[0], 60)})
    shown = [field for field in fields if field.kind != "password"]
    settings = {field.name: _value(field, given.get(field.name, field.default)) for field in shown}
    channel.check(settings)
    return settings


def sealed(channel: Adapter, given: Mapping[str, Any], known: bytes) -> bytes:
    """The passwords as they are to be kept: those that were typed, and of the rest what was known."""
    typed = {
        field.name: text.clean(_words(field, given[field.name]), field=field.name, label=field.label, limit=field.limit)
        for field in channel.settings_schema()
        if field.kind == "password" and given.get(field.name)
    }
    return seal(opened(known) | typed)


def seal(credentials: Mapping[str, str]) -> bytes:
    return signing.seal(msgspec.json.encode(credentials)) if credentials else b""


def opened(sealed: bytes) -> dict[str, str]:
    return msgspec.json.decode(signing.unseal(bytes(sealed)), type=dict[str, str]) if sealed else {}


def _value(field: Field, value: Any) -> Any:
    if field.kind == "flag":
        return isinstance(value, (bool, str)) and value in {True, "true", "on", "1"}
    if field.kind == "lines":
        return _lines(field, value)
    if field.kind == "number":
        return _number(field, value)
    words = text.clean(
        _words(field, value), field=field.name, label=field.label, limit=field.limit, required=field.required
    )
    if field.kind == "url":
        return _url(field, words.strip())
    if field.kind == "choice" and words not in dict(field.choices):
        raise Refused(
            _("%(field)s must be one of: %(choices)s.")
            % {"field": field.label, "choices": ", ".join(label for _value, label in field.choices)},
            field=field.name,
        )
    return words


def _words(field: Field, value: Any) -> str:
    if not isinstance(value, str):
        raise Refused(_("%(field)s must be text.") % {"field": field.label}, field=field.name)
    return value


def _number(field: Field, value: Any) -> int:
    words = str(value).strip() if isinstance(value, (str, int)) and not isinstance(value, bool) else "?"
    if words == "" and not field.required:
        words = str(field.default or 0)
    if not words.isascii() or not words.isdigit() or not field.least <= int(words[:12]) <= field.most:
        raise Refused(
            _("%(field)s must be a whole number from %(least)s to %(most)s.")
            % {"field": field.label, "least": field.least, "most": field.most},
            field=field.name,
        )
    return int(words)


def _lines(field: Field, value: Any) -> list[str]:
    rows = value.splitlines() if isinstance(value, str) else value
    if not isinstance(rows, (list, tuple)) or len(rows) > _MOST_LINES:
        raise Refused(
            _("%(field)s takes at most %(most)s lines.") % {"field": field.label, "most": _MOST_LINES}, field=field.name
        )
    cleaned = [
        text.clean(_words(field, row), field=field.name, label=field.label, limit=field.limit).strip() for row in rows
    ]
    return [row for row in cleaned if row]


def _url(field: Field, address: str) -> str:
    if not address and not field.required:
        return ""
    try:
        parts = urlsplit(address)
        usable = parts.scheme in {"http", "https"} and bool(parts.hostname) and (parts.port or 1) > 0
    except ValueError:
        usable = False
    if not usable or any(letter.isspace() for letter in address):
        raise Refused(
            _("%(field)s must look like https://example.com/path.") % {"field": field.label}, field=field.name
        )
    return address
