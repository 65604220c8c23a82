"""Hours and promises as somebody in charge sets them up, and what a stranger reads of them."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from careline.accounts.actor import SYSTEM
from careline.accounts.models import Organization, Team
from careline.channels import actions as channels
from careline.service.sla import terms
from careline.service.sla.models import Policy
from tests.web.settings.forms import form

HOURS, PROMISES, PROMISE = "/settings/hours", "/settings/promises", "/settings/promises/policy"
# A Sunday.
CLOSED = datetime(2026, 3, 1, 12, tzinfo=UTC)


@pytest.fixture
def browser(boss, browser_of):
    return browser_of(boss)


def test_hours_are_kept_and_wrong_ones_shown_again(browser):
    hours = {"what": "calendars", "calendar": ["Shop", ""], "0.mon": "09:00-12:00, 13:00-17:00", "0.holidays": ""}
    browser.post(HOURS, hours)
    assert Organization.objects.get().calendars["Shop"]["days"] == {"mon": [["09:00", "12:00"], ["13:00", "17:00"]]}
    wrong = hours | {"0.tue": "all day", "0.holidays": "2026-12-25"}
    answer = browser.post(HOURS, wrong)
    assert answer.status_code == 422
    html = answer.content.decode()
    assert "Write hours like 09:00-12:00" in html
    shown = form(html, "calendars")
    assert (shown["calendar"], shown["0.tue"], shown["0.holidays"]) == (["Shop", ""], ["all day"], ["2026-12-25"])
    assert "tue" not in Organization.objects.get().calendars["Shop"]["days"]


def test_a_calendar_has_its_zone_takes_holidays_from_a_file_and_keeps_its_places_under_a_new_name(browser, inbox):
    team = Team.objects.create(name="Returns")
    lines = ("BEGIN:VCALENDAR", "BEGIN:VEVENT", "UID:1", "DTSTART;VALUE=DATE:20260501", "END:VEVENT", "END:VCALENDAR")
    file = SimpleUploadedFile("days.ics", "\r\n".join(lines).encode())
    sent = {"what": "calendars", "calendar": ["Shop"], "0.mon": "9:00-17:00", "0.zone": "Asia/Jakarta", "0.file": file}
    with time_machine.travel(CLOSED, tick=False):
        assert browser.post(HOURS, sent | {"0.holidays": "2026-12-25"}).status_code == 302
    kept = Organization.objects.get().calendars["Shop"]
    assert kept == {
        "days": {"mon": [["09:00", "17:00"]]},
        "holidays": ["2026-05-01", "2026-12-25"],
        "zone": "Asia/Jakarta",
    }
    browser.post(HOURS, {"what": "places", f"inbox:{inbox.pk}": "Shop", f"team:{team.pk}": "", "house": ""})
    renamed = {"what": "calendars", "calendar": ["Store"], "0.was": "Shop", "0.mon": "09:00-17:00"}
    browser.post(HOURS, renamed)
    assert Organization.objects.get().hours_of == {f"inbox:{inbox.pk}": "Store"}
    broken = SimpleUploadedFile("days.ics", b"<html>")
    assert "This is not a calendar" in browser.post(HOURS, sent | {"0.file": broken}).content.decode()


def test_a_promise_is_written_refused_in_its_place_put_in_order_and_taken_away(browser, inbox):
    team = Team.objects.create(name="Returns")
    sent = {
        "what": "keep", "name": "Fast", "is_on": "on", "first": "2", "first.unit": "hours", "resolution": "3",
        "resolution.unit": "days", "clock": "open", "pauses": ["customer"], "warn": "percent", "warn_at": "75",
        "act": ["tell_leads", f"team:{team.pk}", ""], "minutes": ["15", "60", ""], "side": ["before", "after", "after"],
        "if.how": "all", "if.count": "1", "if.0.field": "inbox", "if.0.op": "is", "if.0.value": str(inbox.pk),
    }  # fmt: skip
    assert browser.post(PROMISE, sent).status_code == 302
    fast = Policy.objects.get()
    assert terms.of(fast.terms) == terms.Terms(
        first=120, resolution=4320, pauses=("customer",), warn_percent=75,
        steps=(terms.Step("tell_leads", -15), terms.Step("team", 60, team.pk)),
    )  # fmt: skip
    assert fast.conditions == {"all": [{"field": "inbox", "op": "is", "value": str(inbox.pk)}]}
    shown = form(browser.get(f"{PROMISE}?policy={fast.pk}").content.decode(), "keep", name="Fast")
    assert (shown["first"], shown["first.unit"], shown["minutes"][:2]) == (["2"], ["hours"], ["15", "60"])
    answer = browser.post(PROMISE, sent | {"name": "Faster", "first": "soon"})
    html = answer.content.decode()
    assert (answer.status_code, "Write a whole number." in html, 'value="soon"' in html) == (422, True, True)
    # Without a script a button changes the conditions and nothing else.
    drawn = browser.post(PROMISE, sent | {"name": "Faster", "do": "add:if"}).content.decode()
    assert 'name="if.1.field"' in drawn
    browser.post(PROMISE, sent | {"name": "Usual", "if.count": "0"})
    usual = Policy.objects.get(name="Usual")
    browser.post(PROMISES, {"what": "order", "policy": usual.pk})
    assert [one.name for one in Policy.objects.order_by("place")] == ["Usual", "Fast"]
    browser.post(f"{PROMISE}?policy={usual.pk}", {"what": "drop"})
    assert list(Policy.objects.values_list("name", flat=True)) == ["Fast"]


def test_whoever_writes_outside_the_hours_is_told_when_it_opens(organization, inbox):
    days = {"days": {"mon": [["09:00", "17:00"]]}, "holidays": [], "zone": "Europe/Berlin"}
    Organization.objects.update(calendars={"House": days})
    mailbox = channels.create_inbox(
        actor=SYSTEM, kind="email", name="Help", settings={"address": "help@shop.example", "form": "on"}
    )
    chat, contact = f"/chat/{inbox.key}", f"/contact/{mailbox.key}"
    told = "We are closed now and answer from Monday, 2 March, 09:00 (Europe/Berlin)."
    with time_machine.travel(CLOSED, tick=False):
        pages = [Client().get(address).content.decode() for address in (chat, contact)]
        assert [told in page for page in pages] == [True, True]
        inbox.settings = {"away": "Back on {opening}, friends."}
        inbox.save()
        assert "Back on Monday, 2 March, 09:00 (Europe/Berlin), friends." in Client().get(chat).content.decode()
    with time_machine.travel(datetime(2026, 3, 2, 12, tzinfo=UTC), tick=False):
        assert "We are closed" not in Client().get(contact).content.decode()
