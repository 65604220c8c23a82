"""Addresses and numbers brought to one form, so that the same person is found however they wrote it."""

import re
import unicodedata

import phonenumbers
from django.utils.translation import gettext as _

from careline.kit.refusals import Refused

_ADDRESS = re.compile(
    r"""(?P<local>[^\s@<>()\[\],;:"\\\x00-\x20\x7f]{1,64})@(?P<domain>(?:[\w](?:[\w-]{0,61}[\w])?\.)+[\w](?:[\w-]{0,61}[\w])?)"""
)


def email_key(address: str) -> str:
    """The address case-folded, without the space around it."""
    key = unicodedata.normalize("NFC", unicodedata.normalize("NFC", address.strip()).casefold())
    match = _ADDRESS.fullmatch(key) if len(key) <= 254 else None
    if not match or ".." in match["local"] or match["local"][0] == "." or match["local"][-1] == ".":
        raise Refused(_("This does not look like an email address."), field="email")
    return key


def phone_key(raw: str, region: str) -> str:
    """The number in E.164; one without a country is read as of `region` (ISO 3166, two letters)."""
    try:
        number = phonenumbers.parse(raw, region.upper() or None)
    except phonenumbers.NumberParseException:
        number = None
    if number is None or not phonenumbers.is_possible_number(number):
        raise Refused(_("This does not look like a phone number."), field="phone")
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def same_subscriber(one: str, other: str) -> bool:
    """Two numbers in E.164 that are the same without their countries, and long enough for that to mean something."""
    try:
        numbers = [phonenumbers.national_significant_number(phonenumbers.parse(each)) for each in (one, other)]
    except phonenumbers.NumberParseException:
        return False
    return numbers[0] == numbers[1] and len(numbers[0]) >= 9
