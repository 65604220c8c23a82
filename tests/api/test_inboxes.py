"""Inboxes by the API: made with their settings, changed, tried, looked at in the DNS; no password ever comes out."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from careline.channels import fields, looking
from careline.channels.adapter import Finding
from careline.channels.email.adapter import Email
from careline.channels.models import Inbox, Trial, Visit

MAILBOX = {"address": "help@shop.example", "imap_host": "imap.shop.example", "imap_password": "s3cret", "quote": True}


@pytest.fixture
def knocking(program, boss):
    return program(boss)


@pytest.fixture
def made(knocking):
    answer = knocking.post("inboxes", {"kind": "email", "name": "Help", "settings": MAILBOX})
    assert answer.status == 201, answer.json
    return answer.json


def test_a_mailbox_is_made_and_its_password_kept_to_itself(knocking, made):
    assert (made["settings"]["imap_host"], made["kept"], made["well"]) == (
        "imap.shop.example",
        ["imap_password"],
        False,
    )
    assert "s3cret" not in str(made) + str(knocking.get(f"inboxes/{made['id']}").json)
    row = Inbox.objects.get(pk=made["id"])
    assert fields.opened(bytes(row.credentials)) == {"imap_password": "s3cret"}


def test_what_is_not_given_stays(knocking, made):
    at = f"inboxes/{made['id']}"
    changed = knocking.patch(at, {"settings": {"smtp_host": "smtp.shop.example", "imap_password": ""}}).json
    assert (changed["settings"]["smtp_host"], changed["settings"]["imap_host"]) == (
        "smtp.shop.example", "imap.shop.example",
    )  # fmt: skip
    assert (changed["kept"], changed["settings"]["quote"]) == (["imap_password"], True)
    assert knocking.patch(at, {"archived": True, "name": "Old"}).json["archived"] is True
    assert knocking.patch(at, {"archived": False}).json["name"] == "Old"


@pytest.mark.parametrize(
    "wrong",
    [{"address": ""}, {"imap_port": "many"}, {"quote": []}, {"address": 7}, {"shoe": "42"}, {"smtp_host": "a b"}],
)
def test_settings_that_cannot_be_are_refused(knocking, made, wrong):
    answer = knocking.patch(f"inboxes/{made['id']}", {"settings": wrong})
    if wrong == {"quote": []}:  # anything but yes is no
        assert answer.json["settings"]["quote"] is False
    else:
        assert answer.told[0] == 422


def test_a_mailbox_is_tried(knocking, made):
    at = f"inboxes/{made['id']}/trial"
    assert knocking.get(at).told[0] == 404
    begun = knocking.put(at)
    assert (begun.status, begun.json["running"], begun.json["steps"]) == (202, True, [])
    step = {"name": "sending", "label": "Sending", "state": "good", "words": "Well.", "advice": "", "link": ""}
    Trial.objects.update(steps=[step], ended_at=datetime(2099, 1, 1, tzinfo=UTC))
    found = knocking.get(at).json
    assert (found["running"], found["good"], found["steps"]) == (False, True, [step])


def test_a_channel_without_a_connection_has_no_trial(knocking, inbox):
    assert knocking.put(f"inboxes/{inbox.pk}/trial").told[0] == 404
    assert knocking.post(f"inboxes/{inbox.pk}/keys").told[0] == 404


def test_the_dns_and_a_key(knocking, made, monkeypatch):
    looking._asked.clear()
    found = [Finding(record="spf", state="missing", words="None.", name="shop.example", publish="v=spf1 mx ~all")]
    monkeypatch.setattr(Email, "findings", lambda _self, _inbox: found)
    told: Any = knocking.get(f"inboxes/{made['id']}/dns").json
    assert told["ready"] is True
    assert told["records"] == [
        {
            "record": "spf", "state": "missing", "says": "None.", "found": None, "name": "shop.example",
            "value": "v=spf1 mx ~all",
        }
    ]  # fmt: skip
    keyed = knocking.post(f"inboxes/{made['id']}/keys")
    assert (keyed.status, keyed.json["kept"]) == (201, ["dkim_key", "imap_password"])
    assert keyed.json["settings"]["dkim_selector"].startswith("careline")
    assert "PRIVATE" not in str(keyed.json)


def test_the_last_looks(knocking, made):
    Visit.objects.create(inbox_id=made["id"], seen=3, new=1, skipped=[{"why": "known", "n": 2}])
    [look] = knocking.get(f"inboxes/{made['id']}/visits").json["items"]
    assert (look["seen"], look["new"], look["left"], look["error"]) == (3, 1, [{"why": "known", "count": 2}], None)


def test_whoever_may_not_manage_inboxes_sees_no_settings(program, bo, inbox, made):
    knocking = program(bo)
    for answer in (
        knocking.get(f"inboxes/{inbox.pk}"),
        knocking.patch(f"inboxes/{inbox.pk}", {"name": "x"}),
        knocking.get(f"inboxes/{inbox.pk}/dns"),
        knocking.get(f"inboxes/{inbox.pk}/visits"),
        knocking.post("inboxes", {"kind": "webchat", "name": "x"}),
    ):
        assert answer.told[0] == 403
    assert knocking.get(f"inboxes/{made['id']}").told[0] == 404


def test_what_could_not_be_read_is_told(knocking, made, program, bo):
    from careline.service.conversations.models import Conversation
    from tests.channels.email.arriving import arrive

    at = f"inboxes/{made['id']}/unreadable"
    assert knocking.get(at).json == {"items": []}
    arrive(int(made["id"]), b"no mail at all")
    [one] = knocking.get(at).json["items"]
    assert (one["why"], one["says"]) == ("no-head", "This does not begin like a mail: there are no headers.")
    assert (one["conversation_id"], one["told_at"]) == (str(Conversation.objects.get().pk), None)
    assert program(bo).get(at).told[0] in (403, 404)


def test_ones_own_signature_is_set_and_a_colleagues_is_not(program, bo, dee):
    at = f"agents/{bo.agent_id}/signature"
    assert program(bo).put(at, {"signature": "Kind regards\r\nBo"}).json == {"signature": "Kind regards\nBo"}
    assert program(dee).get(at).json == {"signature": "Kind regards\nBo"}
    assert program(dee).put(at, {"signature": "Me"}).told[0] == 403
    assert program(bo).put(at, {"signature": "x" * 2001}).told[0] == 422
