"""A customer as the pane and the page show them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any, Protocol

import msgspec
from babel import Locale, UnknownLocaleError
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from careline.kit.refusals import Refused
from careline.service.conversations.hot.shapes import Called, ListRow
from careline.web import faces


class Customer(Protocol):
    """What is read of a customer, whole or at a glance."""

    @property
    def pk(self) -> int: ...
    @property
    def name(self) -> str: ...
    @property
    def language(self) -> str: ...
    @property
    def attributes(self) -> Any: ...
    @property
    def first_seen_at(self) -> datetime: ...
    @property
    def blocked_at(self) -> datetime | None: ...
    @property
    def identities(self) -> Sequence[Identity]: ...


class Identity(Protocol):
    """What is read of one name they go by."""

    @property
    def pk(self) -> int: ...
    @property
    def kind(self) -> str: ...
    @property
    def original(self) -> str: ...
    @property
    def verified(self) -> bool: ...


class Known(msgspec.Struct, frozen=True):
    """One name the customer goes by."""

    id: int
    kind: str
    icon: str
    word: str
    value: str
    verified: bool


class Fact(msgspec.Struct, frozen=True):
    label: str
    value: str


class Shown(msgspec.Struct, frozen=True):
    id: int
    name: str
    initials: str
    tint: int
    url: str
    since: datetime
    blocked: bool
    identities: list[Known]
    facts: list[Fact]


ICONS = {"email": "mail", "phone": "phone", "external": "key", "visitor": "web"}


def shown(person: Customer, labels: Mapping[str, str] | None = None) -> Shown:
    """Keys of browsers are left out: they say nothing to a person. `labels` says what attributes are called."""
    words = {"email": _("Email"), "phone": _("Phone"), "external": _("Customer number")}
    known = [
        Known(one.pk, one.kind, ICONS[one.kind], words[one.kind], one.original, one.verified)
        for one in person.identities
        if one.kind in words
    ]
    called = labels or {}
    facts = [Fact(called.get(name, name), value_words(value)) for name, value in sorted(person.attributes.items())]
    if person.language:
        facts.insert(0, Fact(_("Language"), language_words(person.language, get_language() or "en")))
    return Shown(
        id=person.pk,
        name=person.name,
        initials=faces.initials(person.name),
        tint=faces.tint(person.name),
        url=f"/customers/{person.pk}",
        since=person.first_seen_at,
        blocked=person.blocked_at is not None,
        identities=known,
        facts=facts,
    )


@lru_cache(maxsize=200)
def language_words(code: str, reader: str) -> str:
    """What the reader calls a language; its code where it has no name."""
    try:
        return Locale.parse(code, sep="-").get_display_name(Locale.parse(reader, sep="-")) or code
    except (UnknownLocaleError, ValueError):
        return code


def value_words(value: Any) -> str:
    """A value as it is read: yes and no as words, lists and objects as they would be written down."""
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    return value if isinstance(value, str) else msgspec.json.encode(value).decode()


def evidence(kinds: Iterable[str]) -> list[str]:
    """What speaks for two being one, in words."""
    words = {
        "name": _("The same name, and addresses that belong together"),
        "phone": _("The same number but for its country"),
        "external": _("A customer number that the other goes by too"),
        "email": _("The same address"),
        "visitor": _("The same browser"),
    }
    return [words[kind] for kind in kinds if kind in words]


def number(value: str | None) -> int:
    """An id as a form sends it."""
    if not value or not value.isdecimal() or len(value) > 18:
        raise Refused(_("Choose one from the list."))
    return int(value)


def talks(rows: Iterable[ListRow | Called]) -> dict[str, str]:
    """What conversations are called on the line: its subject, else its last words unless the team alone heard them."""
    return {f"conversation:{row.id}": row.subject or ("" if row.preview_by == "note" else row.preview) for row in rows}
