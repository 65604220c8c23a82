"""Why something was not taken: codes, and the sentence of each, to stand after the field it is about."""

from __future__ import annotations

from collections.abc import Callable

from django.utils.translation import gettext as _

# Kept together where the words around it run the other way.
EXAMPLE = "\u20662026-03-02T09:00:00Z\u2069"
DAY = "\u20662026-03-02\u2069"


# Of what a room above refuses.
_OTHERS: list[Callable[[], dict[str, str]]] = []


def register(words: Callable[[], dict[str, str]]) -> None:
    _OTHERS.append(words)


def sentence(reason: str) -> str:
    known = {**_of_events(), **_of_rows()}
    for words in _OTHERS:
        known |= words()
    return known.get(reason, reason)


def _of_events() -> dict[str, str]:
    return {
        "apart": _("belongs to another customer and stays with them"),
        "missing": _("is missing"),
        "no_address": _("is no address or number, and was left out"),
        "no_list": _("must be a list"),
        "no_moment": _("is no moment such as %(example)s") % {"example": EXAMPLE},
        "no_object": _("must be an object"),
        "no_text": _("must be a text"),
        "no_user_anon_id": _("and anonymousId are both missing; one of them is needed"),
        "too_long": _("is too long"),
        "unknown_type": _("is none of identify, track, page, screen, group, alias"),
        "unstorable": _("holds characters that cannot be stored"),
    }


def _of_rows() -> dict[str, str]:
    return {
        "cells": _("has more cells than there are columns"),
        "future": _("has not happened yet"),
        "nested": _("is a list or an object, and no single value"),
        "no_boolean": _("is neither yes nor no"),
        "no_choice": _("is none of the choices this attribute offers"),
        "no_date": _("is no date such as %(example)s") % {"example": DAY},
        "no_json": _("is not valid JSON"),
        "no_name": _("is no address or number"),
        "no_number": _("is no number"),
        "nobody": _("names nobody known"),
        "too_large": _("is too large for a number; keep it as a text"),
    }
