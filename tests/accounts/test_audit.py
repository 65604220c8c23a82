"""The audit trail: nobody edits it, and it names nobody."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, connection, transaction

from careline.accounts import actions, audit, queries
from careline.accounts.actor import SYSTEM
from careline.accounts.models import AuditEntry
from careline.kit.refusals import NotAllowed


@pytest.fixture
def entry(db) -> AuditEntry:
    audit.record("team.created", "team:1", actor=SYSTEM, agent_ids=[1])
    return AuditEntry.objects.get()


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE accounts_auditentry SET verb = 'nothing'",
        "UPDATE accounts_auditentry SET verb = 'nothing' WHERE false",
        "DELETE FROM accounts_auditentry",
        "TRUNCATE accounts_auditentry",
        "TRUNCATE accounts_agent, accounts_auditentry CASCADE",
        "INSERT INTO accounts_auditentry SELECT * FROM accounts_auditentry ON CONFLICT (id) DO UPDATE SET verb = ''",
        "MERGE INTO accounts_auditentry a USING (SELECT 1) b ON true WHEN MATCHED THEN DELETE",
    ],
)
def test_no_statement_changes_it(entry, statement):
    with pytest.raises(IntegrityError, match="only ever added to"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert AuditEntry.objects.get() == entry
    assert AuditEntry.objects.get().verb == "team.created"


def test_no_model_changes_it(entry):
    entry.verb = "nothing"
    for edit in (entry.save, entry.delete, AuditEntry.objects.all().delete):
        with pytest.raises(IntegrityError), transaction.atomic():
            edit()
    assert AuditEntry.objects.get().verb == "team.created"


def test_it_is_read_by_pages_the_newest_first(boss, bo):
    for n in range(5):
        audit.record("team.renamed", f"team:{n % 2}", actor=bo)
    first, rest = queries.audit_trail(boss, limit=2)
    assert [line.subject for line in first] == ["team:0", "team:1"]
    assert {line.actor_name for line in first} == {"Bo Lindgren"}
    second, rest = queries.audit_trail(boss, limit=2, before=rest)
    third, end = queries.audit_trail(boss, limit=2, before=rest)
    assert [line.subject for line in second + third] == ["team:0", "team:1", "team:0"]
    assert end is None
    of_one, _ = queries.audit_trail(boss, wanted=queries.Wanted(subject="team:1"))
    assert [line.subject for line in of_one] == ["team:1"] * 2
    with pytest.raises(NotAllowed):
        queries.audit_trail(bo)


def test_it_says_which_token_acted(boss, bo):
    from careline.channels.access import actor_of_token

    _token, secret = actions.create_token(boss.agent_id, actor=boss, name="Nightly export")
    actions.create_team("Returns", actor=actor_of_token(secret))
    audit.record("team.renamed", "team:1", actor=SYSTEM)
    [by_system, by_token], _ = queries.audit_trail(boss, limit=2)
    assert (by_token.actor_kind, by_token.actor_name) == ("token", "Rosa Varga (Nightly export)")
    assert (by_system.actor_kind, by_system.actor_id, by_system.actor_name) == ("system", None, "")
