"""Answers of another tool are brought in the browser: looked at, told what they are, and watched."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from careline.experience.surveys.models import Response, Survey
from careline.tracking import actions as imports

ROWS = (
    b"Date,Email,Would you recommend us?,Why?\n2025-01-01,ada@example.com,0,Slow\n2025-01-02,x@example.com,12,\n"
    + b"2025-01-03,,9,\n" * 3
)


@pytest.fixture
def brought(browser_of, boss, settings, tmp_path) -> Any:
    settings.STORAGE_URL = f"file://{tmp_path}/shelf"
    browser = browser_of(boss)
    answer = browser.post("/surveys/import", {"file": SimpleUploadedFile("old.csv", ROWS)})
    return browser, answer["Location"]


def form_of(shown: str) -> dict[str, str]:
    """As it stands on the page."""
    form = {}
    for tag in re.findall(r"<input [^>]*>", shown):
        name, value = re.search(r' name="([^"]+)"', tag), re.search(r' value="([^"]*)"', tag)
        if name and not ("checkbox" in tag and " checked" not in tag):
            form[name[1]] = value[1] if value else ""
    for name, inside in re.findall(r'<select [^>]*name="([^"]+)"[^>]*>(.*?)</select>', shown, re.DOTALL):
        chosen = re.search(r'<option value="([^"]*)" selected', inside)
        form[name] = chosen[1] if chosen else ""
    return form


def test_a_file_is_looked_at_told_and_taken(brought, ada):
    browser, address = brought
    shown = browser.get(address).content.decode()
    assert "Of the first 5 rows 4 can be taken." in shown
    assert "is no number on the scale of this question" in shown
    form = form_of(shown)
    assert [form[f"as.{n}"] for n in range(4)] == ["at", "email", "q:nps", "q:text"]
    looked = browser.post(address, form | {"as.3": "words", "what": "look"}).content.decode()
    assert '<q dir="auto">Slow</q>' in looked
    started = browser.post(address, form_of(looked) | {"what": "start", "name": "Years before"})
    assert started["Location"].startswith("/settings/imports/")
    imports.run_waiting()
    one = Response.objects.get(person=ada.pk)
    assert (one.person_id, one.given["would_you_recommend_us"].value) == (ada.pk, 0)
    assert one.given["would_you_recommend_us"].words == "Slow"
    assert (Survey.objects.get().name, Survey.objects.get().state) == ("Years before", "closed")
    assert "of answers" in browser.get("/settings/imports").content.decode()


def test_what_cannot_be_is_said_and_nothing_is_taken(brought):
    browser, address = brought
    form = form_of(browser.get(address).content.decode())
    answer = browser.post(address, form | {"as.0": "", "what": "start", "name": "Old"})
    assert answer.status_code == 422
    assert "Say which column holds the time of the answer." in answer.content.decode()
    assert not Survey.objects.exists()


def test_only_who_may_write_surveys_brings_answers(browser_of, cy):
    assert browser_of(cy).get("/surveys/import").status_code == 403
