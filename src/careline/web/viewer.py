"""The person looking at a page, as far as the page itself needs to know them."""

from __future__ import annotations

import msgspec
from django.http import HttpRequest
from django.utils.translation import get_language, get_language_info

from careline.web import faces


class Viewer(msgspec.Struct, frozen=True):
    """Set by the guard as `request.viewer`; a page without one is shown to a guest."""

    language: str = "en"
    zone: str = ""  # empty: the browser's own
    theme: str = "system"
    density: str = "comfortable"
    name: str = ""
    email: str = ""
    role: str = ""
    permissions: frozenset[str] = frozenset()

    @property
    def direction(self) -> str:
        return "rtl" if get_language_info(self.language)["bidi"] else "ltr"

    @property
    def initials(self) -> str:
        return faces.initials(self.name)

    def may(self, permission: str) -> bool:
        return permission in self.permissions


def named(language: str) -> str:
    """What a language calls itself."""
    try:
        return str(get_language_info(language)["name_local"])
    except KeyError:
        return language


def of(request: HttpRequest | None) -> Viewer:
    known = getattr(request, "viewer", None)
    return known if isinstance(known, Viewer) else Viewer(language=get_language() or "en")
