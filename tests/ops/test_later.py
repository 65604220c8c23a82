"""What is loaded when somebody first goes there costs nothing before, and answers then."""

from __future__ import annotations

import subprocess
import sys

import pytest
from django.urls import NoReverseMatch, resolve, reverse

from careline.config.later import later

FIRST_PAGE = """
import sys
from careline.cli import composition
composition.load()
from django.urls import resolve, reverse
from careline.web.ops.routes import name_of
resolve("/sign-in")
try:
    reverse("no such name")
except Exception:
    pass
assert name_of("/api/v1/customers/7/touchpoints") == "/api/v1/customers/*/*"
assert "ninja" not in sys.modules, "the API was loaded for a page"
resolve("/api/v1/inboxes")
assert name_of("/api/v1/customers/7/touchpoints") == "/api/v1/customers/*/touchpoints"
"""


def test_a_page_does_not_load_the_api():
    subprocess.run([sys.executable, "-c", FIRST_PAGE], timeout=60, check=True)


def test_addresses_are_found_and_names_are_not():
    there = later("later/", "careline.api.urls")
    assert not there.is_loaded
    assert resolve("/api/v1/inboxes").func is not None
    with pytest.raises(NoReverseMatch):
        reverse("api-document")
