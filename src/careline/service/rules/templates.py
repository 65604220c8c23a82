"""Words with places in them that are filled for each customer: {{customer}}, {{number}}, {{house}}."""

from __future__ import annotations

import re
from collections.abc import Mapping

from django.utils.translation import gettext as _

from careline.kit.refusals import Refused

PLACES = ("customer", "number", "subject", "house")
_PLACE = re.compile(r"\{\{\s*([^{}]*?)\s*\}\}")


def checked(words: str) -> str:
    """The same words, or which place in them does not exist."""
    for name in _PLACE.findall(words):
        if name not in PLACES:
            offered = ", ".join(f"{{{{{one}}}}}" for one in PLACES)
            sentence = _("“%(name)s” is no place that can be filled; there are %(offered)s.")
            raise Refused(sentence % {"name": name[:60], "offered": offered}, field="then")
    return words


def filled(words: str, values: Mapping[str, str]) -> str:
    return _PLACE.sub(lambda found: values.get(found[1], ""), words)


def in_language(words: Mapping[str, str], *languages: str) -> str:
    """The first of these languages it is written in, else any."""
    wanted = [one for language in languages for one in (language, language.partition("-")[0])]
    return next((words[one] for one in wanted if one in words), "") or next(iter(words.values()))
