"""Answers of other tools by the API: uploaded, looked at, taken."""

from __future__ import annotations

from careline.tracking import actions

ROWS = "Respondent ID,Start Date,End Date,Email Address,How satisfied are you?\n,,,,Response\n1,,2025-01-01 10:00,,5\n"


def test_a_file_is_uploaded_looked_at_and_taken(program, boss, settings, tmp_path):
    settings.STORAGE_URL = f"file://{tmp_path}/shelf"
    knocking = program(boss)
    head = b'--b\r\nContent-Disposition: form-data; name="file"; filename="a.csv"\r\n\r\n'
    raw = head + ROWS.encode() + b"\r\n--b--\r\n"
    made = knocking.ask("POST", "answer-imports", raw=raw, content_type="multipart/form-data; boundary=b")
    assert (made.status, made.json["format"], made.json["columns"]) == (201, "answers", None)
    at = f"answer-imports/{made.json['id']}"
    look = knocking.post(f"{at}/preview", {}).json
    assert (look["sort"], look["good"], look["looked"]) == ("surveymonkey", 1, 1)
    assert look["meaning"]["questions"][0]["type"] == "csat"
    assert look["trials"][0]["answers"]["how_satisfied_are_you"]["value"] == 5
    meaning = look["meaning"]
    meaning["questions"][0]["type"] = "scale"
    assert knocking.put(f"{at}/run", {"meaning": meaning, "name": "Old"}).json["state"] == "waiting"
    actions.run_waiting()
    assert knocking.get(f"imports/{made.json['id']}").json["added"] == 1
    [survey] = knocking.get("surveys").json["items"]
    assert (survey["name"], survey["state"], survey["complete"]) == ("Old", "closed", 1)
