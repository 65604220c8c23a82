"""Captured events of another house's client, taken as they are; a second time they add nothing."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from careline.accounts.actor import SYSTEM
from careline.customers.models import Identity, Trait
from careline.touchpoints.models import Touchpoint
from careline.tracking import actions

pytestmark = pytest.mark.django_db
CASES = Path(os.environ.get("CARELINE_TEST_DATA", "/nowhere")) / "track-jitsu-segment" / "events_with_expected.json"


@pytest.mark.skipif(not CASES.exists(), reason="CARELINE_TEST_DATA names no folder with track-jitsu-segment.")
def test_captured_events_land_once_each(sent, organization):
    """Each is a capture of its own, and two of them carry one messageId, so each has a source of its own."""
    captured = json.loads(CASES.read_text())
    assert len(captured) == 12
    events = [one for name, one in captured.items() if "Expected" not in name]
    assert len(events) == 4
    for n, event in enumerate(events):
        source = actions.create_source(f"Case {n}", "client", actor=SYSTEM)
        taken, again = sent(source, event), sent(source, event)
        assert (taken.accepted, taken.refused) == (1, 0)
        assert (again.accepted, again.repeated) == (0, 1)
    came = Touchpoint.objects.filter(source__startswith="source:")
    kinds = sorted(came.values_list("kind", flat=True))
    assert kinds == ["customer.described", "event.tracked", "group.joined", "page.viewed"]
    page = Touchpoint.objects.get(kind="page.viewed")
    wanted = captured["pageExpected"]
    assert page.facts["url"] == wanted["url"]
    assert page.facts["title"] == wanted["title"]
    assert page.facts["campaign"] == wanted["context"]["campaign"]
    # It was sent at the moment it happened, so it happened when it came.
    assert wanted["timestamp"] == wanted["sent_at"]
    assert page.occurred_at == page.recorded_at
    track = Touchpoint.objects.get(kind="event.tracked")
    assert track.facts["name"] == captured["track"]["event"]
    assert Identity.objects.filter(kind="external", value=captured["identify"]["userId"]).exists()
    names = set(captured["identify"]["traits"]) - {"email", "phone"}
    assert names <= set(Trait.objects.values_list("name", flat=True))
