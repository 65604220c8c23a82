"""A firm in a running house, looked at by a real browser."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator
from email import message_from_bytes
from typing import TYPE_CHECKING, Any

import psycopg
import pytest
from psycopg.types.json import Jsonb

from tests.browser import PATIENCE
from tests.house import PLAIN as CLIENT
from tests.house import House
from tests.live.firm import Chat, Firm, Staff
from tests.web.screens.surveying import surveyed

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page


@pytest.fixture(scope="module")
def firm(house: House) -> Firm:
    return Firm(house)


@pytest.fixture(scope="module")
def scene(firm):
    """What the screens show: an agent with nothing to do, a customer with a long line, an inbox."""
    chat = firm.chat("Shop chat", title="Harbor Goods", greeting="Hello! What can we do?")
    idle = firm.hire("Ida Free", chats=(firm.chat("Quiet chat"),))
    made = [firm.written(chat, f"Matter {n}: the lid does not fit the pan.", name=f"Guest {n}") for n in range(6)]
    opened = made[-1]["id"]
    path = f"conversations/{opened}"
    firm.owner.api("POST", f"{path}/messages", {"body": "Which pan is it?", "kind": "reply"})
    firm.owner.api("POST", f"{path}/messages", {"body": "Asked before, in May.", "kind": "note"})
    firm.owner.send(f"/desk/{opened}/tags", method="PUT", tags="lids, pans")
    firm.owner.send(f"/desk/{opened}/priority", method="PUT", priority="4")
    firm.owner.api("PUT", f"conversations/{made[0]['id']}/closure")
    firm.owner.must("/settings/teams", what="create", name=f"Team {chat.id}")
    invited = firm.owner.must(
        "/settings/agents", what="invite", email=f"new{chat.id}@harbor.example", name="New", role="1", team=""
    )
    for where, form in (("snooze", {"for": "week"}), ("place", {"place": "spam"}), ("place", {"place": "trash"})):
        aside = firm.written(chat, "Set aside.")["id"]
        firm.owner.must(f"/desk/{aside}/{where}", method="PUT", **form)
    assert idle.send("/forgotten", email=idle.email).status_code == 200
    source = firm.owner.must("/settings/sources", what="create", name="Shop site", side="client").headers["Location"]
    key = firm.owner.browser.get(source).text.split('id="write-key"')[1].split(">")[1].split("<")[0]
    for event in ({"userId": "u-7", "event": "Tried"}, {"event": "Nobody's"}, {"userId": "u-7", "event": "Rated"}):
        assert CLIENT.post(f"{firm.house.url}/v1/track", json=event, auth=(key, "")).status_code == 200
    for name in ("newsletter", "survey"):
        firm.owner.must("/settings/purposes", what="define", name=name, label=f"The {name}", about="Once a month.")
    nobody = firm.owner.must("/customers/new", name="Nobody Yet", email=f"nobody{chat.id}@example.com")
    twin = firm.owner.must("/customers/new", name="Nobody Yet", email=f"n{chat.id}@harbor.example")
    other = firm.owner.must("/customers/new", name="Nobody Yet", email=f"yet{chat.id}@harbor.example")
    numbers = [one.headers["Location"].rpartition("/")[2] for one in (twin, other)]
    firm.owner.must(f"/customers/{made[1]['customer']['id']}/merge", other=made[2]["customer"]["id"])
    firm_page = firm.owner.must("/customers/companies/new", name="Harbor Mills", external=f"mills-{chat.id}")
    acme = firm_page.headers["Location"]
    firm.owner.must(f"{acme}/change", what="trait", trait="plan", value="gold")
    part = grown(firm, opened, f"mills-{chat.id}")
    firm.owner.must(f"{acme}/change", what="join", person=made[-1]["customer"]["id"])
    rule = {
        "0.about": "all", "0.count": "2", "0.0.about": "service:open", "0.0.test": "at_least", "0.0.times": "1",
        "0.1.about": "any", "0.1.count": "2", "0.1.0.about": "trait:", "0.1.0.name": "plan", "0.1.0.test": "not_set",
        "0.1.1.about": "happened:order.placed", "0.1.1.test": "at_least", "0.1.1.times": "2", "0.1.1.days": "90",
    }  # fmt: skip
    among = firm.owner.must("/customers/segments/new", name=f"Open {chat.id}", **rule).headers["Location"]
    leave, nothing = (
        firm.owner.api("GET", f"customers/{one['customer']['id']}/opt-out?purpose=newsletter")["url"]
        for one in made[3:5]
    )
    assert CLIENT.post(nothing, data={"purpose": "any", "given": "no"}).status_code == 302
    return {
        "leave": leave.partition(firm.house.url)[2], "nothing": nothing.partition(firm.house.url)[2],
        "surveys": surveyed(firm, opened, made[-1]["customer"]["id"]),
        "import": f"/settings/imports/{brought(firm, EVENTS)}",
        "profiles": f"/settings/imports/{brought(firm, PROFILES)}",
        "among": among, "segment": f"/customers/segments/{among.rpartition('=')[2]}",
        "firm": acme, "part": part, "trait": figured(firm, chat),
        "merge": "/customers/{}/merge?other={}".format(*numbers), "joined": made[2]["customer"]["id"],
        "invitation": re.search(r"/invitations/[\w-]+", invited.text)[0], "reset": mailed(firm.house, "/resets/"),
        "chat": chat, "idle": idle, "opened": opened, "customer": made[-1]["customer"]["id"],
        "nobody": nobody.headers["Location"], "source": source, "mailbox": mailbox(firm), **formed(firm, chat),
    }  # fmt: skip


def formed(firm, chat):
    """A mailbox with its contact form switched on."""
    made = firm.owner.must("/settings/inboxes", what="create", kind="api", name=f"Mail {chat.id}", language="en")
    settings = {"address": f"help{chat.id}@harbor.example", "form": True, "form_words": "We answer within a day."}
    with psycopg.connect(firm.house.database_url, autocommit=True) as conn:
        # Without a mail server beside it nobody could connect one by hand.
        [key] = conn.execute(
            "UPDATE channels_inbox SET kind = 'email', settings = %s WHERE id = %s RETURNING key",
            [Jsonb(settings), made.headers["Location"].rpartition("/")[2]],
        ).fetchone()
    return {"form": f"/contact/{key}", "formbox": made.headers["Location"]}


def grown(firm, opened, above):
    """A company that is a part of another, and attributes of customers and of a conversation."""
    part = firm.owner.must("/customers/companies/new", name="Harbor Mills North").headers["Location"]
    firm.owner.must(f"{part}/change", what="place", parent=above)
    for name, of, type in (
        ("tier", "customer", "text"),
        ("seats", "customer", "number"),
        ("lid", "conversation", "text"),
    ):
        firm.owner.must(
            "/settings/attributes", what="define", name=name, of=of, label=f"The {name}", type=type, choices=""
        )
    firm.owner.must(f"/desk/{opened}/attributes", **{"attribute.lid": "Twenty centimeters, of glass"})
    return part


def mailbox(firm):
    """A mailbox nobody has signed in to, at a provider that everybody knows."""
    given = {"field.address": "harbor.goods.customer.service@gmail.com", "name": "Our mail", "language": "en"}
    return firm.owner.must("/settings/inboxes/new/email", what="begin", **given).headers["Location"].rpartition("/")[0]


def figured(firm, chat):
    """Where something stands that is worked out of customers."""
    formula = {
        "how": "sum", "kind": "order.placed", "fact": "total_minor", "currency": "EUR", "days": "90",
        "where.count": "1", "where.0.fact": "stage", "where.0.test": "is", "where.0.value": "buy",
    }  # fmt: skip
    firm.owner.must("/customers/traits/new", label="Spent lately", name=f"spent_{chat.id}", **formula)
    return re.findall(r"/customers/traits/\d+", firm.owner.browser.get("/customers/traits").text)[-1]


EVENTS = b"mail;what;when;order_id\nada@example.com;Order Completed;2026-03-01;7\n;Order Completed;someday;8\n"
PROFILES = (
    b"email,lifetime_value,renews_on\nada@example.com,12.5,2027-01-01\nguest 1@example.com,3,2027-02-01\n,4,soon\n"
)


def brought(firm, rows):
    """The number of a file that waits to be imported, under a long name."""
    return CLIENT.post(
        f"{firm.house.url}/api/v1/imports", files={"file": (f"{'a long name ' * 14}.csv", rows)},
        headers={"Authorization": f"Bearer {firm.owner.token}"},
    ).json()["id"]  # fmt: skip


def mailed(house, root):
    """The path of a link in one of the mails; a worker sends them."""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        for mail in (house.folder / "mail").glob("*.eml"):
            if found := re.search(rf"{root}[\w-]+", message_from_bytes(mail.read_bytes()).get_payload()):
                return found[0]
        time.sleep(0.1)
    raise AssertionError(f"nobody was mailed a link to {root}")


@pytest.fixture
def chat(firm: Firm) -> Chat:
    return firm.chat()


@pytest.fixture
def window(chromium: Browser, house: House) -> Iterator[Callable[..., Page]]:
    """`window(staff)` is a browser that is signed in, `window()` a stranger's; none may hear of trouble."""
    opened, trouble = [], []

    def window(staff: Staff | None = None, **options: Any) -> Page:
        options = {"viewport": {"width": 1280, "height": 800}, "locale": "en-GB", "timezone_id": "UTC"} | options
        context = chromium.new_context(**options)
        context.set_default_timeout(PATIENCE)
        opened.append(context)
        if staff is not None:
            context.add_cookies([{"name": "careline_session", "value": staff.session, "url": house.url}])
        page = context.new_page()
        page.on("console", lambda said: trouble.append(said.text) if said.type == "error" else None)
        page.on("pageerror", lambda error: trouble.append(str(error)))
        page.on("dialog", lambda dialog: (trouble.append(f"dialog: {dialog.message}"), dialog.dismiss()))
        page.trouble = trouble
        return page

    yield window
    for context in opened:
        context.close()
    assert trouble == [], house.complaints()
