"""What a zone, a language, a currency or a password must be; anything else is refused with a sentence."""

from zoneinfo import ZoneInfo

import phonenumbers
from babel import Locale, UnknownLocaleError
from babel.numbers import list_currencies
from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from careline.accounts.models import Agent
from careline.kit import text
from careline.kit.refusals import Refused

# Longer than anybody remembers, short enough that hashing it costs nothing.
LONGEST_PASSWORD = 1000


def zone(value: str) -> str:
    try:
        ZoneInfo(value)
    except (KeyError, ValueError, OSError):
        raise Refused(
            _("%(value)s is not a time zone; write one like Europe/Berlin.") % {"value": text.excerpt(value, 60)},
            field="zone",
        ) from None
    return value


def customer_languages(values: list[str]) -> list[str]:
    """The languages an organization speaks with its customers, the first being the one it begins with."""
    if not values:
        raise Refused(_("At least one language is needed."), field="languages")
    return list(dict.fromkeys(_known_language(value) for value in values))


def _known_language(value: str) -> str:
    try:
        locale = Locale.parse(value, sep="-")
    except (UnknownLocaleError, ValueError, TypeError):
        raise Refused(
            _("%(value)s is not a language; write one like en or pt-BR.") % {"value": text.excerpt(str(value), 60)},
            field="languages",
        ) from None
    return "-".join(part for part in (locale.language, locale.script, locale.territory) if part)


def screen_language(value: str) -> str:
    """A language the screens are translated into."""
    offered = dict(settings.LANGUAGES)
    if value not in offered:
        raise Refused(
            _("The screens speak %(languages)s.") % {"languages": ", ".join(map(str, offered.values()))},
            field="language",
        )
    return value


def is_screen_language(value: str) -> bool:
    return value in dict(settings.LANGUAGES)


def currency(value: str) -> str:
    if value not in list_currencies():
        raise Refused(
            _("%(value)s is not a currency; write its three letters, like EUR.") % {"value": text.excerpt(value, 60)},
            field="currency",
        )
    return value


def country(value: str) -> str:
    if value not in phonenumbers.SUPPORTED_REGIONS:
        raise Refused(
            _("%(value)s is not a country; write its two letters, like DE.") % {"value": text.excerpt(value, 60)},
            field="country",
        )
    return value


def is_hashable(password: str) -> bool:
    """Asked before hashing what a stranger sent."""
    try:
        text.clean(password, field="password", limit=LONGEST_PASSWORD)
    except Refused:
        return False
    return True


def password(value: str, agent: Agent) -> str:
    text.clean(value, field="password", limit=LONGEST_PASSWORD)
    try:
        validate_password(value, agent)
    except ValidationError as error:
        raise Refused(" ".join(error.messages), field="password") from None
    return value


def choice(value: str, offered: list[str], *, field: str) -> str:
    if value not in offered:
        raise Refused(_("Choose one of: %(offered)s.") % {"offered": ", ".join(offered)}, field=field)
    return value
