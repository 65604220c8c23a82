"""Roles, sessions and the log by the API: what a program reads back is what it said."""

from __future__ import annotations

import pytest

from careline.accounts import sessions
from careline.accounts.models import Agent, AuditEntry

pytestmark = pytest.mark.django_db


def test_a_role_is_made_limited_and_removed(program, boss, inbox):
    owner = program(boss)
    made = owner.ask("POST", "roles", body={"name": "Night", "permissions": ["conversations.view"]}).json
    assert (made["people"], made["inbox_ids"], made["proofs"]) == (0, None, ["password", "code", "passkey", "company"])
    limits = {"inbox_ids": [str(inbox.pk)], "networks": ["192.0.2.0/24"], "proofs": ["passkey"]}
    limited = owner.ask("PUT", f"roles/{made['id']}/limits", body=limits).json
    assert {name: limited[name] for name in limits} == limits
    assert owner.ask("PUT", f"roles/{made['id']}/limits", body={"proofs": ["wink"]}).status == 422
    # All of it at once: what is left out is no limit.
    freed = owner.ask("PUT", f"roles/{made['id']}/limits", body={}).json
    assert (freed["inbox_ids"], freed["networks"], len(freed["proofs"])) == (None, [], 4)
    assert owner.ask("PATCH", f"roles/{made['id']}", body={"name": "Day"}).json["name"] == "Day"
    assert owner.ask("DELETE", f"roles/{made['id']}").json["name"] == "Day"
    names = [one["name"] for one in owner.get("roles").json["items"]]
    assert names == ["owner", "admin", "lead", "agent", "analyst"]


def test_somebody_is_signed_out_everywhere(program, boss, bo):
    sessions.open_session(Agent.objects.get(pk=bo.agent_id), proof="passkey", user_agent="Telephone")
    owner = program(boss)
    [one] = owner.get(f"agents/{bo.agent_id}/sessions").json["items"]
    assert (one["proof"], one["user_agent"]) == ("passkey", "Telephone")
    assert owner.ask("DELETE", f"agents/{bo.agent_id}/sessions").json == {"ended": 1}
    assert owner.get(f"agents/{bo.agent_id}/sessions").json["items"] == []


def test_the_log_is_paged_and_narrowed(program, boss):
    owner = program(boss)
    for name in ("One", "Two", "Three"):
        owner.ask("POST", "roles", body={"name": name})
    first = owner.get("audit?verb=role.&limit=2").json
    rest = owner.get(f"audit?verb=role.&limit=2&cursor={first['next']}").json
    assert [len(first["items"]), len(rest["items"]), rest["next"]] == [2, 1, None]
    assert {one["verb"] for one in first["items"] + rest["items"]} == {"role.created"}
    subject = rest["items"][0]["subject"]
    assert [one["subject"] for one in owner.get(f"audit?subject={subject}").json["items"]] == [subject]
    assert owner.get("audit?from=2199-01-01T00:00:00Z").json["items"] == []
    assert owner.get("audit?from=someday").status == 422
    assert AuditEntry.objects.filter(verb="role.created").count() == 3
