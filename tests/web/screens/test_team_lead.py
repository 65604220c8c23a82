"""A new team lead sets everything up on the screens, watches forty conversations being given out with their reasons,
sees a promise warned and escalated, and locks the team to passkeys."""

from __future__ import annotations

import re
import time

import pytest
from playwright.sync_api import expect

from tests.house import House, own_database
from tests.web.screens.test_passkeys import by_password, with_authenticator
from tests.web.screens.test_promising import keeps_hours, promises, rules, timer  # noqa: F401  # a fixture of theirs

pytestmark = [pytest.mark.browser, pytest.mark.long]
TALKS = 40
PATIENCE = 240.0


@pytest.fixture(scope="module")
def house(tmp_path_factory, server_url, worker_name, template):
    """Reached by a name: at a bare address browsers make no passkeys."""
    for database_url in own_database(server_url, f"{worker_name}_lead", template):
        house = House(tmp_path_factory.mktemp("lead"), database_url)
        house.url = f"http://localhost:{house.port}"
        house.env["CARELINE_BASE_URL"] = house.url
        try:
            yield house.up()
        finally:
            house.stop()


def makes_skills(lead, house) -> None:
    lead.goto(f"{house.url}/settings/skills")
    for name, language in (("Arabic", "ar"), ("Billing", "")):
        fresh = lead.locator("section", has=lead.get_by_role("heading", name="A new skill"))
        fresh.get_by_label("Name").fill(name)
        fresh.get_by_label("Language code").fill(language)
        fresh.get_by_role("button", name="Make the skill").click()
        lead.locator("details.small", has_text=name).wait_for()
    card = lead.locator("details.card", has_text="Bo Lindgren")
    card.locator("summary").click()
    card.get_by_label("Billing").select_option("4")
    card.get_by_role("button", name="Save").click()
    expect(lead.locator("details.card", has_text="Bo Lindgren").locator("summary")).to_contain_text("Billing 4")


def makes_queues(lead, house) -> None:
    """Bills to who knows them; everything else to everybody."""
    lead.goto(f"{house.url}/settings/queues/queue")
    lead.get_by_label("Name").fill("Bills")
    lead.get_by_role("button", name="Condition", exact=True).click()
    lead.get_by_label("What it is about").select_option("text")
    lead.get_by_role("textbox", name="Value", exact=True).fill("invoice")
    lead.get_by_label("At least, of Billing").select_option("2")
    lead.get_by_role("button", name="Keep the queue").click()
    lead.get_by_role("link", name="Bills").wait_for()
    lead.goto(f"{house.url}/settings/queues/queue")
    lead.get_by_label("Name").fill("Everything else")
    lead.get_by_role("button", name="Keep the queue").click()
    lead.get_by_role("link", name="Everything else").wait_for()


def works(agent) -> int:
    """Says they are ready, takes what is offered, answers and resolves it; how many that was."""
    agent.api("PUT", f"agents/{agent.id}/presence", {"status": "ready"})
    taken = 0
    for offer in agent.api("GET", "offers")["items"]:
        agent.api("PUT", f"offers/{offer['id']}/acceptance")
        talk = offer["conversation_id"]
        agent.api("POST", f"conversations/{talk}/messages", {"body": "It is on its way."})
        agent.api("PUT", f"conversations/{talk}/closure")
        taken += 1
    return taken


def all_given(bo, ana) -> None:
    taken, deadline = 0, time.monotonic() + PATIENCE
    while taken < TALKS and time.monotonic() < deadline:
        done = works(bo) + works(ana)
        taken += done
        if not done:
            time.sleep(0.2)
    assert taken == TALKS


def sees_a_promise_broken(firm, lead, house, chat, pass_time, agents) -> None:
    for agent in agents:
        agent.api("PUT", f"agents/{agent.id}/presence", {"status": "off"})
    late = firm.written(chat, "Is my samovar on its way?")["id"]
    lead.goto(f"{house.url}/desk/{late}")
    head, lines = lead.locator("#thread-head"), lead.locator("#messages")
    expect(lines).to_contain_text("Samovars go first")
    expect(head.locator(".promise")).to_contain_text(re.compile("mins? left"))
    pass_time("20 min")
    expect(lines).to_contain_text("First reply is nearly due, as promised by “Quick answers”")
    pass_time("20 min")
    expect(lines).to_contain_text("First reply is late: the promise “Quick answers” is broken")
    expect(lines).to_contain_text("The priority is raised to urgent")


def locks_to_passkeys(lead, house, window, bo) -> None:
    lead.goto(f"{house.url}/settings/ways")
    lead.fill("#f-passkey", "Rosa’s laptop")
    lead.get_by_role("button", name="Make a passkey").click()
    expect(lead.get_by_role("row", name=re.compile("Rosa’s laptop"))).to_be_visible()
    lead.goto(f"{house.url}/settings/roles")
    role = lead.locator("details", has_text=re.compile(r"^\s*agent\b"))
    role.locator("summary").click()
    for word in ("Password alone", "Password and code", "Company account"):
        role.get_by_label(word, exact=True).uncheck()
    role.get_by_role("button", name="Save where it ends").click()
    expect(lead.get_by_text("Saved.")).to_be_visible()
    agent = with_authenticator(window())
    by_password(agent, bo, house)
    expect(agent.get_by_role("heading", name="Make signing in safe")).to_be_visible()
    agent.get_by_role("button", name="Make a passkey").click()
    agent.wait_for_url("**/desk")


def test_the_first_day_of_a_team_lead(firm, window, house, timer):  # noqa: F811
    chat = firm.chat("Front desk", title="Harbor Goods")
    bo = firm.hire("Bo Lindgren", chats=(chat,))
    ana = firm.hire("Ana Reyes", chats=(chat,))
    past = firm.written(chat, "My samovar hums a tune.")["id"]
    firm.owner.api("PUT", f"conversations/{past}/closure")
    lead = with_authenticator(window(firm.owner))
    makes_skills(lead, house)
    makes_queues(lead, house)
    keeps_hours(lead, house, chat)
    promises(lead, house)
    rules(lead, house, past)

    lead.goto(f"{house.url}/board")
    expect(lead.get_by_role("heading", name="Harbor Goods, now")).to_be_visible()
    talks = [
        firm.written(chat, f"My invoice {n} is wrong." if n % 4 == 0 else f"Where is parcel {n}?")["id"]
        for n in range(TALKS)
    ]
    # The board says so by itself.
    bills = lead.locator(".wq", has_text="Bills").locator(".huge b")
    expect(bills).to_have_text(str(TALKS // 4), timeout=60_000)
    all_given(bo, ana)
    for n, talk in enumerate(talks):
        lines = firm.owner.api("GET", f"conversations/{talk}/messages")["items"]
        said = [one["event"] for one in lines if one["kind"] == "system" and one["event"]["verb"] == "assigned"]
        assert said, talk
        # Whoever does not know bills is never given one.
        if n % 4 == 0:
            assert said[0]["agent_name"] == "Bo Lindgren"
    expect(bills).to_have_text("0", timeout=60_000)

    sees_a_promise_broken(firm, lead, house, chat, timer, (bo, ana))
    lead.goto(f"{house.url}/desk/{talks[1]}")
    expect(lead.locator("#messages")).to_contain_text(re.compile("Everything else gave this to .*: waited"))

    locks_to_passkeys(lead, house, window, bo)
