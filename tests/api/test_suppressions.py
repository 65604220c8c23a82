"""Addresses nothing is sent to, by the API."""

from __future__ import annotations

from uuid import UUID

from careline import contact
from careline.accounts.models import AuditEntry

MESSAGE = UUID("01890a5d-ac96-774b-bcce-b302099a8057")


def test_suppressions_are_listed_found_and_lifted(program, bo, hire, db):
    contact.suppress("lin@example.com", "complaint", words="abuse")
    contact.suppress("Gone@Example.com", "user_unknown", code="5.1.1", words="no such user", message_id=MESSAGE)
    knocking = program(bo)
    items = knocking.get("suppressions").json["items"]
    assert [one["address"] for one in items] == ["Gone@Example.com", "lin@example.com"]
    [found] = knocking.get("suppressions?address=gone@example.COM").json["items"]
    assert found == items[0]
    assert found["says"] == "Mail to this address came back: nobody there has this name."
    assert (found["reason"], found["code"], found["words"], found["message_id"], found["answers"]) == (
        "user_unknown", "5.1.1", "no such user", str(MESSAGE), False,
    )  # fmt: skip
    assert items[1]["answers"] is True
    assert knocking.get("suppressions?address=nobody@example.com").json == {"items": [], "next": None}
    analyst = program(hire("Ana Lyst", role="analyst").as_actor())
    assert analyst.delete(f"suppressions/{found['id']}").told[0] == 403
    assert knocking.delete(f"suppressions/{found['id']}").json == found
    assert knocking.delete(f"suppressions/{found['id']}").told[0] == 404
    assert knocking.get("suppressions").json["items"] == items[1:]
    verbs = AuditEntry.objects.filter(verb__startswith="suppression.").order_by("id").values_list("verb", flat=True)
    assert list(verbs) == ["suppression.made", "suppression.made", "suppression.lifted"]
