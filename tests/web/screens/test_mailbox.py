"""A newcomer connects a mailbox on its screens, by the keyboard alone, and the first mail is on the desk."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.channels.email.servers import serving
from tests.house import House, own_database
from tests.live.firm import Firm
from tests.mail.delivering import Delivering
from tests.mail.dovecot import PASSWORD, dovecot

ADDRESS = "help@harbor.example"
MAIL = (
    f"From: Lin Osei <lin@example.com>\r\nTo: {ADDRESS}\r\nSubject: The lid does not fit\r\n"
    "Message-ID: <lid-1@example.com>\r\n\r\nIt is for the small pan.\r\n"
)


@pytest.fixture(scope="module")
def house(tmp_path_factory, server_url, worker_name, template):
    """One that may speak to servers of this machine."""
    for database_url in own_database(server_url, f"{worker_name}_mail", template):
        house = House(tmp_path_factory.mktemp("mail"), database_url, CARELINE_ALLOW_PRIVATE_HTTP="1")
        try:
            yield house.up()
        finally:
            house.stop()


@pytest.fixture(scope="module")
def firm(house):
    return Firm(house)


def typed(page, label: str, words: str) -> None:
    """Tab on to the field of this label, and type; a closed group on the way is opened."""
    for _step in range(60):
        page.keyboard.press("Tab")
        at = page.evaluate(
            "() => { const at = document.activeElement; return [at.tagName, at.parentElement.open ?? true,"
            " at.labels ? at.labels[0]?.innerText : '', at.innerText] }"
        )
        if at[0] == "SUMMARY" and at[1] is False and "With Google" not in at[3]:
            page.keyboard.press("Enter")
        if (at[2] or "").startswith(label):
            if at[0] != "SELECT":
                page.keyboard.press("Control+A")
            page.keyboard.type(words)
            return
    raise AssertionError(f"no way leads to {label}")


def test_a_newcomer_connects_a_mailbox_by_keyboard(window, firm, house):
    with dovecot() as imap, serving(Delivering(imap)) as smtp_port:
        imap.mailbox(ADDRESS)
        page = window(firm.owner)
        page.goto(f"{house.url}/settings/inboxes")
        typed(page, "Channel", "Email")
        typed(page, "Name", "Help")
        page.keyboard.press("Enter")
        page.wait_for_url("**/settings/inboxes/new/email**")
        typed(page, "Address", ADDRESS)
        page.keyboard.press("Enter")
        page.wait_for_url("**/connection", timeout=30_000)
        typed(page, "User", ADDRESS)
        typed(page, "Password", "wrong")
        typed(page, "Server for receiving", "127.0.0.1")
        typed(page, "Port", str(imap.port))
        typed(page, "Encryption", "None")
        typed(page, "Server for sending", "127.0.0.1")
        typed(page, "Port", str(smtp_port))
        typed(page, "Encryption", "None")
        page.get_by_role("button", name="Test and connect").focus()
        page.keyboard.press("Enter")
        expect(page.get_by_text("did not accept the name and password of this mailbox").first).to_be_visible(
            timeout=60_000
        )
        expect(page.get_by_role("button", name="Try again")).to_be_visible(timeout=60_000)
        page.get_by_label("Password").first.focus()
        page.keyboard.type(PASSWORD)
        page.keyboard.press("Enter")
        expect(page.get_by_text("The mailbox is connected.")).to_be_visible(timeout=90_000)
        imap.deliver(ADDRESS, MAIL.encode())
        page.goto(f"{house.url}/desk?view=all")
        expect(page.get_by_text("It is for the small pan.").first).to_be_visible(timeout=60_000)
        assert page.get_by_text("Careline tries this mailbox").count() == 0
