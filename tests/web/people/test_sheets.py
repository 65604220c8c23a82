"""A file of customers in the browser: chosen, looked at, taken."""

from __future__ import annotations

import re

from django.core.files.uploadedfile import SimpleUploadedFile

from careline.customers.models import Person


def test_a_file_is_chosen_looked_at_mended_and_taken(bo, browser_of):
    browser = browser_of(bo)
    file = SimpleUploadedFile("people.csv", b"Wer,Mail\nBea,bea@example.com\nCal,nothing\n", "text/csv")
    looked = browser.post("/customers/import", {"file": file, "what": "look"}).content.decode()
    assert "What would become of the rows" in looked
    assert not Person.objects.exists()
    kept = re.search(r'name="kept" value="([^"]+)"', looked)[1]
    form = {"kept": kept, "column.0": "name", "column.1": "name", "what": "take"}
    assert "Two columns cannot hold the same field." in browser.post("/customers/import", form).content.decode()
    taken = browser.post("/customers/import", form | {"column.1": "email"}).content.decode()
    assert "The file was taken." in taken
    assert Person.objects.get().name == "Bea"
    assert browser.post("/customers/import", {"kept": "²", "what": "take"}).status_code == 422


def test_the_list_and_a_card_are_downloaded_by_who_may(ada, boss, bo, browser_of):
    answer = browser_of(boss).get("/customers/export?format=4.0&q=ada")
    assert b"FN:Ada Moreau" in b"".join(answer.streaming_content)
    assert b"FN:Ada Moreau" in browser_of(boss).get(f"/customers/{ada.pk}/card").content
    assert browser_of(bo).get("/customers/export").status_code == 403
    assert browser_of(bo).get(f"/customers/{ada.pk}/card").status_code == 403
