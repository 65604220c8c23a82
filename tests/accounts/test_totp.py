"""Codes of an app: the vectors of RFC 6238, the half minutes around now, and each code once."""

from datetime import UTC, datetime, timedelta

import pytest

from careline.accounts import totp

# Appendix B, SHA-1, of whose eight digits the last six are shown.
VECTORS = {
    59: "94287082", 1111111109: "07081804", 1111111111: "14050471", 1234567890: "89005924", 2000000000: "69279037",
    20000000000: "65353130",
}  # fmt: skip
SECRET = b"12345678901234567890"


@pytest.mark.parametrize("seconds", VECTORS)
def test_the_vectors_of_the_standard(seconds):
    assert totp.code(SECRET, seconds // totp.SECONDS) == VECTORS[seconds][2:]


def test_a_clock_may_be_half_a_minute_wrong_and_no_more():
    now = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
    here = int(now.timestamp()) // totp.SECONDS
    for away, right in ((-2, False), (-1, True), (0, True), (1, True), (2, False)):
        found = totp.step_of(SECRET, totp.code(SECRET, here + away), at=now, after=0)
        assert (found == here + away) is right, away


def test_a_code_is_taken_once():
    now = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
    written = totp.code(SECRET, int(now.timestamp()) // totp.SECONDS)
    used = totp.step_of(SECRET, written, at=now, after=0)
    assert used is not None
    assert totp.step_of(SECRET, written, at=now + timedelta(seconds=20), after=used) is None


def test_what_the_picture_says():
    said = totp.address(SECRET, house="Harbor & Sons", account="bo@harbor.example")
    assert said.startswith(
        "otpauth://totp/Harbor%20%26%20Sons:bo@harbor.example?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
    )
