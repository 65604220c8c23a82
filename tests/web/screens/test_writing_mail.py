"""A mail written by keyboard alone, from the fields of the composer to a real SMTP server."""

from __future__ import annotations

import json
import time

import pytest
from playwright.sync_api import expect

from tests.browser import PATIENCE
from tests.channels.email.arriving import written
from tests.channels.email.letters import parsed
from tests.channels.email.servers import PASSWORD, Desk, serving
from tests.house import PLAIN as CLIENT
from tests.house import House, own_database
from tests.live.firm import Firm
from tests.web.screens.test_access import PLAIN, VARIANTS, look, mirror, options

# It has a house of its own, which costs half a minute.
pytestmark = [pytest.mark.browser, pytest.mark.long]
__all__ = ["mirror"]

OPEN = """
import json
from careline.channels import actions, queries
given = {{
    "address": "help@shop.example", "sender": "Lamp Shop", "smtp_host": "127.0.0.1", "smtp_port": {port},
    "smtp_security": "none", "smtp_user": "help@shop.example", "smtp_password": "{password}",
    "signature": "Your Lamp Shop\\nHarbor 1, Old Town",
}}
made = actions.create_inbox(actor=SYSTEM, kind="email", name="Help", settings=given)
print(json.dumps({{"key": made.key, "secret": queries.endpoint(made.pk).secret}}))
"""


@pytest.fixture(scope="module")
def post():
    """The mail server of the shop."""
    desk = Desk()
    with serving(desk) as port:
        desk.port = port
        yield desk


@pytest.fixture(scope="module")
def house(tmp_path_factory, server_url, worker_name, template):
    """One that may send to this machine."""
    for database_url in own_database(server_url, f"{worker_name}_writing", template):
        house = House(tmp_path_factory.mktemp("writing"), database_url, CARELINE_ALLOW_PRIVATE_HTTP="1")
        try:
            yield house.up()
        finally:
            house.stop()


@pytest.fixture(scope="module")
def firm(house):
    return Firm(house)


@pytest.fixture(scope="module")
def talk(firm, post):
    ran = firm.house.run("shell", "-c", OPEN.format(port=post.port, password=PASSWORD))
    assert ran.returncode == 0, ran.stderr
    box = json.loads(ran.stdout.splitlines()[-1])
    first = written("Where is my lamp?\nIt was to come on Monday.", Cc="Charles Babbage <charles@example.com>")
    answer = CLIENT.post(
        f"{firm.house.url}/channels/email/{box['key']}", content=bytes(first),
        headers={"Authorization": f"Bearer {box['secret']}", "Content-Type": "message/rfc822"},
    )  # fmt: skip
    assert answer.status_code < 300, answer.text
    return waited(lambda: firm.owner.api("GET", "conversations")["items"])[0]["id"]


def waited(find, patience=60.0):
    deadline = time.monotonic() + patience
    while time.monotonic() < deadline:
        if found := find():
            return found
        time.sleep(0.1)
    raise AssertionError("it did not come")


@pytest.fixture
def page(chromium, firm, talk):
    context = chromium.new_context(**options(*PLAIN), timezone_id="UTC")
    context.set_default_timeout(PATIENCE)
    context.add_cookies([{"name": "careline_session", "value": firm.owner.session, "url": firm.house.url}])
    page = context.new_page()
    page.goto(f"{firm.house.url}/desk/{talk}")
    expect(page.locator("#reply[data-ready]")).to_be_attached()
    yield page
    context.close()


