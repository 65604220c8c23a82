"""A file on its way to the line, as somebody in charge brings it in a browser."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from careline.accounts.actor import SYSTEM
from careline.customers import actions as customers
from careline.customers.identities import Given
from careline.touchpoints.models import Touchpoint
from careline.tracking import actions
from careline.tracking.models import Import
from tests.web.settings.forms import form

PAGE = "/settings/imports"
ROWS = (
    b"who;what;paid at;sum\n"
    b"ada@example.com;Order Completed;01/03/2026 10:00;5,90\n"
    b"=cmd();Order Completed;02/03/2026 10:00;\n"
    b"bea@example.com;<b>Visited</b>;31/02/2026 10:00;\n"
    b"bea@example.com;Visited;13/03/2026 10:00;\n"
)
WANTED = {
    "what": "start", "form": "columns", "column.0": "person", "column.1": "event", "column.2": "time", "column.3": "",
    "person_kind": "email", "order": "day_first", "zone": "Europe/Berlin", "event_name": "", "journey_noun": "",
    "source": "",
}  # fmt: skip


@pytest.fixture
def browser(boss: Any, browser_of: Any) -> Any:
    return browser_of(boss)


@pytest.fixture
def one(browser: Any) -> str:
    file = SimpleUploadedFile("orders <b>of May.csv", ROWS)
    answer = browser.post(PAGE, {"what": "upload", "file": file})
    assert answer.status_code == 302
    return str(answer["Location"])


def test_a_file_is_looked_at_mended_and_imported(browser, one):
    html = browser.get(one).content.decode()
    assert "orders &lt;b&gt;of May.csv" in html
    assert "Say which column names the customer." in html
    assert "&lt;b&gt;Visited" in html
    answer = browser.post(one, WANTED | {"what": "look"})
    assert answer.status_code == 200
    html = answer.content.decode()
    assert "Of the first 4 rows 2 can be taken." in html
    assert form(html, "look")["column.2"] == ["time"]
    assert Import.objects.get().state == "ready"
    assert browser.post(one, WANTED)["Location"] == one
    waiting = browser.get(one).content.decode()
    assert 'hx-trigger="every 1s"' in waiting
    actions.run_waiting()
    done = browser.get(one).content.decode()
    assert "hx-trigger" not in done
    assert "Every row was looked at." in done
    found = Import.objects.get()
    assert (found.read, found.added, found.refused) == (4, 2, 2)
    moments = Touchpoint.objects.filter(source__startswith="source:").order_by("occurred_at")
    assert [f"{moment.occurred_at:%m-%d %H:%M}" for moment in moments] == ["03-01 09:00", "03-13 09:00"]
    assert "orders &lt;b&gt;of" in browser.get(PAGE).content.decode()


def test_refused_rows_come_as_a_file(browser, one):
    browser.post(one, WANTED | {"column.1": "", "event_name": "=Bought"})
    actions.run_waiting()
    answer = browser.get(f"{one}/refused")
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    assert f'filename="refused-{Import.objects.get().pk}.csv"' in answer["Content-Disposition"]
    lines = b"".join(answer.streaming_content).decode("utf-8-sig").splitlines()
    assert lines[0] == "Line,Column,Why"
    assert [line.split(",")[:2] for line in lines[1:]] == [["3", "who"], ["4", "paid at"]]


def test_what_cannot_start_is_said_and_shown_as_it_was_chosen(browser, one):
    for wrong, told in (
        ({"column.3": "person"}, "Two columns are taken for “the customer”: choose one."),
        ({"column.0": ""}, "Say which column names the customer."),
        ({"zone": "Mars"}, "is not a time zone"),
        ({"source": "999999"}, "There is no such source"),
        ({"source": "²"}, "Choose one from the list."),
        ({"person_kind": "nobody"}, "Invalid enum value"),
    ):
        answer = browser.post(one, WANTED | wrong)
        assert answer.status_code == 422, wrong
        assert told in answer.content.decode()
    assert form(browser.post(one, WANTED | {"zone": "Mars"}).content.decode(), "look")["zone"] == ["Mars"]
    assert Import.objects.get().state == "ready"


def test_one_is_stopped_goes_on_and_is_dropped(browser, one):
    browser.post(one, WANTED)
    assert browser.post(one, {"what": "drop"}).status_code == 409
    browser.post(one, {"what": "stop"})
    assert "What landed stays." in browser.get(one).content.decode()
    browser.post(one, {"what": "start"})
    actions.run_waiting()
    assert browser.post(one, {"what": "stop"}).status_code == 409
    assert browser.post(one, {"what": "drop"})["Location"] == f"{PAGE}?done=drop"
    assert browser.get(one).status_code == 404


def test_events_of_segments_clients_ask_for_no_columns(browser):
    line = b'{"type":"track","event":"Tried","userId":"u-1","messageId":"m","timestamp":"2026-03-01T10:00:00Z"}\n'
    answer = browser.post(PAGE, {"what": "upload", "file": SimpleUploadedFile("events.jsonl", line * 2)})
    page = answer["Location"]
    html = browser.get(page).content.decode()
    assert "Of the first 2 rows 2 can be taken." in html
    assert "column.0" not in html
    browser.post(page, {"what": "start", "form": "events", "source": ""})
    actions.run_waiting()
    found = Import.objects.get()
    assert (found.added, found.repeated) == (1, 1)


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [("a.xlsx", b"PK\x03\x04", "Archives and workbooks"), ("a.csv", b"", "empty"), ("a.csv", b"a,b\n", "no row")],
)
def test_what_cannot_be_read_is_said_at_the_field(browser, name, content, told):
    answer = browser.post(PAGE, {"what": "upload", "file": SimpleUploadedFile(name, content)})
    assert answer.status_code == 422
    html = answer.content.decode()
    assert told in html
    assert 'id="f-file-error"' in html
    assert browser.post(PAGE, {"what": "upload"}).status_code == 422
    assert not Import.objects.exists()


def test_a_long_list_is_paged(browser, boss):
    made = [actions.upload([ROWS], name=f"{n}.csv", actor=boss).pk for n in range(31)]
    html = browser.get(PAGE).content.decode()
    assert f"before={made[1]}" in html
    older = browser.get(f"{PAGE}?before={made[1]}").content.decode()
    assert "0.csv" in older
    assert "1.csv" not in older.replace("0.csv", "")


CUSTOMERS = b"email,plan,ltv,note\nada@example.com,gold,120.5,<b>vip</b>\nnobody@example.com,free,much,\n"


def test_columns_of_a_warehouse_become_attributes(browser):
    person = customers.find_or_create([Given("email", "ada@example.com")], actor=SYSTEM).person.pk
    customers.define_attribute("plan", "Plan", "text", actor=SYSTEM)
    file = SimpleUploadedFile("customers.csv", CUSTOMERS)
    page = browser.post(PAGE, {"what": "upload", "file": file})["Location"]
    html = browser.get(page).content.decode()
    sent = {name: values[-1] for name, values in form(html, "look").items() if values}
    # Guessed: rows of customers, by their addresses; a new text, for one of the values is no figure.
    assert (sent["form"], sent["person_kind"], sent["column.0"]) == ("profiles", "email", "person")
    assert [sent[f"column.{n}"] for n in (1, 2, 3)] == ["to.plan", "new.text", "new.text"]
    assert "names nobody known" in html
    assert "&lt;b&gt;vip" in html
    sent |= {
        "what": "look",
        "column.2": "new.number",
        "label.2": "Lifetime <value>",
        "column.3": "",
        "new_customers": "on",
    }
    html = browser.post(page, sent).content.decode()
    assert "is no number" in html
    assert 'value="Lifetime &lt;value&gt;"' in html
    assert browser.post(page, sent | {"what": "start", "column.1": "person"}).status_code == 422
    assert browser.post(page, sent | {"what": "start"})["Location"] == page
    actions.run_waiting()
    html = browser.get(page).content.decode()
    assert "Changed something" in html
    found = Import.objects.get()
    assert (found.added, found.repeated, found.refused, found.made) == (1, 0, 1, 0)
    profile = browser.get(f"/customers/{person}").content.decode()
    assert "Lifetime &lt;value&gt;" in profile
    assert "customers.csv" in profile
    assert "of customers" in browser.get(PAGE).content.decode()


def test_rows_taken_for_something_else_are_looked_at_before_they_start(browser, one):
    turned = {"drawn": "columns", "form": "profiles", "column.0": "person", "source": ""}
    assert browser.post(one, turned | {"what": "start"}).status_code == 422
    html = browser.post(one, turned | {"what": "look"}).content.decode()
    sent = form(html, "look")
    assert (sent["drawn"], sent["form"]) == (["profiles"], ["profiles"])
    assert sent["column.1"] == ["new.text"]
    html = browser.post(one, {"what": "look", "drawn": "profiles", "form": "columns"}).content.decode()
    assert form(html, "look")["form"] == ["columns"]
    assert Import.objects.get().state == "ready"
