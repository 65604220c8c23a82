"""The same person, however they wrote it."""

from __future__ import annotations

import pytest

from careline.kit.contacts import email_key, phone_key
from careline.kit.refusals import Refused


@pytest.mark.parametrize(
    ("written", "key"),
    [
        (" Ada@Example.COM ", "ada@example.com"),
        ("first.last+tag@sub.example.co.uk", "first.last+tag@sub.example.co.uk"),
        ("o'hara@example.ie", "o'hara@example.ie"),
        ("用户@例え.jp", "用户@例え.jp"),
        ("JOSE\u0301@example.com", "josé@example.com"),
    ],
)
def test_addresses_are_brought_to_one_form(written: str, key: str) -> None:
    assert email_key(written) == key
    assert email_key(key) == key


@pytest.mark.parametrize(
    "written",
    [
        "", "ada", "@example.com", "ada@", "ada@example", "a b@example.com", "ada@exa mple.com", "ada@@example.com",
        "ada@example..com", "a..b@example.com", ".a@example.com", "ada@-example.com", "ada@example.com, bo@example.com",
        "ada@example.com\nBcc: bo@example.com", "<ada@example.com>", "a\0@example.com", "x" * 65 + "@example.com",
        "ada@" + "x" * 64 + ".com", "ada@" + "x." * 130 + "com",
    ],
)  # fmt: skip
def test_what_is_no_address_is_refused(written: str) -> None:
    with pytest.raises(Refused, match="does not look like an email address"):
        email_key(written)


@pytest.mark.parametrize(
    ("written", "region", "key"),
    [
        ("+44 20 7183 8750", "ID", "+442071838750"),
        ("020 7183 8750", "GB", "+442071838750"),
        ("0044 (0)20 7183-8750", "gb", "+442071838750"),
        ("0812-3456-789", "ID", "+628123456789"),
        ("٠٥٠ ١٢٣ ٤٥٦٧", "AE", "+971501234567"),
        ("+1 202 555 0143 ext. 7", "", "+12025550143"),
    ],
)
def test_numbers_are_brought_to_one_form(written: str, region: str, key: str) -> None:
    assert phone_key(written, region) == key


@pytest.mark.parametrize("written", ["", "12", "call me", "+999 1234567890", "1" * 400, "ada@example.com"])
def test_what_is_no_number_is_refused(written: str) -> None:
    with pytest.raises(Refused, match="does not look like a phone number"):
        phone_key(written, "GB")


def test_a_number_without_a_country_needs_a_region() -> None:
    with pytest.raises(Refused):
        phone_key("020 7183 8750", "")