def test_a_mail_with_a_copy_is_written_by_keyboard_and_arrives(page, post):
    keys = page.keyboard
    keys.press("t")
    to, cc, subject = page.locator("#reply-to"), page.locator("#reply-cc"), page.locator("#reply-subject")
    expect(to).to_be_focused()
    expect(to).to_have_value("Ada Lovelace <ada@example.com>")
    expect(cc).to_have_value("Charles Babbage <charles@example.com>")
    expect(page.locator("#reply-bcc")).to_be_hidden()
    keys.press("Tab")  # Bcc
    keys.press("Enter")
    expect(page.locator("#reply-bcc")).to_be_focused()
    keys.type("boss@shop")
    keys.press("Enter")
    expect(subject).to_be_focused()
    expect(page.locator("#reply-bcc-error")).to_contain_text("“boss@shop” does not look like an email address.")
    expect(page.locator("#reply-bcc")).to_have_attribute("aria-invalid", "true")
    keys.press("Shift+Tab")
    keys.press("End")
    keys.type(".example")
    keys.press("Enter")
    expect(page.locator(".envelope-says .error")).to_have_count(0)
    expect(subject).to_have_value("Re: Lamp")
    keys.press("Enter")
    expect(page.locator("#reply-text")).to_be_focused()
    expect(page.locator(".envelope-signature")).to_contain_text("Your Lamp Shop")
    keys.type("It comes today.")
    page.reload()  # the draft keeps the recipients too
    expect(page.locator("#reply-bcc")).to_have_value("boss@shop.example")
    expect(page.locator("#reply-text")).to_have_value("It comes today.")
    keys.press("r")
    keys.press("Control+Enter")
    expect(page.locator(".message.reply")).to_have_count(1)
    expect(page.locator("#reply-bcc")).to_have_value("")
    waited(lambda: post.taken)
    sent = post.taken[-1]
    mail = parsed(sent.content)
    assert (mail["From"], mail["To"]) == ("Lamp Shop <help@shop.example>", "Ada Lovelace <ada@example.com>")
    assert (mail["Cc"], mail["Bcc"]) == ("Charles Babbage <charles@example.com>", None)
    assert mail["Subject"] == "Re: Lamp"
    assert sent.rcpt_tos == ["ada@example.com", "charles@example.com", "boss@shop.example"]
    words = mail.get_body(("plain",)).get_content()
    assert words.index("It comes today.") < words.index("Your Lamp Shop") < words.index("> Where is my lamp?")


def test_what_is_forwarded_goes_to_nobody_it_was_not_meant_for(page, post):
    page.keyboard.press("f")
    page.keyboard.type("Can you look?")
    to = page.locator("#reply-to")
    expect(to).to_have_value("")
    expect(page.locator("#reply-subject")).to_have_value("Fwd: Lamp")
    expect(page.locator("#reply-passed")).to_be_visible()
    page.keyboard.press("Control+Enter")
    expect(page.locator(".envelope-says")).to_contain_text("Say whom it goes to.")
    expect(to).to_be_focused()
    page.keyboard.type("Bo <bo@warehouse.example>")
    before = len(post.taken)
    page.keyboard.press("Control+Enter")
    expect(page.locator(".message.forward")).to_contain_text("forwarded to Bo")
    expect(page.locator("#reply-subject")).to_have_value("Re: Lamp")
    expect(to).to_have_value("Ada Lovelace <ada@example.com>")
    waited(lambda: len(post.taken) > before)
    assert post.taken[-1].rcpt_tos == ["bo@warehouse.example"]
    words = parsed(post.taken[-1].content).get_body(("plain",)).get_content()
    assert "---------- Forwarded message ----------" in words
    assert "Subject: " in words


def dressed(mirror, firm, talk, variant):
    page = mirror(firm.owner, variant)
    wrong = []
    for name, address in (("writing-mail", f"/desk/{talk}"), ("writing-first", "/customers/{}/write")):
        person = firm.owner.api("GET", f"conversations/{talk}")["customer"]["id"]
        page.goto(firm.house.url + address.format(person))
        if name == "writing-mail":
            page.locator("[data-reveals=bcc]").click()
            page.locator("#reply-to").fill("nobody, charles@example.com")
            page.locator("#reply-text").focus()
            expect(page.locator("#reply-to-error")).to_be_visible()
        wrong += [f"{name}: {one}" for one in look(page, name, *variant)]
        if name == "writing-mail":
            page.locator("#reply-to").fill("charles@example.com")
            page.locator("#reply-text").focus()
            expect(page.locator(".envelope-remark")).to_be_visible()
            page.evaluate("localStorage.clear()")
    return wrong


def test_the_composer_of_a_mail_breaks_no_rule(mirror, firm, talk):
    assert dressed(mirror, firm, talk, PLAIN) == []


@pytest.mark.long
@pytest.mark.parametrize("variant", VARIANTS, ids=lambda variant: "-".join(map(str, variant)))
def test_it_breaks_none_in_any_dress(mirror, firm, talk, variant):
    speaks = {"what": "profile", "name": "Rosa Varga", "zone": "UTC", "theme": "system", "density": "comfortable"}
    firm.owner.must("/settings/own", language=variant[3], **speaks)
    try:
        assert dressed(mirror, firm, talk, variant) == []
    finally:
        firm.owner.must("/settings/own", language="en", **speaks)
