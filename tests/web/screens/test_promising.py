"""A lead sets up hours, a promise and a rule by hand, tries the rule on the past, and sees a chat go by them."""

from __future__ import annotations

import re
import subprocess
from datetime import UTC, datetime

import psycopg
import pytest
from playwright.sync_api import expect

from tests.house import PROGRAM

pytestmark = pytest.mark.browser
# Time that passes for promises: as if all of them had begun so much sooner.
SOONER = """UPDATE sla_promise SET since = since - %(by)s::interval,
  begun_at = begun_at - %(by)s::interval, next_at = next_at - %(by)s::interval
WHERE ended_at IS NULL RETURNING course_id"""
TIMER = """
import sys
from careline.service.sla import actions
print("ready", flush=True)
for _line in sys.stdin:
    print(actions.pass_due(), flush=True)
"""


@pytest.fixture
def timer(house):
    """`timer("20 min")` lets so much time pass and does what a worker does each minute."""
    process = subprocess.Popen(
        [PROGRAM, "shell", "-c", TIMER], env=house.env, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert process.stdin is not None
    assert process.stdout is not None

    def timer(span: str) -> None:
        with psycopg.connect(house.database_url, autocommit=True) as conn:
            assert conn.execute(SOONER, {"by": span}).fetchall()
        process.stdin.write("\n")
        process.stdin.flush()
        process.stdout.readline()

    assert process.stdout.readline() == "ready\n"
    yield timer
    process.stdin.close()
    process.wait(60)


@pytest.fixture
def afterwards(firm):
    """Others share the house: nothing that holds for all of it stays."""
    yield
    firm.owner.api("PUT", "hours", {"calendars": {}, "places": {}})
    for room in ("promises", "rules"):
        for one in firm.owner.api("GET", room)["items"]:
            if one["name"] in ("Quick answers", "Samovars go first"):
                firm.owner.api("DELETE", f"{room}/{one['id']}")


def keeps_hours(lead, house, chat) -> None:
    """Open but for a break that is hours away, and on a holiday."""
    now = datetime.now(UTC)
    lunch = "00:00-20:00, 20:30-24:00" if now.hour < 12 else "00:00-03:00, 03:30-24:00"
    lead.goto(f"{house.url}/settings/hours")
    lead.get_by_text("Another calendar").click()
    card = lead.locator("details", has=lead.locator('[name="0.mon"]'))
    card.get_by_label("Name").fill("Shop hours")
    for day in ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"):
        card.get_by_label(day).fill(lunch)
    card.get_by_label("Holidays, a date a line").fill(f"{now.year + 1}-12-25")
    lead.get_by_role("button", name="Save the calendars").click()
    expect(card.get_by_label("Holidays, a date a line")).to_have_value(f"{now.year + 1}-12-25")
    lead.locator(f'[name="inbox:{chat.id}"]').select_option("Shop hours")
    lead.get_by_role("button", name="Save who keeps which").click()
    expect(lead.locator("tr", has=lead.locator(f'[name="inbox:{chat.id}"]'))).to_contain_text("open now")


def promises(lead, house) -> None:
    lead.goto(f"{house.url}/settings/promises/policy")
    lead.get_by_label("Name").fill("Quick answers")
    lead.get_by_role("textbox", name="First reply").fill("30")
    lead.locator('[name="first.unit"]').select_option("minutes")
    lead.get_by_label("Warn at").fill("50")
    lead.get_by_label("What is done").first.select_option("priority:4")
    lead.get_by_role("button", name="Keep the promise").click()
    expect(lead.get_by_role("link", name="Quick answers")).to_be_visible()


def rules(lead, house, past: str) -> None:
    """Tried on what was said before it was written; then it is on."""
    lead.goto(f"{house.url}/settings/automation/rule")
    lead.get_by_label("Name", exact=True).fill("Samovars go first")
    lead.get_by_role("button", name="Condition", exact=True).click()
    lead.get_by_label("What it is about").select_option("text")
    lead.get_by_role("textbox", name="Value", exact=True).fill("samovar")
    lead.get_by_label("Tags").fill("samovar")
    lead.get_by_role("button", name="Try it on the last seven days").click()
    trial = lead.locator("#trial")
    expect(trial.locator(".rule-count b")).to_have_text("1")
    expect(trial.get_by_role("link")).to_have_attribute("href", f"/desk/{past}")
    lead.get_by_role("button", name="Keep the rule").last.click()
    lead.get_by_role("link", name="All rules").click()
    lead.get_by_role("button", name="Switch on Samovars go first").click()
    lead.get_by_role("button", name="Switch off Samovars go first").wait_for()


def test_a_lead_promises_an_answer_and_a_chat_shows_what_comes_of_it(firm, window, house, timer, afterwards):
    chat = firm.chat("Front desk", title="Harbor Goods")
    past = firm.written(chat, "My samovar hums a tune.")["id"]
    firm.written(chat, "Do you sell lids?")
    lead = window(firm.hire("Cy Marlow", role="lead", chats=(chat,)))
    keeps_hours(lead, house, chat)
    promises(lead, house)
    rules(lead, house, past)

    visitor = window()
    visitor.goto(f"{house.url}/chat/{chat.key}")
    visitor.get_by_text("We answer here.").wait_for()
    visitor.fill("#say-text", "Is my samovar on its way?")
    visitor.press("#say-text", "Enter")
    lead.goto(f"{house.url}/desk")
    row = lead.locator("#rows li", has_text="Is my samovar on its way?")
    expect(row.locator(".promise")).to_have_text(re.compile(r"First reply: \d+ mins? left"))
    row.get_by_role("link").first.click()
    lead.wait_for_url(re.compile(r"/desk/\d+$"))
    head, lines = lead.locator("#thread-head"), lead.locator("#messages")
    expect(head.locator(".promise")).to_contain_text(re.compile("mins? left"))
    expect(lines).to_contain_text("Samovars go first")
    expect(head.locator(".chip", has_text="samovar")).to_be_visible()

    timer("20 min")
    expect(lines).to_contain_text("First reply is nearly due, as promised by “Quick answers”")
    expect(head.locator(".promise.soon")).to_contain_text("left")
    expect(row.locator(".promise.soon")).to_be_visible()
    timer("20 min")
    expect(lines).to_contain_text("First reply is late: the promise “Quick answers” is broken")
    expect(lines).to_contain_text("The priority is raised to urgent")
    expect(head.locator(".promise.late")).to_contain_text("late")
    expect(row.locator(".promise.late")).to_be_visible()
    expect(head.locator(".chip.stop")).to_have_text("Urgent")
