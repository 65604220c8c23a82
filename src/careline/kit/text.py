"""Text as people write it: kept byte for byte or refused with a word, cut for a preview, folded for search."""

import unicodedata

from django.utils.translation import gettext as _

from careline.kit.refusals import Refused

# Letters that no decomposition takes apart.
_PLAIN = str.maketrans({"ø": "o", "đ": "d", "ð": "d", "ł": "l", "æ": "ae", "œ": "oe", "þ": "th", "ı": "i", "ħ": "h"})


def clean(value: str, *, field: str, limit: int, required: bool = False, label: str = "") -> str:
    """The same text, byte for byte, or a refusal that calls the field `label`, or what people call it."""
    if "\0" in value:
        sentence = _("%(field)s must not contain the character NUL.")
    elif not value.isascii() and any("\ud800" <= character <= "\udfff" for character in value):
        sentence = _("%(field)s contains half of a character.")
    elif len(value) > limit:
        sentence = _("%(field)s may have at most %(limit)s characters; this has %(length)s.")
    elif required and not value.strip():
        sentence = _("%(field)s must not be empty.")
    else:
        return value
    raise Refused(sentence % {"field": label or word(field), "limit": limit, "length": len(value)}, field=field)


def word(field: str) -> str:
    """What people call a field of a form; what only programs send keeps the name it has for them."""
    words = {
        "attributes": _("Attributes"),
        "body": _("The message"),
        "calendars": _("The calendar's name"),
        "choices": _("A choice"),
        "current": _("Password"),
        "email": _("Email"),
        "external": _("Customer number"),
        "label": _("Label"),
        "name": _("Name"),
        "organization_name": _("The firm's name"),
        "password": _("Password"),
        "phone": _("Phone"),
        "q": _("The search"),
        "reason": _("The reason"),
        "signature": _("Signature"),
        "subject": _("Subject"),
        "tag": _("A tag"),
    }
    return words.get(field, field)


def excerpt(body: str, n: int = 120) -> str:
    """The beginning on one line, at most `n` characters, cut between words where there is a word to cut at."""
    line = " ".join(body[: n * 8].split())
    if len(line) <= n:
        return line
    cut = line[: n - 1]
    head, space, _tail = cut.rpartition(" ")
    # A word that began right at the cut is whole; very long words are cut inside.
    if line[n - 1] != " " and space and len(head) > n // 2:
        cut = head
    while cut and len(line) > len(cut) and unicodedata.combining(line[len(cut)]):
        cut = cut[:-1]
    return cut.rstrip() + "…"


def fold(name: str) -> str:
    """The key a name is searched by: case and accents do not matter, nor how many spaces there are."""
    letters = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", name).casefold())
    kept = (character for character in letters if not _is_accent(character))
    return " ".join(unicodedata.normalize("NFC", "".join(kept)).translate(_PLAIN).split())


def _is_accent(character: str) -> bool:
    # Hebrew and Arabic points (10-36), marks above and below (200 and up). Vowel signs of Indian scripts, the voicing
    # of kana and Thai tones are letters of their own and stay.
    place = unicodedata.combining(character)
    return 10 <= place <= 36 or place >= 200
