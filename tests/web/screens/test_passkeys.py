"""Passkeys in a real browser with an authenticator of its own: a team is locked to them, and gets in all the same."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.house import House, own_database
from tests.live.firm import PASSWORD

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def house(tmp_path_factory, server_url, worker_name, template):
    """Reached by a name: at a bare address browsers make no passkeys."""
    for database_url in own_database(server_url, f"{worker_name}_keys", template):
        house = House(tmp_path_factory.mktemp("keys"), database_url)
        house.url = f"http://localhost:{house.port}"
        house.env["CARELINE_BASE_URL"] = house.url
        try:
            yield house.up()
        finally:
            house.stop()


def with_authenticator(page):
    """A device that keeps keys and knows its owner's finger."""
    line = page.context.new_cdp_session(page)
    line.send("WebAuthn.enable")
    line.send(
        "WebAuthn.addVirtualAuthenticator",
        {
            "options": {
                "protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True,
                "isUserVerified": True, "automaticPresenceSimulation": True,
            }
        },
    )  # fmt: skip
    return page


def by_password(page, staff, house):
    page.goto(f"{house.url}/sign-in")
    page.fill("#f-email", staff.email)
    page.fill("#f-password", PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()


def signed_out(page):
    page.context.clear_cookies()


def test_a_team_is_locked_to_passkeys(window, firm, house):
    chat = firm.chat()
    bo = firm.hire("Bo Lindgren", chats=(chat,))
    owner, agent = with_authenticator(window(firm.owner)), with_authenticator(window())
    owner.goto(f"{house.url}/settings/ways")
    owner.fill("#f-passkey", "Rosa’s laptop")
    owner.get_by_role("button", name="Make a passkey").click()
    expect(owner.get_by_role("row", name=re.compile("Rosa’s laptop"))).to_be_visible()
    # The role of agents accepts nothing else from now on; Bo's open session is out with it.
    owner.goto(f"{house.url}/settings/roles")
    role = owner.locator("details", has_text=re.compile(r"^\s*agent\b"))
    role.locator("summary").click()
    for word in ("Password alone", "Password and code", "Company account"):
        role.get_by_label(word, exact=True).uncheck()
    role.get_by_role("button", name="Save where it ends").click()
    expect(owner.get_by_text("Saved.")).to_be_visible()
    assert bo.browser.get("/desk").headers["Location"].startswith("/sign-in")

    by_password(agent, bo, house)
    expect(agent.get_by_role("heading", name="Make signing in safe")).to_be_visible()
    agent.goto(f"{house.url}/desk")
    expect(agent.get_by_role("heading", name="Sign in")).to_be_visible()
    by_password(agent, bo, house)
    agent.get_by_role("button", name="Make a passkey").click()
    agent.wait_for_url("**/desk")
    signed_out(agent)
    agent.goto(f"{house.url}/sign-in?next=/customers")
    agent.get_by_role("button", name="Passkey", exact=True).click()
    # The whole of it: the page to sign in on ends alike.
    agent.wait_for_url(f"{house.url}/customers")
    # With a key there, the password alone is the weaker way round it.
    signed_out(agent)
    agent.trouble.clear()
    by_password(agent, bo, house)
    expect(agent.get_by_text("Your role signs in by: a passkey.")).to_be_visible()
    agent.trouble.clear()


def test_a_device_without_a_key_says_so(window, house, firm):
    page = with_authenticator(window())
    page.goto(f"{house.url}/sign-in")
    page.get_by_role("button", name="Passkey", exact=True).click()
    expect(page.get_by_text("It did not work")).to_be_visible()
