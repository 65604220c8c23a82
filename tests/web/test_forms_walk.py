"""Every form of every page, with fields that are missing or hold what nobody would write: no door breaks."""

from __future__ import annotations

import re
import sys
from urllib.parse import urlencode

import pytest

from careline.web.settings import pages
from tests.web.test_url_walk import PAGES, signed_in

pytestmark = pytest.mark.django_db

# Of a person's page and of a company's; those of a settings page are heard of by asking it.
FORMS = [
    "name", "identity", "forget", "note", "unnote", "block", "unblock", "split", "join", "leave", "rename", "delete",
    "company", "trait", "remove", "attributes", "consent", "place", "nonsense",
]  # fmt: skip
FIELDS = (
    "agent", "merge", "team", "role", "name", "email", "token", "invitation", "session", "permissions", "agents",
    "kind", "of", "parent",
    "company", "person", "trait", "value", "purpose", "label", "type", "choices", "about",
    "language", "zone", "currency", "country", "languages", "body", "note", "identity", "written", "theme", "calendar",
    "days", "number", "form", "source", "person_kind", "order", "event_name", "journey_noun", "column.0", "column.1",
)  # fmt: skip
SILLY_VALUES = (None, "", "²", "\0", "9" * 5000, "-1", "\ud800", "999999")


@pytest.fixture
def asked(monkeypatch):
    """The names of the forms which the settings page that was last written to has."""
    names: list[str] = []
    real = pages.attempt

    def attempt(request, acts, again, **rest):
        names[:] = acts
        return real(request, acts, again, **rest)

    for name, module in list(sys.modules.items()):
        if name.startswith("careline.web.") and getattr(module, "attempt", None) is real:
            monkeypatch.setattr(module, "attempt", attempt)
    return names


@pytest.mark.parametrize(
    "value",
    [pytest.param(v, id=ascii(v)[:9], marks=[] if v in (None, "\0") else pytest.mark.long) for v in SILLY_VALUES],
)
def test_no_form_breaks_when_its_fields_are_missing_or_silly(boss, ada, inbox, asked, value):
    from careline.accounts.actor import SYSTEM
    from careline.channels import actions as channels
    from careline.customers import actions as customers
    from careline.tracking import actions as tracking

    browser = signed_in(boss)
    filled = {} if value is None else dict.fromkeys(FIELDS, value)

    def sent(path: str, what: str) -> None:
        body = urlencode({"what": what, **filled}, errors="surrogatepass")
        answer = browser.generic("POST", path, body, content_type="application/x-www-form-urlencoded")
        assert answer.status_code < 500, (path, what)

    acme = customers.make_company("Acme", actor=SYSTEM).company
    mailbox = channels.create_inbox(actor=SYSTEM, kind="email", name="M", settings={"address": "help@shop.example"})
    for path in (f"/customers/{ada.pk}/change", f"/customers/companies/{acme.pk}/change"):
        for what in FORMS:
            sent(path, what)
    heard = set()
    brought = tracking.upload([b"user_id,event,timestamp\nu-1,Visited,2026-03-01T10:00Z\n"], name="v.csv", actor=boss)
    for path in [
        f"/settings/inboxes/{inbox.pk}",
        f"/settings/inboxes/{inbox.pk}/records",
        f"/settings/inboxes/{mailbox.pk}",
        f"/settings/inboxes/{mailbox.pk}/connection",
        "/settings/inboxes/new/email",
        f"/settings/imports/{brought.pk}",
        *(f"/{one}" for one in PAGES if re.fullmatch(r"settings/[^<]*", one)),
    ]:
        asked.clear()
        sent(path, "nonsense")
        for what in list(asked):
            heard.add((path, what))
            sent(path, what)
    assert {("/settings/own", "password"), ("/settings/teams", "delete")} < heard
