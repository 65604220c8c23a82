"""A newcomer connects a mailbox on its screens, and somebody writes three times with it and is answered each time."""

from __future__ import annotations

from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import cast

import pytest
from playwright.sync_api import expect

from tests.channels.email.mailboxes import until
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

OTHER = "lamps@harbor.example"
FIRST = "<lamp-1@example.com>"


def mail(name: str, body: str, **fields: str) -> bytes:
    """Of Ada, as a plain program writes."""
    made = EmailMessage()
    head = {"From": "Ada Lovelace <ada@example.com>", "To": OTHER, "Message-ID": name, **fields}
    for field, value in head.items():
        made[field.replace("_", "-")] = value
    made.set_content(body)
    return bytes(made)


def gmail(name: str, answer: EmailMessage, words: str, chain: list[str]) -> bytes:
    return mail(
        name, f"{words}\r\n\r\nOn Mon, 2 Mar 2026 at 09:30, Lamps <{OTHER}> wrote:\r\n\r\n> Answer.\r\n",
        To=str(answer["Reply-To"] or answer["From"]), Subject=answer["Subject"], In_Reply_To=answer["Message-ID"],
        References=" ".join(chain),
    )  # fmt: skip


def outlook(name: str, answer: EmailMessage, words: str, chain: list[str]) -> bytes:
    """It writes to the mailbox itself, quotes with a line, and translates the sign of an answer."""
    quoted = f"From: Lamps <{OTHER}>\r\nSent: Monday, 2 March 2026 09:30\r\nTo: Ada\r\nSubject: {answer['Subject']}"
    return mail(
        name, f"{words}\r\n\r\n________________________________\r\n{quoted}\r\n\r\nAnswer.\r\n",
        Subject="AW: Lampe kaputt", In_Reply_To=answer["Message-ID"], References=" ".join(chain),
        Thread_Topic="Lampe kaputt", Thread_Index="AQHbsampleThreadIndex0000000AABBCCDD",
    )  # fmt: skip


def apple(name: str, answer: EmailMessage, words: str, chain: list[str]) -> bytes:
    return mail(
        name, f"{words}\r\n\r\n> On 2. Mar 2026, at 09:30, Lamps <{OTHER}> wrote:\r\n> \r\n> Answer.\r\n",
        To=str(answer["Reply-To"] or answer["From"]), Subject=answer["Subject"], In_Reply_To=answer["Message-ID"],
        References=" ".join(chain), X_Mailer="Apple Mail (2.3826.700.81)",
    )  # fmt: skip


def away(answer: EmailMessage) -> bytes:
    return mail(
        "<away@example.com>", "I am away until Monday.", Subject="Out of office: Re: Lampe kaputt",
        Auto_Submitted="auto-replied", In_Reply_To=answer["Message-ID"],
    )  # fmt: skip


def bounce(answer: EmailMessage) -> bytes:
    """RFC 3464, as a relay sends it."""
    parts = (
        ("text/plain", "Undelivered: see below."),
        (
            "message/delivery-status",
            "Reporting-MTA: dns; relay.example\r\n\r\nFinal-Recipient: rfc822; ada@example.com\r\n"
            "Action: failed\r\nStatus: 5.1.1\r\nDiagnostic-Code: smtp; 550 5.1.1 no such user\r\n",
        ),
        ("text/rfc822-headers", f"Message-ID: {answer['Message-ID']}\r\nFrom: {OTHER}\r\nTo: ada@example.com\r\n"),
    )
    head = (
        f"From: MAILER-DAEMON@relay.example\r\nTo: {OTHER}\r\nSubject: Undelivered Mail\r\n"
        "Message-ID: <dsn@relay.example>\r\nMIME-Version: 1.0\r\n"
        "Content-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n"
    )
    body = "".join(f"--b\r\nContent-Type: {kind}\r\n\r\n{words}\r\n" for kind, words in parts)
    return f"{head}{body}--b--\r\n".encode()


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


