"""A firm in a running house, made through its doors alone: the owner signs up, hires people and opens chats."""

from __future__ import annotations

import itertools
import re
from html import unescape
from typing import Any

import httpx

from tests.cast import PASSWORD
from tests.house import PLAIN, House

OWNER = "rosa@harbor.example"
_count = itertools.count(1)


class Staff:
    """Somebody who works here: a browser without scripts, and a token for programs."""

    def __init__(self, house: House, email: str) -> None:
        self.house, self.email = house, email
        self.browser = httpx.Client(base_url=house.url, timeout=60, verify=False, trust_env=False)
        self.id = 0
        self.token = ""

    @property
    def session(self) -> str:
        return str(self.browser.cookies["careline_session"])

    def sign_in(self) -> Staff:
        answer = self.send("/sign-in", at="/sign-in", email=self.email, password=PASSWORD)
        assert answer.status_code == 302, answer.text
        return self

    def send(self, path: str, *, at: str = "", method: str = "POST", **form: Any) -> httpx.Response:
        """A form as a page sends it, with what stands in the page against forgery."""
        if "careline_csrf" not in self.browser.cookies:
            self.browser.get(at or "/settings/own")
        key = self.browser.cookies.get("careline_csrf", "")
        return self.browser.request(method, path, data=form, headers={"X-CSRFToken": key})

    def must(self, path: str, **form: Any) -> httpx.Response:
        answer = self.send(path, **form)
        assert answer.status_code in (200, 201, 204, 302), f"{path}: {answer.status_code} {answer.text[:2000]}"
        return answer

    def api(self, method: str, path: str, body: Any = None, *, expect: int | None = None) -> Any:
        answer = PLAIN.request(
            method, f"{self.house.url}/api/v1/{path}", json=body, timeout=60,
            headers={"Authorization": f"Bearer {self.token}"},
        )  # fmt: skip
        wanted = {expect} if expect else {200, 201, 204}
        assert answer.status_code in wanted, f"{method} {path}: {answer.status_code} {answer.text[:500]}"
        return answer.json() if answer.content else None


class Chat:
    """An inbox visitors write to."""

    def __init__(self, number: int, key: str, secret: str) -> None:
        self.id, self.key, self.secret = number, key, secret


class Firm:
    def __init__(self, house: House) -> None:
        self.house = house
        self.owner = Staff(house, OWNER)
        first = self.owner.browser.get("/set-up")
        if first.status_code == 200:
            answer = self.owner.send(
                "/set-up", at="/set-up", name="Rosa Varga", email=OWNER, password=PASSWORD,
                organization_name="Harbor Goods", zone="UTC", currency="EUR", country="GB",
            )  # fmt: skip
            assert answer.status_code == 302, answer.text
        else:
            self.owner.sign_in()
        self.owner.id = int(re.search(r'data-me="(\d+)"', self.owner.browser.get("/desk").text)[1])
        self.owner.token = self.token_for(self.owner.id)

    def token_for(self, agent: int) -> str:
        answer = self.owner.must("/settings/tokens", what="create", agent=agent, name="of a test")
        return str(re.search(r"\bcl_[\w-]{43}", answer.text)[0])

    def chat(self, name: str = "Shop chat", **fields: str) -> Chat:
        """A new web chat of its own."""
        made = self.owner.must("/settings/inboxes", what="create", kind="webchat", name=name, language="en")
        number = int(made.headers["Location"].rpartition("/")[2])
        if fields:
            given = {f"field.{key}": value for key, value in fields.items()}
            self.owner.must(f"/settings/inboxes/{number}", what="settings", name=name, language="en", **given)
        page = self.owner.browser.get(f"/settings/inboxes/{number}").text
        key = re.search(r"/chat/([\w-]+)", page)[1]
        secret = unescape(re.search(r'id="secret"[^>]*>([^<]+)<', page)[1]).strip()
        return Chat(number, key, secret)

    def hire(self, name: str, *, role: str = "agent", chats: tuple[Chat, ...] = ()) -> Staff:
        """An invitation, accepted; then the inboxes they work in and a token."""
        email = f"{name.split()[0].lower()}{next(_count)}@harbor.example"
        page = self.owner.browser.get("/settings/agents").text
        invite = page[page.index('name="email"') :].partition('name="role"')[2].partition("</select>")[0]
        number = re.search(rf'<option value="(\d+)"[^>]*>{role}</option>', invite)[1]
        page = self.owner.must("/settings/agents", what="invite", email=email, name=name, role=number, team="")
        link = re.search(r"/invitations/[\w-]+", page.text)[0]
        staff = Staff(self.house, email)
        answer = staff.send(link, at=link, name=name, password=PASSWORD)
        assert answer.status_code == 302, answer.text
        staff.id = int(re.search(r'data-me="(\d+)"', staff.browser.get("/desk").text)[1])
        for chat in chats:
            self.join(chat, staff)
        staff.token = self.token_for(staff.id)
        return staff

    def join(self, chat: Chat, staff: Staff) -> None:
        self.owner.must(f"/settings/inboxes/{chat.id}", what="join", agent=staff.id)

    def leave(self, chat: Chat, staff: Staff) -> None:
        self.owner.must(f"/settings/inboxes/{chat.id}", what="leave", agent=staff.id)

    def written(self, chat: Chat, body: str, *, name: str = "Ada Moreau", **customer: str) -> dict[str, Any]:
        """A conversation begun by a customer, as a program tells of it."""
        who = {"name": name, "email": f"guest{next(_count)}@example.com"} | customer
        found: dict[str, Any] = self.owner.api(
            "POST", "conversations", {"inbox_id": str(chat.id), "customer": who, "subject": "", "body": body}
        )
        return found
