"""A mail in a real browser: its form is shown, nothing of it runs, and nobody hears that it is read."""

from __future__ import annotations

import json
import socket
import threading
import time
from email.message import EmailMessage

import pytest

from tests.house import PLAIN as CLIENT
from tests.web.desk.mailing import INVITATION, mail, picture
from tests.web.screens.test_access import PLAIN, look, options

pytestmark = pytest.mark.browser

OPEN = """
import json
from careline.channels import actions, queries
made = actions.create_inbox(actor=SYSTEM, kind="email", name="Help", settings={"address": "help@shop.example"})
print(json.dumps({"key": made.key, "secret": queries.endpoint(made.pk).secret}))
"""
ROWS = "<tr><td>A lamp</td><td align=right>29.00</td></tr>" * 6


class Listener:
    """A server of the sender's that counts who comes."""

    def __init__(self, server: socket.socket) -> None:
        self.server, self.came = server, 0
        self.port = int(server.getsockname()[1])
        threading.Thread(target=self.count, daemon=True).start()

    def count(self) -> None:
        while True:
            try:
                self.server.accept()[0].close()
            except OSError:
                return
            self.came += 1


@pytest.fixture(scope="module")
def listener():
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield Listener(server)


@pytest.fixture(scope="module")
def talk(firm, listener):
    """The number of a conversation by mail: a plain mail, one of much form and ill will, an invitation, a machine."""
    ran = firm.house.run("shell", "-c", OPEN)
    assert ran.returncode == 0, ran.stderr
    box = json.loads(ran.stdout.splitlines()[-1])

    def arrive(made: EmailMessage) -> None:
        answer = CLIENT.post(
            f"{firm.house.url}/channels/email/{box['key']}", content=bytes(made),
            headers={"Authorization": f"Bearer {box['secret']}", "Content-Type": "message/rfc822"},
        )  # fmt: skip
        assert answer.status_code < 300, answer.text

    first = mail("Where is my lamp?", Cc="Charles Babbage <charles@example.com>")
    away = f"http://127.0.0.1:{listener.port}"
    ill = picture(mail(
        "The order.",
        f"<h1>Your order</h1><table width=900>{ROWS}</table><img src='cid:kettle@example.com' width=40 height=24>"
        f"<img src='{away}/lamp.png' alt='A lamp' width=60 height=60><img src='{away}/spy.gif' width=1 height=1>"
        "<script>top.ran = 1; alert(1)</script><img src=x onerror='top.ran = 2'>"
        "<p style='position:fixed;inset:0'>Over</p><a id=out href='https://example.org/'>Out</a>"
        '<div class="gmail_quote"><div>On Monday, Help wrote:</div><blockquote>Old words</blockquote></div>',
        In_Reply_To=first["Message-ID"], Subject="Fwd: Order 7781",
    ))  # fmt: skip
    meeting = mail("Please come.", In_Reply_To=first["Message-ID"])
    meeting.add_attachment(INVITATION.encode(), maintype="text", subtype="calendar", filename="invite.ics")
    machine = mail("I am away.", Subject="Automatic reply: Lamp", Auto_Submitted="auto-replied",
                   In_Reply_To=first["Message-ID"])  # fmt: skip
    arrive(first)
    found = waited(lambda: [one for one in firm.owner.api("GET", "conversations")["items"] if one["subject"] == "Lamp"])
    for one in (ill, meeting, machine):
        arrive(one)
    number = found[0]["id"]
    waited(lambda: len(firm.owner.api("GET", f"conversations/{number}/messages")["items"]) >= 4)
    return number


def waited(find, patience=30):
    deadline = time.monotonic() + patience
    while not (found := find()):
        assert time.monotonic() < deadline
        time.sleep(0.1)
    return found


