"""Files of touchpoints by the API: uploaded, looked at, run, watched, dropped."""

from __future__ import annotations

from typing import Any

import pytest

from careline.accounts.actor import SYSTEM
from careline.customers import actions as customers
from careline.customers.identities import Given
from careline.tracking import actions
from careline.tracking.models import Import

ROWS = b"mail,event,timestamp\nada@example.com,Visited,2026-03-01T10:00Z\nbea,Visited,2026-03-02\nx,Visited,\n"
COLUMNS = {"person": "mail", "person_kind": "email", "event": "event", "time": "timestamp"}


def upload(knocking: Any, content: bytes = ROWS, name: str = "visits.csv") -> Any:
    head = f'--b\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n\r\n'
    raw = head.encode() + content + b"\r\n--b--\r\n"
    return knocking.ask("POST", "imports", raw=raw, content_type="multipart/form-data; boundary=b")


@pytest.fixture
def knocking(program: Any, boss: Any) -> Any:
    return program(boss)


def test_a_file_is_uploaded_looked_at_run_and_watched(knocking):
    made = upload(knocking)
    assert made.status == 201
    assert (made.json["state"], made.json["columns"], made.json["has_file"]) == ("ready", None, True)
    at = f"imports/{made.json['id']}"
    look = knocking.post(f"{at}/preview", {"columns": COLUMNS}).json
    assert (look["columns"], look["good"], look["looked"], look["wrong"]) == (["mail", "event", "timestamp"], 1, 3, "")
    assert [(one["row"], one["field"]) for one in look["trials"]] == [(2, ""), (3, "mail"), (4, "timestamp")]
    assert knocking.post(f"{at}/preview", {"columns": {}}).json["wrong"] == "Say which column names the customer."
    begun = knocking.put(f"{at}/run", {"columns": COLUMNS})
    assert (begun.status, begun.json["state"]) == (200, "waiting")
    assert knocking.put(f"{at}/run", {}).status == 409
    assert knocking.post(f"{at}/preview", {}).status == 409
    assert knocking.delete(at).status == 409
    actions.run_waiting()
    done = knocking.get(at).json
    assert (done["state"], done["percent"], done["has_file"]) == ("done", 100, False)
    assert (done["read"], done["added"], done["repeated"], done["refused"]) == (3, 1, 0, 2)
    assert done["columns"]["person"] == "mail"
    first = knocking.get(f"{at}/refused?limit=1").json
    second = knocking.get(f"{at}/refused?limit=1&cursor={first['next']}").json
    assert [*first["items"], *second["items"]] == [
        {"row": 3, "field": "mail", "why": "is no address or number"},
        {"row": 4, "field": "timestamp", "why": "is missing"},
    ]
    assert second["next"] is None
    assert [one["id"] for one in knocking.get("imports").json["items"]] == [done["id"]]
    assert knocking.delete(at).json["id"] == done["id"]
    assert knocking.get(at).status == 404


def test_one_is_stopped_and_goes_on(knocking):
    at = f"imports/{upload(knocking).json['id']}"
    assert knocking.delete(f"{at}/run").status == 409
    knocking.put(f"{at}/run", {"columns": COLUMNS})
    assert knocking.delete(f"{at}/run").json["state"] == "stopped"
    assert knocking.put(f"{at}/run", {}).json["state"] == "waiting"
    actions.run_waiting()
    assert knocking.get(at).json["state"] == "done"


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"columns": COLUMNS | {"person": "nobody"}}, "person"), ({"columns": COLUMNS | {"zone": "Mars"}}, "zone"),
        ({"columns": COLUMNS, "source_id": "999999"}, "source"), ({"columns": COLUMNS, "source_id": "x"}, "source"),
    ],
)  # fmt: skip
def test_what_cannot_start_is_refused_with_its_field(knocking, given, field):
    at = f"imports/{upload(knocking).json['id']}"
    told = knocking.put(f"{at}/run", given)
    assert (told.status, told.json["field"]) == (422, field)
    assert Import.objects.get().state == "ready"


@pytest.mark.parametrize(
    ("name", "content"), [("a.zip", b"PK\x03\x04"), ("a.csv", b"PK\x03\x04aa"), ("a.csv", b""), ("a.pdf", b"%PDF")]
)
def test_what_is_no_such_file_is_refused(knocking, name, content):
    assert upload(knocking, content, name).status == 422
    assert not Import.objects.exists()


def test_only_imports_may_be_larger_than_other_files(knocking, monkeypatch):
    from careline.api import reading

    monkeypatch.setattr(reading, "FORM_AROUND", 0)
    monkeypatch.setattr(reading, "UPLOADS", {"/api/v1/imports": 0})
    told = upload(knocking)
    assert (told.status, told.json["field"]) == (413, "file")
    monkeypatch.undo()
    with pytest.raises(Exception, match="at most 25 MB"):
        reading.must_fit_upload(27 * 1024 * 1024, "/api/v1/files")
    reading.must_fit_upload(500 * 1024 * 1024, "/api/v1/imports")


def test_profiles_are_looked_at_brought_and_told_where_they_came_from(knocking):
    person = customers.find_or_create([Given("external", "c1")], actor=SYSTEM).person.pk
    rows = b"customer_id,ltv,plan\nc1,12.5,gold\nc2,1,free\nc1,13,gold\n"
    at = f"imports/{upload(knocking, rows, 'customers.csv').json['id']}"
    guessed = knocking.post(f"{at}/preview", {}).json["meaning"]
    assert (guessed["form"], guessed["person"]) == ("profiles", "customer_id")
    into = [{"column": "ltv", "attribute": "lifetime_value", "type": "number", "label": "Lifetime value"}]
    columns = {"form": "profiles", "person": "customer_id", "attributes": into}
    look = knocking.post(f"{at}/preview", {"columns": columns}).json
    assert (look["looked"], look["good"]) == (3, 2)
    assert [one["became"] for one in look["trials"]] == ["earlier", "", "changed"]
    assert look["trials"][2]["changes"] == [{"attribute": "lifetime_value", "before": None, "after": 13}]
    assert knocking.put(f"{at}/run", {"columns": columns | {"attributes": []}}).json["field"] == "attributes"
    begun = knocking.put(f"{at}/run", {"columns": columns | {"new_customers": True}})
    assert (begun.status, begun.json["source_id"], begun.json["columns"]["left_out"]) == (200, None, ["plan"])
    actions.run_waiting()
    done = knocking.get(at).json
    assert [done[name] for name in ("read", "added", "repeated", "refused", "superseded", "made")] == [3, 2, 0, 0, 1, 1]
    told = knocking.get(f"customers/{person}/provenance").json["items"]
    assert [(one["field"], one["value"], one["source"]) for one in told] == [
        ("attribute:lifetime_value", 13, f"import:{done['id']}")
    ]
