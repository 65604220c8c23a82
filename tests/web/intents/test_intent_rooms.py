"""Intents: brought in row by row, mended where they clash, and learned in the background."""

from __future__ import annotations

from typing import Any

import pytest

from careline.service.intents.models import Intent, Phrasing

ROWS = (
    "intent;text\nreturns;Send it back\nreturns;send it BACK!\nbad code;x\nreturns;?!\n"
    "order_status;Where is my order?\norder_status;Where is the order\n"
)


@pytest.fixture
def desk(browser_of: Any, cy: Any) -> Any:
    return browser_of(cy)


def test_rows_are_taken_known_or_refused_by_their_number(desk: Any) -> None:
    shown = desk.post("/intents/import", {"text": ROWS, "makes": "on"}).content.decode()
    assert "3 added" in shown
    assert ">4</th>" in shown
    assert ">5</th>" in shown
    assert sorted(Intent.objects.values_list("code", flat=True)) == ["order_status", "returns"]
    assert "to be learned" in desk.get("/intents").content.decode()
    for text, told in (("a,b\n", "no intent “a”"), ("\x00", "no text"), ("intent,colour\n", "first row names")):
        assert told in desk.post("/intents/import", {"text": text}).content.decode()


def test_what_is_said_twice_is_mended_by_one_press(desk: Any) -> None:
    desk.post("/intents/import", {"text": ROWS + "returns;Where is my order please\n", "makes": "on"})
    assert "They clash" in desk.get("/intents/alike").content.decode() or Phrasing.objects.count() == 4
    desk.post("/intents/alike", {"code": "order_status", "text": "Where is the order"})
    assert not Phrasing.objects.filter(text="Where is the order").exists()
    assert desk.post("/intents/alike", {"code": "order_status", "text": "Where is the order"}).status_code == 404


def test_an_intent_is_named_phrased_and_taken_away(desk: Any) -> None:
    assert desk.post("/intents", {"name": "Returns", "code": "returns"}).status_code == 302
    assert "small letters" in desk.post("/intents", {"name": "Returns", "code": "Re turns"}).content.decode()
    desk.post("/intents/returns", {"what": "say", "said": "Send it back\n\nI want my money"})
    some = desk.post("/intents/returns", {"what": "say", "said": "?!\nBack please"}).content.decode()
    assert "Row 1" in some
    assert Phrasing.objects.count() == 3
    desk.post("/intents/returns", {"what": "unsay", "phrasing": str(Phrasing.objects.earliest("pk").pk)})
    assert Phrasing.objects.count() == 2
    desk.post("/intents/returns", {"what": "drop"})
    assert desk.get("/intents/returns").status_code == 404