def test_a_mail_is_shown_in_its_form_and_nothing_of_it_runs(window, firm, talk, listener):
    page = window(firm.owner, **options(*PLAIN))
    asked: list[str] = []
    policies: dict[str, str] = {}
    page.on("request", lambda request: asked.append(request.url))
    page.on("response", lambda answer: policies.update({answer.url: answer.headers.get("content-security-policy", "")}))
    page.goto(f"{firm.house.url}/desk/{talk}")
    whole = page.locator(".whole[open] iframe.original")
    whole.wait_for()
    inside = whole.content_frame
    inside.get_by_role("heading", name="Your order").wait_for()
    # what came along is in its place, what lies elsewhere is not, and the words beside it are not said twice
    assert inside.locator("img[src^='/files/']").evaluate("one => one.decode().then(() => one.naturalWidth)") == 40
    assert inside.locator("img.unshown").count() == 1
    assert page.get_by_text("The order.", exact=True).is_hidden()
    assert not inside.get_by_text("Old words").is_visible()
    inside.get_by_text("Earlier in this exchange").click()
    assert inside.get_by_text("Old words").is_visible()
    assert page.evaluate("window.ran") is None
    assert inside.get_by_text("Over").evaluate("one => getComputedStyle(one).position") == "static"
    assert "allow-scripts" not in whole.get_attribute("sandbox")
    [policy] = [policy for url, policy in policies.items() if "/letters/" in url]
    assert policy.startswith("default-src 'none'")
    assert "script-src" not in policy
    # as tall as what it holds
    tall = inside.locator("body").evaluate("one => one.scrollHeight")
    assert abs(whole.bounding_box()["height"] - min(tall, 640)) < 8
    inside.get_by_role("link", name="Show pictures").click()
    inside.locator("img[src*='/pictures/0']").wait_for(state="attached")
    page.wait_for_timeout(500)
    # the browser asks us alone, and we go nowhere inside the house's own network
    assert [url for url in asked if not url.startswith((firm.house.url, "data:"))] == []
    assert any("/pictures/0" in url for url in asked)
    assert listener.came == 0
    # What looks into the frame for this test would run there too, and may not.
    page.trouble[:] = [said for said in page.trouble if "404" not in said and "Blocked script execution" not in said]


def test_a_mail_is_read_by_key_and_breaks_no_rule(window, firm, talk):
    for variant in (PLAIN, (390, "dark", "no-preference", "en")):
        page = window(firm.owner, **options(*variant))
        page.goto(f"{firm.house.url}/desk/{talk}")
        page.locator("iframe.original").first.wait_for(state="attached")
        head = page.locator(".letter-head summary").first
        head.focus()
        page.keyboard.press("Enter")
        assert page.get_by_text("How it got here").first.is_visible()
        shown = page.locator(".whole[open] > summary")
        shown.focus()
        page.keyboard.press("Enter")
        assert page.get_by_text("The order.", exact=True).is_visible()
        page.keyboard.press("Enter")
        assert page.locator(".invite").get_by_text("Fitting the lamp").is_visible()
        assert look(page, "desk-mail", *variant) == []


def test_people_are_put_in_copy_and_the_talk_is_followed_beside_the_thread(window, firm, talk):
    page = window(firm.owner, **options(*PLAIN))
    page.goto(f"{firm.house.url}/desk/{talk}")
    beside = page.locator("#pane #talk-people")
    beside.get_by_title("charles@example.com").wait_for()
    page.keyboard.press("w")
    beside.get_by_role("button", name="Unfollow").wait_for()
    page.get_by_text("You follow this now").wait_for()
    beside.get_by_text("Put somebody in copy").click()
    beside.get_by_label("Addresses, parted by commas").fill("Lin Osei <lin@example.com>, nobody")
    page.keyboard.press("Enter")
    beside.get_by_text("“nobody” does not look like an email address.").wait_for()
    page.trouble[:] = [said for said in page.trouble if "422" not in said]
    assert look(page, "desk-copies", *PLAIN) == []
    beside.get_by_label("Addresses, parted by commas").fill("Lin Osei <lin@example.com>")
    page.keyboard.press("Enter")
    beside.get_by_title("lin@example.com").wait_for()
    # what the next answer goes to follows at once, here and in every other window
    copied = page.locator("#reply-cc")
    waited(lambda: "lin@example.com" in copied.input_value())
    beside.get_by_role("button", name="Take Lin Osei out of copy").click()
    waited(lambda: "lin@example.com" not in copied.input_value())
    page.get_by_role("button", name="Undo").click()
    beside.get_by_role("button", name="Follow", exact=True).wait_for()
    narrow = window(firm.owner, **options(390, "dark", "no-preference", "en"))
    narrow.goto(f"{firm.house.url}/desk/{talk}/people")
    narrow.get_by_role("button", name="Follow", exact=True).click()
    narrow.get_by_role("button", name="Unfollow").wait_for()
    assert look(narrow, "desk-people-mail", 390, "dark") == []