@pytest.fixture
def letters(window, firm, house):
    """A connected mailbox: the window of who looks after it, what arrives there, and what leaves it."""
    with dovecot() as imap, serving(desk := Delivering(imap)) as smtp_port:
        for box in (OTHER, "ada@example.com"):
            imap.mailbox(box)
        page = window(firm.owner)
        page.goto(f"{house.url}/settings/inboxes/new/email?name=Lamps")
        page.get_by_label("Address").fill(OTHER)
        page.keyboard.press("Enter")
        page.wait_for_url("**/connection")
        page.locator("details").evaluate_all("all => all.forEach(one => { one.open = true })")
        given = {"imap_host": "127.0.0.1", "imap_port": imap.port, "smtp_host": "127.0.0.1", "smtp_port": smtp_port}
        for name, value in given.items():
            page.locator(f"[name='field.{name}']").fill(str(value))
        for name in ("imap_security", "smtp_security"):
            page.locator(f"[name='field.{name}']").select_option("none")
        page.get_by_label("User").first.fill(OTHER)
        page.get_by_label("Password").first.fill(PASSWORD)
        page.get_by_role("button", name="Test and connect").click()
        expect(page.get_by_text("The mailbox is connected.")).to_be_visible(timeout=90_000)
        yield page, imap, desk


def answers(desk: Delivering) -> list[EmailMessage]:
    """What reached Ada's server, as her program reads it."""
    sent = [one for one in desk.taken if one.rcpt_tos == ["ada@example.com"]]
    return [cast(EmailMessage, message_from_bytes(cast(bytes, one.content), policy=policy.default)) for one in sent]


def test_three_mails_each_way_are_one_conversation_and_what_machines_send_does_no_harm(letters, house):
    page, imap, desk = letters
    imap.deliver(OTHER, mail(FIRST, "My lamp flickers.", Subject="Lampe kaputt"))
    page.goto(f"{house.url}/desk?view=all")
    page.locator("#rows").get_by_text("My lamp flickers.").click()
    asked = [FIRST]
    for turn, program in enumerate((gmail, outlook, apple)):
        page.fill("#reply-text", f"Answer {turn}.")
        page.press("#reply-text", "Control+Enter")
        until(lambda turn=turn: len(answers(desk)) == turn + 1)
        answer = answers(desk)[turn]
        # What keeps a thread together in every program: what was answered, the whole chain, and a subject that stays.
        assert answer["In-Reply-To"] == asked[-1]
        assert answer["References"].split() == asked
        assert answer["Subject"] == "Re: Lampe kaputt"
        if turn < 2:
            name = f"<turn-{turn}@example.com>"
            asked += [answer["Message-ID"], name]
            imap.deliver(OTHER, program(name, answer, f"Thanks {turn}!", asked[:-1]))
            page.locator("#messages .message.incoming").get_by_text(f"Thanks {turn}!", exact=True).wait_for()
    third = apple("<turn-2@example.com>", answer, "Thanks 2!", [*asked, answer["Message-ID"]])
    imap.deliver(OTHER, third)
    page.locator("#messages .message.incoming").get_by_text("Thanks 2!", exact=True).wait_for()
    expect(page.locator("#messages .message.incoming")).to_have_count(4)
    # The way each came is told where it stands.
    page.locator("#messages .message.incoming .letter-head summary").last.click()
    expect(page.locator("#messages .message.incoming").last.locator(".letter-steps")).to_contain_text(
        f"Answers the message {answer['Message-ID'][1:-1]}"
    )

    page.click("#resolve")
    page.locator("#reopen").wait_for()
    imap.deliver(OTHER, away(answer))
    page.locator("#messages").get_by_text("I am away until Monday.").wait_for()
    imap.deliver(OTHER, bounce(answer))
    page.locator("#messages .letter-failed").get_by_text("no such user").wait_for()
    expect(page.locator("#reopen")).to_be_visible()
    page.goto(f"{house.url}/desk?view=all")
    assert page.locator("#rows").get_by_text("away until Monday").count() == 0
    assert page.locator("#rows").get_by_text("Undelivered").count() == 0
